package iam

import (
	"context"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// serviceLinkedPath is where AWS keeps the roles of its services; nobody else
// may make one there.
const serviceLinkedPath = "/aws-service-role/"

// CreateRole makes a role that trusts whom the document names.
func (x *IAM) CreateRole(ctx context.Context, caller *Caller, in *iamwire.CreateRoleRequest) (*iamwire.CreateRoleResponse, error) {
	if strings.HasPrefix(pathOr(in.Path), serviceLinkedPath) {
		return nil, apierr.InvalidInput.New("Path prefix '%s' can only be used for AWS Service linked Roles", serviceLinkedPath)
	}
	trust, err := newTrust(in.AssumeRolePolicyDocument)
	if err != nil {
		return nil, err
	}
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	var role *Role
	err = x.change(ctx, caller.Account(), func(c *change) error {
		role = &Role{
			Name: c.newName(roleIDPrefix, pathOr(in.Path), in.RoleName), Tags: tags,
			MaxSessionDuration: maxSessionSeconds(in.MaxSessionDuration),
		}
		if in.Description != nil {
			role.Description = *in.Description
		}
		return c.createRole(role, trust, in.PermissionsBoundary)
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.CreateRoleResponse{Role: x.wireRole(role)}, nil
}

// createRole adds a new role to the change, with what has to be looked up.
func (c *change) createRole(role *Role, trust *trust, boundary *string) (err error) {
	switch {
	case c.roles.taken(role.Name.Name, ""):
		return alreadyExists("Role", role.Name.Name)
	case c.roles.len() >= maxRoles:
		return limitExceeded("RolesPerAccount", maxRoles)
	}
	if role.Boundary, err = c.boundary(boundary); err != nil {
		return err
	}
	if role.Trust, err = trust.resolve(c); err != nil {
		return err
	}
	c.putRole(role)
	return nil
}

// GetRole describes a role; it alone tells when the role was last used.
func (x *IAM) GetRole(_ context.Context, caller *Caller, in *iamwire.GetRoleRequest) (*iamwire.GetRoleResponse, error) {
	role, err := x.role(caller.Account(), in.RoleName)
	if err != nil {
		return nil, err
	}
	out := x.wireRole(role)
	out.RoleLastUsed = &iamwire.RoleLastUsed{}
	if use, ok := x.roleUse(role.ID); ok {
		out.RoleLastUsed = &iamwire.RoleLastUsed{LastUsedDate: wire.Time(use.At), Region: wire.String(use.Region)}
	}
	return &iamwire.GetRoleResponse{Role: out}, nil
}

// ListRoles lists roles by name, below a path.
func (x *IAM) ListRoles(_ context.Context, caller *Caller, in *iamwire.ListRolesRequest) (*iamwire.ListRolesResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	all := x.index.account(caller.Account()).roles.list()
	roles, next, err := page(underPath(all, in.PathPrefix), nameOf[*Role], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.ListRolesResponse{Roles: []iamwire.Role{}, Marker: next, IsTruncated: next != nil}
	for _, r := range roles {
		brief := r.wire(x.showPrincipals(r.Trust.Text()))
		brief.Tags, brief.PermissionsBoundary = nil, nil // as in AWS's lists
		out.Roles = append(out.Roles, *brief)
	}
	return out, nil
}

// UpdateRole replaces the description of a role, if one is given, and the longest
// session, which goes back to the default if none is given: so says the API
// reference of UpdateRole.
func (x *IAM) UpdateRole(ctx context.Context, caller *Caller, in *iamwire.UpdateRoleRequest) (*iamwire.UpdateRoleResponse, error) {
	_, err := x.changeRole(ctx, caller, in.RoleName, func(_ *change, role *Role) error {
		if in.Description != nil {
			role.Description = *in.Description
		}
		role.MaxSessionDuration = maxSessionSeconds(in.MaxSessionDuration)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.UpdateRoleResponse{}, nil
}

// UpdateRoleDescription replaces the description of a role.
func (x *IAM) UpdateRoleDescription(ctx context.Context, caller *Caller, in *iamwire.UpdateRoleDescriptionRequest) (*iamwire.UpdateRoleDescriptionResponse, error) {
	role, err := x.changeRole(ctx, caller, in.RoleName, func(_ *change, role *Role) error {
		role.Description = in.Description
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.UpdateRoleDescriptionResponse{Role: x.wireRole(role)}, nil
}

// UpdateAssumeRolePolicy replaces the trust policy of a role.
func (x *IAM) UpdateAssumeRolePolicy(ctx context.Context, caller *Caller, in *iamwire.UpdateAssumeRolePolicyRequest) (*wire.Empty, error) {
	trust, err := newTrust(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	_, err = x.changeRole(ctx, caller, in.RoleName, func(c *change, role *Role) error {
		role.Trust, err = trust.resolve(c)
		return err
	})
	return nil, err
}

// DeleteRole deletes a role that has nothing left and hangs nowhere. Its
// sessions end with it.
func (x *IAM) DeleteRole(ctx context.Context, caller *Caller, in *iamwire.DeleteRoleRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		role, ok := c.roles.get(in.RoleName)
		if !ok {
			return noSuchRole(in.RoleName)
		}
		switch {
		case len(c.profilesOf(role.ID)) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must remove roles from instance profile first.")
		case len(role.Attached) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must detach all policies first.")
		case len(role.Inline) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must delete policies first.")
		}
		c.deleteRole(role)
		c.txn.Delete(roleUsePrefix + role.ID)
		return nil
	})
}

// TagRole adds tags to a role, or replaces their values.
func (x *IAM) TagRole(ctx context.Context, caller *Caller, in *iamwire.TagRoleRequest) (*wire.Empty, error) {
	_, err := x.changeRole(ctx, caller, in.RoleName, func(_ *change, role *Role) (err error) {
		role.Tags, err = withTags(role.Tags, in.Tags)
		return err
	})
	return nil, err
}

// UntagRole removes tags from a role; keys it does not have are passed over.
func (x *IAM) UntagRole(ctx context.Context, caller *Caller, in *iamwire.UntagRoleRequest) (*wire.Empty, error) {
	_, err := x.changeRole(ctx, caller, in.RoleName, func(_ *change, role *Role) error {
		role.Tags = withoutTags(role.Tags, in.TagKeys)
		return nil
	})
	return nil, err
}

// ListRoleTags lists the tags of a role by key.
func (x *IAM) ListRoleTags(_ context.Context, caller *Caller, in *iamwire.ListRoleTagsRequest) (*iamwire.ListRoleTagsResponse, error) {
	role, err := x.role(caller.Account(), in.RoleName)
	if err != nil {
		return nil, err
	}
	tags, next, err := tagPage(role.Tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListRoleTagsResponse{Tags: tags, Marker: next, IsTruncated: next != nil}, nil
}

// changeRole lets alter change a copy of a role, stores it and returns it.
// Slices and maps of the copy are still those of the record: alter replaces them.
func (x *IAM) changeRole(ctx context.Context, caller *Caller, name string, alter func(*change, *Role) error) (*Role, error) {
	var role Role
	err := x.change(ctx, caller.Account(), func(c *change) error {
		old, ok := c.roles.get(name)
		if !ok {
			return noSuchRole(name)
		}
		role = *old
		if err := alter(c, &role); err != nil {
			return err
		}
		c.putRole(&role)
		return nil
	})
	return &role, err
}

// role returns a role of an account by name, or NoSuchEntity.
func (x *IAM) role(account arn.AccountID, name string) (*Role, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	r, ok := x.index.account(account).roles.get(name)
	if !ok {
		return nil, noSuchRole(name)
	}
	return r, nil
}

// wireRole describes a role with its trust policy as it reads today.
func (x *IAM) wireRole(r *Role) *iamwire.Role {
	return r.wire(x.ShowPrincipals(r.Trust.Text()))
}

// wire describes a role; trust is its trust policy as clients see it.
func (r *Role) wire(trust string) *iamwire.Role {
	out := &iamwire.Role{
		Path: r.Path, RoleName: r.Name.Name, RoleId: r.ID, Arn: r.ARN(), CreateDate: r.Created,
		AssumeRolePolicyDocument: wire.String(wireDocument(trust)),
		MaxSessionDuration:       wire.Int32(int32(r.MaxSessionDuration)),
		PermissionsBoundary:      wireBoundary(r.Boundary), Tags: wireTags(r.Tags),
	}
	if r.Description != "" {
		out.Description = wire.String(r.Description)
	}
	return out
}

// maxSessionSeconds is a role's longest session as a request gives it.
func maxSessionSeconds(given *int32) int64 {
	if given == nil {
		return defaultSessionSeconds
	}
	return int64(*given)
}
