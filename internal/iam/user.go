package iam

import (
	"context"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/policy"
)

// CreateUser makes a user.
func (x *IAM) CreateUser(ctx context.Context, caller *Caller, in *iamwire.CreateUserRequest) (*iamwire.CreateUserResponse, error) {
	var user *User
	err := x.change(ctx, caller.Account(), func(c *change) error {
		tags, err := newTags(in.Tags)
		if err != nil {
			return err
		}
		user = &User{Name: c.newName(userIDPrefix, pathOr(in.Path), in.UserName), Tags: tags}
		switch {
		case c.users.taken(in.UserName, ""):
			return alreadyExists("User", in.UserName)
		case c.users.len() >= maxUsers:
			return limitExceeded("UsersPerAccount", maxUsers)
		}
		if user.Boundary, err = c.boundary(in.PermissionsBoundary); err != nil {
			return err
		}
		c.putUser(user)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.CreateUserResponse{User: user.wire()}, nil
}

// GetUser describes a user, or the caller if no name is given.
func (x *IAM) GetUser(_ context.Context, caller *Caller, in *iamwire.GetUserRequest) (*iamwire.GetUserResponse, error) {
	if in.UserName == nil && caller.Principal.Type == policy.Root {
		return x.getRoot(caller)
	}
	name, err := caller.userName(in.UserName)
	if err != nil {
		return nil, err
	}
	user, err := x.user(caller.Account(), name)
	if err != nil {
		return nil, err
	}
	return &iamwire.GetUserResponse{User: user.wire()}, nil
}

// getRoot describes the root user, which has no name and the account as its id.
func (x *IAM) getRoot(caller *Caller) (*iamwire.GetUserResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	return &iamwire.GetUserResponse{User: &iamwire.User{
		Path: "/", UserId: string(caller.Account()), Arn: caller.Principal.ARN,
		CreateDate: x.index.accounts[caller.Account()].record.Created,
	}}, nil
}

// ListUsers lists users by name, below a path.
func (x *IAM) ListUsers(_ context.Context, caller *Caller, in *iamwire.ListUsersRequest) (*iamwire.ListUsersResponse, error) {
	x.index.mu.RLock()
	all := x.index.account(caller.Account()).users.list()
	x.index.mu.RUnlock()
	users, next, err := page(underPath(all, in.PathPrefix), nameOf[*User], in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.ListUsersResponse{Users: []iamwire.User{}, Marker: next, IsTruncated: next != nil}
	for _, u := range users {
		out.Users = append(out.Users, *u.brief())
	}
	return out, nil
}

// UpdateUser renames or moves a user. Its unique id stays, and so does whatever
// trusts it.
func (x *IAM) UpdateUser(ctx context.Context, caller *Caller, in *iamwire.UpdateUserRequest) (*wire.Empty, error) {
	return nil, x.changeUser(ctx, caller, in.UserName, func(c *change, user *User) error {
		if in.NewUserName != nil {
			user.Name.Name = *in.NewUserName
		}
		if in.NewPath != nil {
			user.Path = *in.NewPath
		}
		if c.users.taken(user.Name.Name, user.ID) {
			return alreadyExists("User", user.Name.Name)
		}
		return nil
	})
}

// DeleteUser deletes a user that has nothing left.
func (x *IAM) DeleteUser(ctx context.Context, caller *Caller, in *iamwire.DeleteUserRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		user, ok := c.users.get(in.UserName)
		if !ok {
			return noSuchUser(in.UserName)
		}
		switch {
		case len(c.keysOf(user.ID)) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must delete access keys first.")
		case len(user.Attached) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must detach all policies first.")
		case len(user.Inline) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must delete policies first.")
		case len(user.Groups) > 0:
			return apierr.DeleteConflict.New("Cannot delete entity, must remove users from group first.")
		}
		c.deleteUser(user)
		return nil
	})
}

// TagUser adds tags to a user, or gives them other values.
func (x *IAM) TagUser(ctx context.Context, caller *Caller, in *iamwire.TagUserRequest) (*wire.Empty, error) {
	return nil, x.changeUser(ctx, caller, in.UserName, func(_ *change, user *User) (err error) {
		user.Tags, err = withTags(user.Tags, in.Tags)
		return err
	})
}

// UntagUser removes tags from a user; those it does not have are no error.
func (x *IAM) UntagUser(ctx context.Context, caller *Caller, in *iamwire.UntagUserRequest) (*wire.Empty, error) {
	return nil, x.changeUser(ctx, caller, in.UserName, func(_ *change, user *User) error {
		user.Tags = withoutTags(user.Tags, in.TagKeys)
		return nil
	})
}

// ListUserTags lists the tags of a user by key.
func (x *IAM) ListUserTags(_ context.Context, caller *Caller, in *iamwire.ListUserTagsRequest) (*iamwire.ListUserTagsResponse, error) {
	user, err := x.user(caller.Account(), in.UserName)
	if err != nil {
		return nil, err
	}
	tags, next, err := tagPage(user.Tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListUserTagsResponse{Tags: tags, Marker: next, IsTruncated: next != nil}, nil
}

// changeUser alters a copy of a user and stores it.
func (x *IAM) changeUser(ctx context.Context, caller *Caller, name string, alter func(*change, *User) error) error {
	return x.change(ctx, caller.Account(), func(c *change) error {
		old, ok := c.users.get(name)
		if !ok {
			return noSuchUser(name)
		}
		user := *old
		if err := alter(c, &user); err != nil {
			return err
		}
		c.putUser(&user)
		return nil
	})
}

// user returns a user of an account by name, or NoSuchEntity.
func (x *IAM) user(account arn.AccountID, name string) (*User, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	u, ok := x.index.account(account).users.get(name)
	if !ok {
		return nil, noSuchUser(name)
	}
	return u, nil
}

// userName is the name in a request, or the caller's own when it may be left
// out and is.
func (c *Caller) userName(given *string) (string, error) {
	if given != nil {
		return *given, nil
	}
	if c.Principal.Type != policy.User {
		return "", apierr.ValidationError.New("Must specify userName when calling with non-User credentials")
	}
	name, err := arn.Parse(c.Principal.ARN)
	return name.Name(), err
}

func (u *User) wire() *iamwire.User {
	return &iamwire.User{
		Path: u.Path, UserName: u.Name.Name, UserId: u.ID, Arn: u.ARN(), CreateDate: u.Created,
		PermissionsBoundary: wireBoundary(u.Boundary), Tags: wireTags(u.Tags),
	}
}

// brief is the user as AWS's lists show it: without tags and boundary.
func (u *User) brief() *iamwire.User {
	out := u.wire()
	out.Tags, out.PermissionsBoundary = nil, nil
	return out
}
