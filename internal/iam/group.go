package iam

import (
	"context"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// CreateGroup makes a group.
func (x *IAM) CreateGroup(ctx context.Context, caller *Caller, in *iamwire.CreateGroupRequest) (*iamwire.CreateGroupResponse, error) {
	var group *Group
	err := x.change(ctx, caller.Account(), func(c *change) error {
		switch {
		case c.groups.taken(in.GroupName, ""):
			return alreadyExists("Group", in.GroupName)
		case c.groups.len() >= maxGroups:
			return limitExceeded("GroupsPerAccount", maxGroups)
		}
		group = &Group{Name: c.newName(groupIDPrefix, pathOr(in.Path), in.GroupName)}
		c.putGroup(group)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.CreateGroupResponse{Group: group.wire()}, nil
}

// GetGroup describes a group and lists its members by name.
func (x *IAM) GetGroup(_ context.Context, caller *Caller, in *iamwire.GetGroupRequest) (*iamwire.GetGroupResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.account(caller.Account())
	group, ok := a.groups.get(in.GroupName)
	if !ok {
		return nil, noSuchGroup(in.GroupName)
	}
	users, next, err := page(a.membersOf(group.ID), nameOf[*User], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.GetGroupResponse{Group: group.wire(), Users: []iamwire.User{}, Marker: next, IsTruncated: next != nil}
	for _, u := range users {
		out.Users = append(out.Users, *u.brief())
	}
	return out, nil
}

// ListGroups lists groups by name, below a path.
func (x *IAM) ListGroups(_ context.Context, caller *Caller, in *iamwire.ListGroupsRequest) (*iamwire.ListGroupsResponse, error) {
	x.index.mu.RLock()
	all := x.index.account(caller.Account()).groups.list()
	x.index.mu.RUnlock()
	groups, next, err := page(underPath(all, in.PathPrefix), nameOf[*Group], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListGroupsResponse{Groups: wireGroups(groups), Marker: next, IsTruncated: next != nil}, nil
}

// UpdateGroup renames or moves a group; its members and policies stay.
func (x *IAM) UpdateGroup(ctx context.Context, caller *Caller, in *iamwire.UpdateGroupRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		old, ok := c.groups.get(in.GroupName)
		if !ok {
			return noSuchGroup(in.GroupName)
		}
		group := *old
		if in.NewGroupName != nil {
			group.Name.Name = *in.NewGroupName
		}
		if in.NewPath != nil {
			group.Path = *in.NewPath
		}
		if c.groups.taken(group.Name.Name, group.ID) {
			return alreadyExists("Group", group.Name.Name)
		}
		c.putGroup(&group)
		return nil
	})
}

// DeleteGroup deletes a group that has neither members nor policies.
func (x *IAM) DeleteGroup(ctx context.Context, caller *Caller, in *iamwire.DeleteGroupRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		group, ok := c.groups.get(in.GroupName)
		if !ok {
			return noSuchGroup(in.GroupName)
		}
		switch {
		case len(group.Attached) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must detach all policies first.")
		case len(group.Inline) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must delete policies first.")
		case len(c.membersOf(group.ID)) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must remove users from group first.")
		}
		c.deleteGroup(group)
		return nil
	})
}

func wireGroups(groups []*Group) []iamwire.Group {
	out := make([]iamwire.Group, len(groups))
	for i, g := range groups {
		out[i] = *g.wire()
	}
	return out
}

func (g *Group) wire() *iamwire.Group {
	return &iamwire.Group{Path: g.Path, GroupName: g.Name.Name, GroupId: g.ID, Arn: g.ARN(), CreateDate: g.Created}
}
