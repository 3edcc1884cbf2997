package api

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// roles are the rows of roles, less their policies and boundaries.
func roles(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, name string) iam.Resource {
		return x.RoleResource(r.Caller.Account(), "/", name)
	}
	return []gate.Row{
		changes(iamService, "CreateRole", func(r *gate.Request, in *iamwire.CreateRoleRequest) ([]iam.Check, error) {
			made := iam.Resource{ARN: arn.Role(iam.Partition, r.Caller.Account(), pathOr(in.Path), in.RoleName).String()}
			keys := append(requestTags(in.Tags), optionalKey("iam:PermissionsBoundary", in.PermissionsBoundary))
			return withTagging(on(r, "iam:CreateRole", made, keys...), "iam:TagRole", in.Tags), nil
		}, x.CreateRole),
		reads(iamService, "GetRole", func(r *gate.Request, in *iamwire.GetRoleRequest) ([]iam.Check, error) {
			return on(r, "iam:GetRole", named(r, in.RoleName)), nil
		}, x.GetRole),
		reads(iamService, "ListRoles", func(r *gate.Request, in *iamwire.ListRolesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListRoles", iam.Resource{ARN: arn.Role(iam.Partition, r.Caller.Account(), pathOr(in.PathPrefix), "").String()}), nil
		}, x.ListRoles),
		changes(iamService, "UpdateRole", func(r *gate.Request, in *iamwire.UpdateRoleRequest) ([]iam.Check, error) {
			return on(r, "iam:UpdateRole", named(r, in.RoleName)), nil
		}, x.UpdateRole),
		changes(iamService, "UpdateRoleDescription", func(r *gate.Request, in *iamwire.UpdateRoleDescriptionRequest) ([]iam.Check, error) {
			return on(r, "iam:UpdateRoleDescription", named(r, in.RoleName)), nil
		}, x.UpdateRoleDescription),
		changes(iamService, "UpdateAssumeRolePolicy", func(r *gate.Request, in *iamwire.UpdateAssumeRolePolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:UpdateAssumeRolePolicy", named(r, in.RoleName)), nil
		}, x.UpdateAssumeRolePolicy),
		deletes(iamService, "DeleteRole", func(r *gate.Request, in *iamwire.DeleteRoleRequest) ([]iam.Check, error) {
			return on(r, "iam:DeleteRole", named(r, in.RoleName)), nil
		}, x.DeleteRole),

		changes(iamService, "TagRole", func(r *gate.Request, in *iamwire.TagRoleRequest) ([]iam.Check, error) {
			return on(r, "iam:TagRole", named(r, in.RoleName), requestTags(in.Tags)...), nil
		}, x.TagRole),
		deletes(iamService, "UntagRole", func(r *gate.Request, in *iamwire.UntagRoleRequest) ([]iam.Check, error) {
			return on(r, "iam:UntagRole", named(r, in.RoleName), tagKeys(in.TagKeys)), nil
		}, x.UntagRole),
		reads(iamService, "ListRoleTags", func(r *gate.Request, in *iamwire.ListRoleTagsRequest) ([]iam.Check, error) {
			return on(r, "iam:ListRoleTags", named(r, in.RoleName)), nil
		}, x.ListRoleTags),
	}
}
