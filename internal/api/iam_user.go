package api

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/policy"
)

// users are the rows of users and their access keys.
func users(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, name string) iam.Resource {
		return x.UserResource(r.Caller.Account(), "/", name)
	}
	self := func(r *gate.Request, name *string) iam.Resource { return ownOrNamed(x, r, name) }
	return []gate.Row{
		changes(iamService, "CreateUser", func(r *gate.Request, in *iamwire.CreateUserRequest) ([]iam.Check, error) {
			made := iam.Resource{ARN: arn.User(iam.Partition, r.Caller.Account(), pathOr(in.Path), in.UserName).String()}
			keys := append(requestTags(in.Tags), optionalKey("iam:PermissionsBoundary", in.PermissionsBoundary))
			return withTagging(on(r, "iam:CreateUser", made, keys...), "iam:TagUser", in.Tags), nil
		}, x.CreateUser),
		reads(iamService, "GetUser", func(r *gate.Request, in *iamwire.GetUserRequest) ([]iam.Check, error) {
			return on(r, "iam:GetUser", self(r, in.UserName)), nil
		}, x.GetUser),
		reads(iamService, "ListUsers", func(r *gate.Request, in *iamwire.ListUsersRequest) ([]iam.Check, error) {
			return on(r, "iam:ListUsers", iam.Resource{ARN: arn.User(iam.Partition, r.Caller.Account(), pathOr(in.PathPrefix), "").String()}), nil
		}, x.ListUsers),
		changes(iamService, "UpdateUser", func(r *gate.Request, in *iamwire.UpdateUserRequest) ([]iam.Check, error) {
			entity := named(r, in.UserName)
			all := on(r, "iam:UpdateUser", entity)
			// A rename or move has to be allowed at the new place too ("UpdateUser"
			// in the IAM API reference).
			if renamed := renamedARN(entity.ARN, in.NewPath, in.NewUserName); renamed != entity.ARN {
				entity.ARN = renamed
				all = append(all, on(r, "iam:UpdateUser", entity)...)
			}
			return all, nil
		}, x.UpdateUser),
		deletes(iamService, "DeleteUser", func(r *gate.Request, in *iamwire.DeleteUserRequest) ([]iam.Check, error) {
			return on(r, "iam:DeleteUser", named(r, in.UserName)), nil
		}, x.DeleteUser),

		changes(iamService, "TagUser", func(r *gate.Request, in *iamwire.TagUserRequest) ([]iam.Check, error) {
			return on(r, "iam:TagUser", named(r, in.UserName), requestTags(in.Tags)...), nil
		}, x.TagUser),
		deletes(iamService, "UntagUser", func(r *gate.Request, in *iamwire.UntagUserRequest) ([]iam.Check, error) {
			return on(r, "iam:UntagUser", named(r, in.UserName), tagKeys(in.TagKeys)), nil
		}, x.UntagUser),
		reads(iamService, "ListUserTags", func(r *gate.Request, in *iamwire.ListUserTagsRequest) ([]iam.Check, error) {
			return on(r, "iam:ListUserTags", named(r, in.UserName)), nil
		}, x.ListUserTags),

		withElements(changes(iamService, "CreateAccessKey", func(r *gate.Request, in *iamwire.CreateAccessKeyRequest) ([]iam.Check, error) {
			return on(r, "iam:CreateAccessKey", self(r, in.UserName)), nil
		}, x.CreateAccessKey), accessKeyElements),
		reads(iamService, "ListAccessKeys", func(r *gate.Request, in *iamwire.ListAccessKeysRequest) ([]iam.Check, error) {
			return on(r, "iam:ListAccessKeys", self(r, in.UserName)), nil
		}, x.ListAccessKeys),
		changes(iamService, "UpdateAccessKey", func(r *gate.Request, in *iamwire.UpdateAccessKeyRequest) ([]iam.Check, error) {
			return on(r, "iam:UpdateAccessKey", self(r, in.UserName)), nil
		}, x.UpdateAccessKey),
		deletes(iamService, "DeleteAccessKey", func(r *gate.Request, in *iamwire.DeleteAccessKeyRequest) ([]iam.Check, error) {
			return on(r, "iam:DeleteAccessKey", self(r, in.UserName)), nil
		}, x.DeleteAccessKey),
		reads(iamService, "GetAccessKeyLastUsed", func(r *gate.Request, in *iamwire.GetAccessKeyLastUsedRequest) ([]iam.Check, error) {
			return on(r, "iam:GetAccessKeyLastUsed", x.OwnerOfKey(r.Caller.Account(), in.AccessKeyId)), nil
		}, x.GetAccessKeyLastUsed),
	}
}

// ownOrNamed is the user that a request names, or the caller.
func ownOrNamed(x *iam.IAM, r *gate.Request, name *string) iam.Resource {
	switch {
	case name != nil:
		return x.UserResource(r.Caller.Account(), "/", *name)
	case r.Caller.User != nil:
		return x.UserResource(r.Caller.Account(), r.Caller.User.Path, r.Caller.User.Name.Name)
	case r.Caller.Principal.Type == policy.Root:
		return iam.Resource{ARN: r.Caller.Principal.ARN}
	}
	return iam.Resource{ARN: "*"}
}

// renamedARN is the ARN that an entity gets with a new path or name.
func renamedARN(old string, path, name *string) string {
	a, err := arn.Parse(old)
	if err != nil {
		return old
	}
	newPath, newName := a.Path(), a.Name()
	if path != nil {
		newPath = *path
	}
	if name != nil {
		newName = *name
	}
	a.Resource = a.ResourceType() + newPath + newName
	return a.String()
}

// withTagging adds the check of the action that setting tags needs besides.
func withTagging(all []iam.Check, action string, tags []iamwire.Tag) []iam.Check {
	if len(tags) == 0 {
		return all
	}
	tagging := all[0]
	tagging.Action = action
	return append(all, tagging)
}
