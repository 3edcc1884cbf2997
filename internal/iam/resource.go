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

// described returns what describe tells of an entity, or the ARN that it would have.
func described[E entity](x *IAM, id arn.AccountID, of func(*account) *table[E], name string, describe func(E) Resource, otherwise arn.ARN) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if a := x.index.accounts[id]; a != nil {
		if e, ok := of(a).get(name); ok {
			return describe(e)
		}
	}
	return Resource{ARN: otherwise.String()}
}

// UserResource describes a user by name; path is assumed when there is none.
func (x *IAM) UserResource(id arn.AccountID, path, name string) Resource {
	return described(x, id, func(a *account) *table[*User] { return a.users }, name, func(u *User) Resource {
		return Resource{ARN: u.ARN(), Tags: u.Tags, Boundary: u.Boundary}
	}, arn.User(Partition, id, path, name))
}

// GroupResource describes a group by name; path is assumed when there is none.
func (x *IAM) GroupResource(id arn.AccountID, path, name string) Resource {
	return described(x, id, func(a *account) *table[*Group] { return a.groups }, name, func(g *Group) Resource {
		return Resource{ARN: g.ARN()}
	}, arn.Group(Partition, id, path, name))
}

// RoleResource describes a role by name; path is assumed when there is none.
func (x *IAM) RoleResource(id arn.AccountID, path, name string) Resource {
	return described(x, id, func(a *account) *table[*Role] { return a.roles }, name, func(r *Role) Resource {
		return Resource{ARN: r.ARN(), Tags: r.Tags, Boundary: r.Boundary}
	}, arn.Role(Partition, id, path, name))
}

// ProfileResource describes an instance profile by name; path is assumed when
// there is none.
func (x *IAM) ProfileResource(id arn.AccountID, path, name string) Resource {
	return described(x, id, func(a *account) *table[*InstanceProfile] { return a.profiles }, name, func(p *InstanceProfile) Resource {
		return Resource{ARN: p.ARN(), Tags: p.Tags}
	}, arn.InstanceProfile(Partition, id, path, name))
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
