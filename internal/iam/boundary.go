package iam

import (
	"context"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// PutUserPermissionsBoundary limits a user by a managed policy, in place of the
// boundary that it had.
func (x *IAM) PutUserPermissionsBoundary(ctx context.Context, caller *Caller, in *iamwire.PutUserPermissionsBoundaryRequest) (*wire.Empty, error) {
	return nil, x.boundUser(ctx, caller, in.UserName, &in.PermissionsBoundary)
}

// DeleteUserPermissionsBoundary takes the boundary from a user; that there is
// none is no error.
func (x *IAM) DeleteUserPermissionsBoundary(ctx context.Context, caller *Caller, in *iamwire.DeleteUserPermissionsBoundaryRequest) (*wire.Empty, error) {
	return nil, x.boundUser(ctx, caller, in.UserName, nil)
}

// PutRolePermissionsBoundary limits a role by a managed policy, in place of the
// boundary that it had.
func (x *IAM) PutRolePermissionsBoundary(ctx context.Context, caller *Caller, in *iamwire.PutRolePermissionsBoundaryRequest) (*wire.Empty, error) {
	return nil, x.boundRole(ctx, caller, in.RoleName, &in.PermissionsBoundary)
}

// DeleteRolePermissionsBoundary takes the boundary from a role; that there is
// none is no error.
func (x *IAM) DeleteRolePermissionsBoundary(ctx context.Context, caller *Caller, in *iamwire.DeleteRolePermissionsBoundaryRequest) (*wire.Empty, error) {
	return nil, x.boundRole(ctx, caller, in.RoleName, nil)
}

func (x *IAM) boundUser(ctx context.Context, caller *Caller, name string, policyARN *string) error {
	return x.changeUser(ctx, caller, name, func(c *change, user *User) (err error) {
		user.Boundary, err = c.boundary(policyARN)
		return err
	})
}

func (x *IAM) boundRole(ctx context.Context, caller *Caller, name string, policyARN *string) error {
	_, err := x.changeRole(ctx, caller, name, func(c *change, role *Role) (err error) {
		role.Boundary, err = c.boundary(policyARN)
		return err
	})
	return err
}

// boundary checks the managed policy that a request names as a permissions
// boundary: it must be of the same account or AWS's. nil gives "".
func (c *change) boundary(policyARN *string) (string, error) {
	if policyARN == nil {
		return "", nil
	}
	_, err := c.attachable(*policyARN, func(policyARN string) error {
		return apierr.NoSuchEntity.New("Scope ARN: %s does not exist or is not attachable.", policyARN)
	})
	if err != nil {
		return "", err
	}
	return *policyARN, nil
}

func wireBoundary(policyARN string) *iamwire.AttachedPermissionsBoundary {
	if policyARN == "" {
		return nil
	}
	return &iamwire.AttachedPermissionsBoundary{
		PermissionsBoundaryType: wire.String("Policy"),
		PermissionsBoundaryArn:  wire.String(policyARN),
	}
}
