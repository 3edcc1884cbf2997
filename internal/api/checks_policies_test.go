package api

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

const (
	boundaryARN = "arn:aws:iam::aws:policy/PowerUserAccess"
	attachedARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	ownARN      = "arn:aws:iam::123456789012:policy/a/own"

	allowDoc = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	ec2Doc   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`
)

// prepare runs an operation that a test rests on.
func prepare[In, Out any](t *testing.T, caller *iam.Caller, op func(context.Context, *iam.Caller, *In) (Out, error), in *In) {
	t.Helper()
	if _, err := op(t.Context(), caller, in); err != nil {
		t.Fatal(err)
	}
}

func TestChecksOfUsersGroupsAndPolicies(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	path, tags := wire.String("/a/"), []iamwire.Tag{{Key: "team", Value: "x"}}
	prepare(t, admin, w.CreateUser, &iamwire.CreateUserRequest{UserName: "u", Path: path, Tags: tags, PermissionsBoundary: wire.String(boundaryARN)})
	prepare(t, admin, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: "g", Path: path})
	prepare(t, admin, w.CreateRole, &iamwire.CreateRoleRequest{RoleName: "r", Path: path, AssumeRolePolicyDocument: ec2Doc, PermissionsBoundary: wire.String(boundaryARN)})
	prepare(t, admin, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: "own", Path: path, PolicyDocument: allowDoc, Tags: tags})
	rows := slices.Concat(users(w.IAM), userPolicies(w.IAM), groups(w.IAM), groupPolicies(w.IAM), rolePolicies(w.IAM), policies(w.IAM))
	const (
		ofUser   = " user/a/u aws:resourcetag/team=x"
		ofPolicy = " policy/a/own aws:resourcetag/team=x iam:resourcetag/team=x"
		tagged   = " iam:resourcetag/team=x"
		bound    = " iam:permissionsboundary=" + boundaryARN
		attached = " iam:policyarn=" + attachedARN
	)
	added := []iamwire.Tag{{Key: "new", Value: "1"}}
	one := func(line string) []string { return []string{line} }
	for _, tt := range []struct {
		operation string
		input     any
		want      []string
	}{
		{"CreateUser", &iamwire.CreateUserRequest{UserName: "u", Path: wire.String("/b/")}, one("iam:CreateUser user/b/u")},
		{"GetUser", &iamwire.GetUserRequest{}, one("iam:GetUser user/admin")},
		{"TagUser", &iamwire.TagUserRequest{UserName: "u", Tags: added}, one("iam:TagUser user/a/u aws:requesttag/new=1 aws:resourcetag/team=x aws:tagkeys=new" + tagged)},
		{"UntagUser", &iamwire.UntagUserRequest{UserName: "none", TagKeys: []string{"a"}}, one("iam:UntagUser user/none aws:tagkeys=a")},
		{"ListUserTags", &iamwire.ListUserTagsRequest{UserName: "u"}, one("iam:ListUserTags" + ofUser + tagged)},

		{"PutUserPolicy", &iamwire.PutUserPolicyRequest{UserName: "u"}, one("iam:PutUserPolicy" + ofUser + bound + tagged)},
		{"GetUserPolicy", &iamwire.GetUserPolicyRequest{UserName: "u"}, one("iam:GetUserPolicy" + ofUser + tagged)},
		{"DeleteUserPolicy", &iamwire.DeleteUserPolicyRequest{UserName: "u"}, one("iam:DeleteUserPolicy" + ofUser + bound + tagged)},
		{"AttachUserPolicy", &iamwire.AttachUserPolicyRequest{UserName: "u", PolicyArn: attachedARN}, one("iam:AttachUserPolicy" + ofUser + bound + attached + tagged)},
		{"DetachUserPolicy", &iamwire.DetachUserPolicyRequest{UserName: "u", PolicyArn: attachedARN}, one("iam:DetachUserPolicy" + ofUser + bound + attached + tagged)},
		{"AttachUserPolicy", &iamwire.AttachUserPolicyRequest{UserName: "none", PolicyArn: attachedARN}, one("iam:AttachUserPolicy user/none" + attached)},
		{"PutUserPermissionsBoundary", &iamwire.PutUserPermissionsBoundaryRequest{UserName: "u", PermissionsBoundary: ownARN},
			one("iam:PutUserPermissionsBoundary" + ofUser + " iam:permissionsboundary=" + ownARN + tagged)},
		{"DeleteUserPermissionsBoundary", &iamwire.DeleteUserPermissionsBoundaryRequest{UserName: "u"}, one("iam:DeleteUserPermissionsBoundary" + ofUser + bound + tagged)},

		{"CreateGroup", &iamwire.CreateGroupRequest{GroupName: "g", Path: wire.String("/b/")}, one("iam:CreateGroup group/b/g")},
		{"ListGroups", &iamwire.ListGroupsRequest{PathPrefix: path}, one("iam:ListGroups group/a/")},
		{"UpdateGroup", &iamwire.UpdateGroupRequest{GroupName: "g", NewGroupName: wire.String("h")}, []string{"iam:UpdateGroup group/a/g", "iam:UpdateGroup group/a/h"}},
		{"AddUserToGroup", &iamwire.AddUserToGroupRequest{GroupName: "g", UserName: "u"}, one("iam:AddUserToGroup group/a/g")},
		{"ListGroupsForUser", &iamwire.ListGroupsForUserRequest{UserName: "u"}, one("iam:ListGroupsForUser" + ofUser + tagged)},
		{"PutGroupPolicy", &iamwire.PutGroupPolicyRequest{GroupName: "g"}, one("iam:PutGroupPolicy group/a/g")},
		{"AttachGroupPolicy", &iamwire.AttachGroupPolicyRequest{GroupName: "g", PolicyArn: attachedARN}, one("iam:AttachGroupPolicy group/a/g" + attached)},

		{"PutRolePolicy", &iamwire.PutRolePolicyRequest{RoleName: "r"}, one("iam:PutRolePolicy role/a/r" + bound)},
		{"AttachRolePolicy", &iamwire.AttachRolePolicyRequest{RoleName: "r", PolicyArn: attachedARN}, one("iam:AttachRolePolicy role/a/r" + bound + attached)},
		{"ListAttachedRolePolicies", &iamwire.ListAttachedRolePoliciesRequest{RoleName: "r"}, one("iam:ListAttachedRolePolicies role/a/r")},
		{"DeleteRolePermissionsBoundary", &iamwire.DeleteRolePermissionsBoundaryRequest{RoleName: "r"}, one("iam:DeleteRolePermissionsBoundary role/a/r" + bound)},

		{"CreatePolicy", &iamwire.CreatePolicyRequest{PolicyName: "n", Path: path, Tags: added}, []string{
			"iam:CreatePolicy policy/a/n aws:requesttag/new=1 aws:tagkeys=new",
			"iam:TagPolicy policy/a/n aws:requesttag/new=1 aws:tagkeys=new",
		}},
		{"GetPolicy", &iamwire.GetPolicyRequest{PolicyArn: ownARN}, one("iam:GetPolicy" + ofPolicy)},
		{"GetPolicy", &iamwire.GetPolicyRequest{PolicyArn: attachedARN}, one("iam:GetPolicy " + attachedARN)},
		{"ListPolicies", &iamwire.ListPoliciesRequest{}, one("iam:ListPolicies *")},
		{"CreatePolicyVersion", &iamwire.CreatePolicyVersionRequest{PolicyArn: ownARN}, one("iam:CreatePolicyVersion" + ofPolicy)},
		{"SetDefaultPolicyVersion", &iamwire.SetDefaultPolicyVersionRequest{PolicyArn: ownARN}, one("iam:SetDefaultPolicyVersion" + ofPolicy)},
		{"UntagPolicy", &iamwire.UntagPolicyRequest{PolicyArn: ownARN, TagKeys: []string{"a"}}, one("iam:UntagPolicy policy/a/own aws:resourcetag/team=x aws:tagkeys=a" + tagged)},
	} {
		if diff := cmp.Diff(tt.want, checksOf(t, rows, admin, tt.operation, tt.input)); diff != "" {
			t.Errorf("%s %+v (-want +got):\n%s", tt.operation, tt.input, diff)
		}
	}
}
