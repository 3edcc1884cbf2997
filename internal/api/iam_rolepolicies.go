package api

import (
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// rolePolicies are the rows of what hangs on a role: inline policies, attached
// policies and the boundary.
func rolePolicies(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, name string) iam.Resource {
		return x.RoleResource(r.Caller.Account(), "/", name)
	}
	return []gate.Row{
		changes(iamService, "PutRolePolicy", func(r *gate.Request, in *iamwire.PutRolePolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.RoleName)
			return on(r, "iam:PutRolePolicy", entity, boundaryOf(entity)), nil
		}, x.PutRolePolicy),
		reads(iamService, "GetRolePolicy", func(r *gate.Request, in *iamwire.GetRolePolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:GetRolePolicy", named(r, in.RoleName)), nil
		}, x.GetRolePolicy),
		reads(iamService, "ListRolePolicies", func(r *gate.Request, in *iamwire.ListRolePoliciesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListRolePolicies", named(r, in.RoleName)), nil
		}, x.ListRolePolicies),
		deletes(iamService, "DeleteRolePolicy", func(r *gate.Request, in *iamwire.DeleteRolePolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.RoleName)
			return on(r, "iam:DeleteRolePolicy", entity, boundaryOf(entity)), nil
		}, x.DeleteRolePolicy),

		changes(iamService, "AttachRolePolicy", func(r *gate.Request, in *iamwire.AttachRolePolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.RoleName)
			return on(r, "iam:AttachRolePolicy", entity, oneKey("iam:PolicyARN", in.PolicyArn), boundaryOf(entity)), nil
		}, x.AttachRolePolicy),
		deletes(iamService, "DetachRolePolicy", func(r *gate.Request, in *iamwire.DetachRolePolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.RoleName)
			return on(r, "iam:DetachRolePolicy", entity, oneKey("iam:PolicyARN", in.PolicyArn), boundaryOf(entity)), nil
		}, x.DetachRolePolicy),
		reads(iamService, "ListAttachedRolePolicies", func(r *gate.Request, in *iamwire.ListAttachedRolePoliciesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListAttachedRolePolicies", named(r, in.RoleName)), nil
		}, x.ListAttachedRolePolicies),

		changes(iamService, "PutRolePermissionsBoundary", func(r *gate.Request, in *iamwire.PutRolePermissionsBoundaryRequest) ([]iam.Check, error) {
			return on(r, "iam:PutRolePermissionsBoundary", named(r, in.RoleName), oneKey("iam:PermissionsBoundary", in.PermissionsBoundary)), nil
		}, x.PutRolePermissionsBoundary),
		deletes(iamService, "DeleteRolePermissionsBoundary", func(r *gate.Request, in *iamwire.DeleteRolePermissionsBoundaryRequest) ([]iam.Check, error) {
			entity := named(r, in.RoleName)
			return on(r, "iam:DeleteRolePermissionsBoundary", entity, boundaryOf(entity)), nil
		}, x.DeleteRolePermissionsBoundary),
	}
}
