package iam

import (
	"context"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// CreateInstanceProfile makes an instance profile that holds no role yet.
func (x *IAM) CreateInstanceProfile(ctx context.Context, caller *Caller, in *iamwire.CreateInstanceProfileRequest) (*iamwire.CreateInstanceProfileResponse, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	var profile *InstanceProfile
	err = x.change(ctx, caller.Account(), func(c *change) error {
		profile = &InstanceProfile{Name: c.newName(profileIDPrefix, pathOr(in.Path), in.InstanceProfileName), Tags: tags}
		return c.createProfile(profile)
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.CreateInstanceProfileResponse{InstanceProfile: x.wireProfile(profile)}, nil
}

// createProfile adds a new instance profile to the change.
func (c *change) createProfile(profile *InstanceProfile) error {
	switch {
	case c.profiles.taken(profile.Name.Name, ""):
		return apierr.EntityAlreadyExists.New("Instance Profile %s already exists.", profile.Name.Name)
	case c.profiles.len() >= maxInstanceProfiles:
		return limitExceeded("InstanceProfilesPerAccount", maxInstanceProfiles)
	}
	c.putProfile(profile)
	return nil
}

// GetInstanceProfile describes an instance profile with its role.
func (x *IAM) GetInstanceProfile(_ context.Context, caller *Caller, in *iamwire.GetInstanceProfileRequest) (*iamwire.GetInstanceProfileResponse, error) {
	profile, err := x.profile(caller.Account(), in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	return &iamwire.GetInstanceProfileResponse{InstanceProfile: x.wireProfile(profile)}, nil
}

// ListInstanceProfiles lists instance profiles by name, below a path.
func (x *IAM) ListInstanceProfiles(_ context.Context, caller *Caller, in *iamwire.ListInstanceProfilesRequest) (*iamwire.ListInstanceProfilesResponse, error) {
	x.index.mu.RLock()
	all := x.index.account(caller.Account()).profiles.list()
	x.index.mu.RUnlock()
	profiles, next, err := page(underPath(all, in.PathPrefix), nameOf[*InstanceProfile], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListInstanceProfilesResponse{InstanceProfiles: x.wireProfiles(profiles), Marker: next, IsTruncated: next != nil}, nil
}

// ListInstanceProfilesForRole lists the instance profiles that hold a role.
func (x *IAM) ListInstanceProfilesForRole(_ context.Context, caller *Caller, in *iamwire.ListInstanceProfilesForRoleRequest) (*iamwire.ListInstanceProfilesForRoleResponse, error) {
	role, err := x.role(caller.Account(), in.RoleName)
	if err != nil {
		return nil, err
	}
	x.index.mu.RLock()
	all := x.index.account(caller.Account()).profilesOf(role.ID)
	x.index.mu.RUnlock()
	profiles, next, err := page(all, nameOf[*InstanceProfile], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListInstanceProfilesForRoleResponse{InstanceProfiles: x.wireProfiles(profiles), Marker: next, IsTruncated: next != nil}, nil
}

// DeleteInstanceProfile deletes an instance profile that holds no role.
func (x *IAM) DeleteInstanceProfile(ctx context.Context, caller *Caller, in *iamwire.DeleteInstanceProfileRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		profile, ok := c.profiles.get(in.InstanceProfileName)
		if !ok {
			return noSuchProfile(in.InstanceProfileName)
		}
		if profile.RoleID != "" {
			return apierr.DeleteConflict.New("Cannot delete entity, must remove roles from instance profile first.")
		}
		c.deleteProfile(profile)
		return nil
	})
}

// AddRoleToInstanceProfile puts a role into an instance profile that has none.
func (x *IAM) AddRoleToInstanceProfile(ctx context.Context, caller *Caller, in *iamwire.AddRoleToInstanceProfileRequest) (*wire.Empty, error) {
	return nil, x.changeProfile(ctx, caller, in.InstanceProfileName, func(c *change, profile *InstanceProfile) error {
		role, ok := c.roles.get(in.RoleName)
		if !ok {
			return noSuchRole(in.RoleName)
		}
		if profile.RoleID != "" {
			return limitExceeded("InstanceSessionsPerInstanceProfile", maxRolesOfProfile)
		}
		profile.RoleID = role.ID
		return nil
	})
}

// RemoveRoleFromInstanceProfile takes the role out of an instance profile.
func (x *IAM) RemoveRoleFromInstanceProfile(ctx context.Context, caller *Caller, in *iamwire.RemoveRoleFromInstanceProfileRequest) (*wire.Empty, error) {
	return nil, x.changeProfile(ctx, caller, in.InstanceProfileName, func(c *change, profile *InstanceProfile) error {
		role, ok := c.roles.get(in.RoleName)
		if !ok {
			return noSuchRole(in.RoleName)
		}
		if profile.RoleID != role.ID {
			return apierr.NoSuchEntity.New("The role with name %s cannot be found in Instance Profile %s.", in.RoleName, in.InstanceProfileName)
		}
		profile.RoleID = ""
		return nil
	})
}

// TagInstanceProfile adds tags to an instance profile, or replaces their values.
func (x *IAM) TagInstanceProfile(ctx context.Context, caller *Caller, in *iamwire.TagInstanceProfileRequest) (*wire.Empty, error) {
	return nil, x.changeProfile(ctx, caller, in.InstanceProfileName, func(_ *change, profile *InstanceProfile) (err error) {
		profile.Tags, err = withTags(profile.Tags, in.Tags)
		return err
	})
}

// UntagInstanceProfile removes tags; keys that are not there are passed over.
func (x *IAM) UntagInstanceProfile(ctx context.Context, caller *Caller, in *iamwire.UntagInstanceProfileRequest) (*wire.Empty, error) {
	return nil, x.changeProfile(ctx, caller, in.InstanceProfileName, func(_ *change, profile *InstanceProfile) error {
		profile.Tags = withoutTags(profile.Tags, in.TagKeys)
		return nil
	})
}

// ListInstanceProfileTags lists the tags of an instance profile by key.
func (x *IAM) ListInstanceProfileTags(_ context.Context, caller *Caller, in *iamwire.ListInstanceProfileTagsRequest) (*iamwire.ListInstanceProfileTagsResponse, error) {
	profile, err := x.profile(caller.Account(), in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	tags, next, err := tagPage(profile.Tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListInstanceProfileTagsResponse{Tags: tags, Marker: next, IsTruncated: next != nil}, nil
}

// changeProfile lets alter change a copy of an instance profile and stores it.
func (x *IAM) changeProfile(ctx context.Context, caller *Caller, name string, alter func(*change, *InstanceProfile) error) error {
	return x.change(ctx, caller.Account(), func(c *change) error {
		old, ok := c.profiles.get(name)
		if !ok {
			return noSuchProfile(name)
		}
		profile := *old
		if err := alter(c, &profile); err != nil {
			return err
		}
		c.putProfile(&profile)
		return nil
	})
}

// profile returns an instance profile of an account by name, or NoSuchEntity.
func (x *IAM) profile(account arn.AccountID, name string) (*InstanceProfile, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	p, ok := x.index.account(account).profiles.get(name)
	if !ok {
		return nil, noSuchProfile(name)
	}
	return p, nil
}

// profilesOf lists the instance profiles that hold a role, by name.
func (a *account) profilesOf(roleID string) []*InstanceProfile {
	var holding []*InstanceProfile
	for _, p := range a.profiles.list() {
		if p.RoleID == roleID {
			holding = append(holding, p)
		}
	}
	return holding
}

// wireProfiles describes instance profiles the way lists do, without tags.
func (x *IAM) wireProfiles(profiles []*InstanceProfile) []iamwire.InstanceProfile {
	out := []iamwire.InstanceProfile{}
	for _, p := range profiles {
		brief := x.wireProfile(p)
		brief.Tags = nil
		out = append(out, *brief)
	}
	return out
}

// wireProfile describes an instance profile. Its role is shown without what
// only the answers about roles carry.
func (x *IAM) wireProfile(p *InstanceProfile) *iamwire.InstanceProfile {
	out := &iamwire.InstanceProfile{
		Path: p.Path, InstanceProfileName: p.Name.Name, InstanceProfileId: p.ID, Arn: p.ARN(),
		CreateDate: p.Created, Roles: []iamwire.Role{}, Tags: wireTags(p.Tags),
	}
	if r, ok := x.RoleByID(p.RoleID); ok {
		full := x.wireRole(r)
		out.Roles = append(out.Roles, iamwire.Role{
			Path: full.Path, RoleName: full.RoleName, RoleId: full.RoleId, Arn: full.Arn,
			CreateDate: full.CreateDate, AssumeRolePolicyDocument: full.AssumeRolePolicyDocument,
		})
	}
	return out
}
