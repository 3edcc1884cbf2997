package api

import (
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// userPolicies are the rows of what hangs on a user: inline policies, attached
// policies and the boundary.
func userPolicies(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, name string) iam.Resource {
		return x.UserResource(r.Caller.Account(), "/", name)
	}
	return []gate.Row{
		changes(iamService, "PutUserPolicy", func(r *gate.Request, in *iamwire.PutUserPolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.UserName)
			return on(r, "iam:PutUserPolicy", entity, boundaryOf(entity)), nil
		}, x.PutUserPolicy),
		reads(iamService, "GetUserPolicy", func(r *gate.Request, in *iamwire.GetUserPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:GetUserPolicy", named(r, in.UserName)), nil
		}, x.GetUserPolicy),
		reads(iamService, "ListUserPolicies", func(r *gate.Request, in *iamwire.ListUserPoliciesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListUserPolicies", named(r, in.UserName)), nil
		}, x.ListUserPolicies),
		deletes(iamService, "DeleteUserPolicy", func(r *gate.Request, in *iamwire.DeleteUserPolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.UserName)
			return on(r, "iam:DeleteUserPolicy", entity, boundaryOf(entity)), nil
		}, x.DeleteUserPolicy),

		changes(iamService, "AttachUserPolicy", func(r *gate.Request, in *iamwire.AttachUserPolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.UserName)
			return on(r, "iam:AttachUserPolicy", entity, oneKey("iam:PolicyARN", in.PolicyArn), boundaryOf(entity)), nil
		}, x.AttachUserPolicy),
		deletes(iamService, "DetachUserPolicy", func(r *gate.Request, in *iamwire.DetachUserPolicyRequest) ([]iam.Check, error) {
			entity := named(r, in.UserName)
			return on(r, "iam:DetachUserPolicy", entity, oneKey("iam:PolicyARN", in.PolicyArn), boundaryOf(entity)), nil
		}, x.DetachUserPolicy),
		reads(iamService, "ListAttachedUserPolicies", func(r *gate.Request, in *iamwire.ListAttachedUserPoliciesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListAttachedUserPolicies", named(r, in.UserName)), nil
		}, x.ListAttachedUserPolicies),

		changes(iamService, "PutUserPermissionsBoundary", func(r *gate.Request, in *iamwire.PutUserPermissionsBoundaryRequest) ([]iam.Check, error) {
			return on(r, "iam:PutUserPermissionsBoundary", named(r, in.UserName), oneKey("iam:PermissionsBoundary", in.PermissionsBoundary)), nil
		}, x.PutUserPermissionsBoundary),
		deletes(iamService, "DeleteUserPermissionsBoundary", func(r *gate.Request, in *iamwire.DeleteUserPermissionsBoundaryRequest) ([]iam.Check, error) {
			entity := named(r, in.UserName)
			return on(r, "iam:DeleteUserPermissionsBoundary", entity, boundaryOf(entity)), nil
		}, x.DeleteUserPermissionsBoundary),
	}
}
