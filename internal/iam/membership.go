package iam

import (
	"context"
	"slices"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// AddUserToGroup makes a user a member of a group; one that is stays so.
func (x *IAM) AddUserToGroup(ctx context.Context, caller *Caller, in *iamwire.AddUserToGroupRequest) (*wire.Empty, error) {
	return nil, x.changeMember(ctx, caller, in.GroupName, in.UserName, func(group string, user *User) error {
		switch {
		case slices.Contains(user.Groups, group):
			return nil
		case len(user.Groups) >= maxGroupsOfUser:
			return limitExceeded("GroupsPerUser", maxGroupsOfUser)
		}
		user.Groups = append(slices.Clip(user.Groups), group)
		return nil
	})
}

// RemoveUserFromGroup ends a user's membership of a group; that it was no member
// is no error.
func (x *IAM) RemoveUserFromGroup(ctx context.Context, caller *Caller, in *iamwire.RemoveUserFromGroupRequest) (*wire.Empty, error) {
	return nil, x.changeMember(ctx, caller, in.GroupName, in.UserName, func(group string, user *User) error {
		user.Groups = slices.DeleteFunc(slices.Clone(user.Groups), func(id string) bool { return id == group })
		return nil
	})
}

// ListGroupsForUser lists the groups of a user by name.
func (x *IAM) ListGroupsForUser(_ context.Context, caller *Caller, in *iamwire.ListGroupsForUserRequest) (*iamwire.ListGroupsForUserResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.account(caller.Account())
	user, ok := a.users.get(in.UserName)
	if !ok {
		return nil, noSuchUser(in.UserName)
	}
	var all []*Group
	for _, g := range a.groups.list() {
		if slices.Contains(user.Groups, g.ID) {
			all = append(all, g)
		}
	}
	groups, next, err := page(all, nameOf[*Group], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListGroupsForUserResponse{Groups: wireGroups(groups), Marker: next, IsTruncated: next != nil}, nil
}

// changeMember alters a copy of a user, who is to join or leave the group of
// this unique id, and stores it. The list of groups must be replaced, not
// written into.
func (x *IAM) changeMember(ctx context.Context, caller *Caller, groupName, userName string, alter func(group string, user *User) error) error {
	return x.changeUser(ctx, caller, userName, func(c *change, user *User) error {
		group, ok := c.groups.get(groupName)
		if !ok {
			return noSuchGroup(groupName)
		}
		return alter(group.ID, user)
	})
}

// membersOf lists the users of a group, by name.
func (a *account) membersOf(groupID string) []*User {
	var members []*User
	for _, u := range a.users.list() {
		if slices.Contains(u.Groups, groupID) {
			members = append(members, u)
		}
	}
	return members
}
