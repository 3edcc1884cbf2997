package iam

import (
	"context"
	"slices"
	"strings"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// policyEntity is one entity that uses a policy.
type policyEntity struct {
	entityType string // Group, Role or User
	*Name
}

// key sorts groups before roles before users, each by name.
func (e policyEntity) key() string { return e.entityType + "/" + e.Name.Name }

// ListEntitiesForPolicy lists who a policy is attached to and whom it bounds:
// groups, roles and users in one sequence, which pages may cut anywhere.
func (x *IAM) ListEntitiesForPolicy(_ context.Context, caller *Caller, in *iamwire.ListEntitiesForPolicyRequest) (*iamwire.ListEntitiesForPolicyResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if _, err := x.visiblePolicy(caller.Account(), in.PolicyArn, notAttachable); err != nil {
		return nil, err
	}
	all := x.index.account(caller.Account()).entitiesOf(in)
	entities, next, err := page(all, policyEntity.key, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.ListEntitiesForPolicyResponse{
		PolicyGroups: []iamwire.PolicyGroup{}, PolicyUsers: []iamwire.PolicyUser{}, PolicyRoles: []iamwire.PolicyRole{},
		Marker: next, IsTruncated: next != nil,
	}
	for _, e := range entities {
		name, id := wire.String(e.Name.Name), wire.String(e.ID)
		switch e.entityType {
		case iamwire.EntityTypeGroup:
			out.PolicyGroups = append(out.PolicyGroups, iamwire.PolicyGroup{GroupName: name, GroupId: id})
		case iamwire.EntityTypeUser:
			out.PolicyUsers = append(out.PolicyUsers, iamwire.PolicyUser{UserName: name, UserId: id})
		case iamwire.EntityTypeRole:
			out.PolicyRoles = append(out.PolicyRoles, iamwire.PolicyRole{RoleName: name, RoleId: id})
		}
	}
	return out, nil
}

// entitiesOf lists the entities that use a policy and pass the request's
// filters, in the order of their keys.
func (a *account) entitiesOf(in *iamwire.ListEntitiesForPolicyRequest) []policyEntity {
	var all []policyEntity
	add := func(entityType string, name *Name, p *Permissions, boundary string) {
		usage := textOf(in.PolicyUsageFilter)
		switch {
		case in.EntityFilter != nil && *in.EntityFilter != entityType:
		case !strings.HasPrefix(name.Path, textOf(in.PathPrefix)):
		case usage != usedAsBoundary && slices.Contains(p.Attached, in.PolicyArn),
			usage != usedAsPolicy && boundary == in.PolicyArn:
			all = append(all, policyEntity{entityType, name})
		}
	}
	if a.usage[in.PolicyArn] == (policyUsage{}) {
		return nil
	}
	for _, g := range a.groups.list() {
		add(iamwire.EntityTypeGroup, &g.Name, &g.Permissions, "")
	}
	for _, r := range a.roles.list() {
		add(iamwire.EntityTypeRole, &r.Name, &r.Permissions, r.Boundary)
	}
	for _, u := range a.users.list() {
		add(iamwire.EntityTypeUser, &u.Name, &u.Permissions, u.Boundary)
	}
	return all
}
