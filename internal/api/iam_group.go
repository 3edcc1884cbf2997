package api

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// groups are the rows of groups and their members, less their policies.
func groups(x *iam.IAM) []gate.Row {
	group := func(r *gate.Request, name string) iam.Resource {
		return x.GroupResource(r.Caller.Account(), "/", name)
	}
	user := func(r *gate.Request, name string) iam.Resource {
		return x.UserResource(r.Caller.Account(), "/", name)
	}
	return []gate.Row{
		changes(iamService, "CreateGroup", func(r *gate.Request, in *iamwire.CreateGroupRequest) ([]iam.Check, error) {
			made := iam.Resource{ARN: arn.Group(iam.Partition, r.Caller.Account(), pathOr(in.Path), in.GroupName).String()}
			return on(r, "iam:CreateGroup", made), nil
		}, x.CreateGroup),
		reads(iamService, "GetGroup", func(r *gate.Request, in *iamwire.GetGroupRequest) ([]iam.Check, error) {
			return on(r, "iam:GetGroup", group(r, in.GroupName)), nil
		}, x.GetGroup),
		reads(iamService, "ListGroups", func(r *gate.Request, in *iamwire.ListGroupsRequest) ([]iam.Check, error) {
			return on(r, "iam:ListGroups", iam.Resource{ARN: arn.Group(iam.Partition, r.Caller.Account(), pathOr(in.PathPrefix), "").String()}), nil
		}, x.ListGroups),
		changes(iamService, "UpdateGroup", func(r *gate.Request, in *iamwire.UpdateGroupRequest) ([]iam.Check, error) {
			entity := group(r, in.GroupName)
			all := on(r, "iam:UpdateGroup", entity)
			// At the old and at the new place, as for UpdateUser.
			if renamed := renamedARN(entity.ARN, in.NewPath, in.NewGroupName); renamed != entity.ARN {
				entity.ARN = renamed
				all = append(all, on(r, "iam:UpdateGroup", entity)...)
			}
			return all, nil
		}, x.UpdateGroup),
		deletes(iamService, "DeleteGroup", func(r *gate.Request, in *iamwire.DeleteGroupRequest) ([]iam.Check, error) {
			return on(r, "iam:DeleteGroup", group(r, in.GroupName)), nil
		}, x.DeleteGroup),

		changes(iamService, "AddUserToGroup", func(r *gate.Request, in *iamwire.AddUserToGroupRequest) ([]iam.Check, error) {
			return on(r, "iam:AddUserToGroup", group(r, in.GroupName)), nil
		}, x.AddUserToGroup),
		deletes(iamService, "RemoveUserFromGroup", func(r *gate.Request, in *iamwire.RemoveUserFromGroupRequest) ([]iam.Check, error) {
			return on(r, "iam:RemoveUserFromGroup", group(r, in.GroupName)), nil
		}, x.RemoveUserFromGroup),
		reads(iamService, "ListGroupsForUser", func(r *gate.Request, in *iamwire.ListGroupsForUserRequest) ([]iam.Check, error) {
			return on(r, "iam:ListGroupsForUser", user(r, in.UserName)), nil
		}, x.ListGroupsForUser),
	}
}
