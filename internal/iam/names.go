package iam

import "rolecall.dev/rolecall/arn"

// ARN returns the user's name.
func (u *User) ARN() string { return arn.User(Partition, u.Account, u.Path, u.Name.Name).String() }

// ARN returns the group's name.
func (g *Group) ARN() string { return arn.Group(Partition, g.Account, g.Path, g.Name.Name).String() }

// ARN returns the role's name.
func (r *Role) ARN() string { return arn.Role(Partition, r.Account, r.Path, r.Name.Name).String() }

// ARN returns the policy's name.
func (p *ManagedPolicy) ARN() string {
	return arn.Policy(Partition, p.Account, p.Path, p.Name.Name).String()
}

// ARN returns the instance profile's name.
func (p *InstanceProfile) ARN() string {
	return arn.InstanceProfile(Partition, p.Account, p.Path, p.Name.Name).String()
}

// version returns a version of the policy, or nil.
func (p *ManagedPolicy) version(id string) *PolicyVersion {
	for _, v := range p.Versions {
		if v.ID == id {
			return v
		}
	}
	return nil
}
