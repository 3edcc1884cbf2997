package iam

import "rolecall.dev/rolecall/arn"

// Resource is what a check has to know of an entity: its ARN, and what
// conditions can ask about it. An entity that does not exist has the ARN that
// it would have, so that a caller without permission learns nothing.
type Resource struct {
	ARN      string
	Tags     []Tag
	Boundary string
}

// UserResource describes a user by name; path is assumed when there is none.
func (x *IAM) UserResource(account arn.AccountID, path, name string) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if a := x.index.accounts[account]; a != nil {
		if u, ok := a.users.get(name); ok {
			return Resource{ARN: u.ARN(), Tags: u.Tags, Boundary: u.Boundary}
		}
	}
	return Resource{ARN: arn.User(Partition, account, path, name).String()}
}

// GroupResource describes a group by name; path is assumed when there is none.
func (x *IAM) GroupResource(account arn.AccountID, path, name string) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if a := x.index.accounts[account]; a != nil {
		if g, ok := a.groups.get(name); ok {
			return Resource{ARN: g.ARN()}
		}
	}
	return Resource{ARN: arn.Group(Partition, account, path, name).String()}
}

// RoleResource describes a role by name; path is assumed when there is none.
func (x *IAM) RoleResource(account arn.AccountID, path, name string) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if a := x.index.accounts[account]; a != nil {
		if r, ok := a.roles.get(name); ok {
			return Resource{ARN: r.ARN(), Tags: r.Tags, Boundary: r.Boundary}
		}
	}
	return Resource{ARN: arn.Role(Partition, account, path, name).String()}
}

// ProfileResource describes an instance profile by name; path is assumed when
// there is none.
func (x *IAM) ProfileResource(account arn.AccountID, path, name string) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if a := x.index.accounts[account]; a != nil {
		if p, ok := a.profiles.get(name); ok {
			return Resource{ARN: p.ARN(), Tags: p.Tags}
		}
	}
	return Resource{ARN: arn.InstanceProfile(Partition, account, path, name).String()}
}

// PolicyResource describes a managed policy by its ARN. Of a policy that the
// account cannot see it knows the ARN alone.
func (x *IAM) PolicyResource(account arn.AccountID, policyARN string) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	r := Resource{ARN: policyARN}
	if p, err := x.visiblePolicy(account, policyARN, notAttachable); err == nil {
		r.Tags = p.Tags
	}
	return r
}
