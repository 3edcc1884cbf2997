package api

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// instanceProfiles are the rows of instance profiles.
func instanceProfiles(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, name string) iam.Resource {
		return x.ProfileResource(r.Caller.Account(), "/", name)
	}
	return []gate.Row{
		changes(iamService, "CreateInstanceProfile", func(r *gate.Request, in *iamwire.CreateInstanceProfileRequest) ([]iam.Check, error) {
			made := iam.Resource{ARN: arn.InstanceProfile(iam.Partition, r.Caller.Account(), pathOr(in.Path), in.InstanceProfileName).String()}
			return withTagging(on(r, "iam:CreateInstanceProfile", made, requestTags(in.Tags)...), "iam:TagInstanceProfile", in.Tags), nil
		}, x.CreateInstanceProfile),
		reads(iamService, "GetInstanceProfile", func(r *gate.Request, in *iamwire.GetInstanceProfileRequest) ([]iam.Check, error) {
			return on(r, "iam:GetInstanceProfile", named(r, in.InstanceProfileName)), nil
		}, x.GetInstanceProfile),
		reads(iamService, "ListInstanceProfiles", func(r *gate.Request, in *iamwire.ListInstanceProfilesRequest) ([]iam.Check, error) {
			below := arn.InstanceProfile(iam.Partition, r.Caller.Account(), pathOr(in.PathPrefix), "")
			return on(r, "iam:ListInstanceProfiles", iam.Resource{ARN: below.String()}), nil
		}, x.ListInstanceProfiles),
		reads(iamService, "ListInstanceProfilesForRole", func(r *gate.Request, in *iamwire.ListInstanceProfilesForRoleRequest) ([]iam.Check, error) {
			return on(r, "iam:ListInstanceProfilesForRole", x.RoleResource(r.Caller.Account(), "/", in.RoleName)), nil
		}, x.ListInstanceProfilesForRole),
		deletes(iamService, "DeleteInstanceProfile", func(r *gate.Request, in *iamwire.DeleteInstanceProfileRequest) ([]iam.Check, error) {
			return on(r, "iam:DeleteInstanceProfile", named(r, in.InstanceProfileName)), nil
		}, x.DeleteInstanceProfile),

		changes(iamService, "AddRoleToInstanceProfile", func(r *gate.Request, in *iamwire.AddRoleToInstanceProfileRequest) ([]iam.Check, error) {
			profile := named(r, in.InstanceProfileName)
			role := x.RoleResource(r.Caller.Account(), "/", in.RoleName)
			return append(on(r, "iam:AddRoleToInstanceProfile", profile), passRole(r, role, "ec2.amazonaws.com", profile.ARN)...), nil
		}, x.AddRoleToInstanceProfile),
		deletes(iamService, "RemoveRoleFromInstanceProfile", func(r *gate.Request, in *iamwire.RemoveRoleFromInstanceProfileRequest) ([]iam.Check, error) {
			return on(r, "iam:RemoveRoleFromInstanceProfile", named(r, in.InstanceProfileName)), nil
		}, x.RemoveRoleFromInstanceProfile),

		changes(iamService, "TagInstanceProfile", func(r *gate.Request, in *iamwire.TagInstanceProfileRequest) ([]iam.Check, error) {
			return on(r, "iam:TagInstanceProfile", named(r, in.InstanceProfileName), requestTags(in.Tags)...), nil
		}, x.TagInstanceProfile),
		deletes(iamService, "UntagInstanceProfile", func(r *gate.Request, in *iamwire.UntagInstanceProfileRequest) ([]iam.Check, error) {
			return on(r, "iam:UntagInstanceProfile", named(r, in.InstanceProfileName), tagKeys(in.TagKeys)), nil
		}, x.UntagInstanceProfile),
		reads(iamService, "ListInstanceProfileTags", func(r *gate.Request, in *iamwire.ListInstanceProfileTagsRequest) ([]iam.Check, error) {
			return on(r, "iam:ListInstanceProfileTags", named(r, in.InstanceProfileName)), nil
		}, x.ListInstanceProfileTags),
	}
}

// passRole is the check that handing a role to a service needs, for the resource
// that will hold it. See "Grant a user permissions to pass a role to an AWS
// service" in the IAM User Guide.
func passRole(r *gate.Request, role iam.Resource, service, holder string) []iam.Check {
	return on(r, "iam:PassRole", role, oneKey("iam:PassedToService", service), oneKey("iam:AssociatedResourceArn", holder))
}
