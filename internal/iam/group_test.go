package iam_test

import (
	"fmt"
	"testing"

	"rolecall.dev/rolecall/internal/wire/iamwire"
)

func TestGroupErrors(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: "ops"})
	must(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "devs", UserName: "alice"})
	noGroup := "NoSuchEntity: The group with name none cannot be found."
	noUser := "NoSuchEntity: The user with name none cannot be found."
	check(t, []row{
		{"create twice, in another case", try(t, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: "DEVS"}), "EntityAlreadyExists: Group with name DEVS already exists."},
		{"get", try(t, w.GetGroup, &iamwire.GetGroupRequest{GroupName: "none"}), noGroup},
		{"get in another case", try(t, w.GetGroup, &iamwire.GetGroupRequest{GroupName: "Devs"}), "NoSuchEntity: The group with name Devs cannot be found."},
		{"update", try(t, w.UpdateGroup, &iamwire.UpdateGroupRequest{GroupName: "none"}), noGroup},
		{"rename to a name in use", try(t, w.UpdateGroup, &iamwire.UpdateGroupRequest{GroupName: "ops", NewGroupName: ptr("Devs")}), "EntityAlreadyExists: Group with name Devs already exists."},
		{"rename in case alone", try(t, w.UpdateGroup, &iamwire.UpdateGroupRequest{GroupName: "ops", NewGroupName: ptr("Ops")}), "ok"},
		{"delete", try(t, w.DeleteGroup, &iamwire.DeleteGroupRequest{GroupName: "none"}), noGroup},
		{"delete with a member", try(t, w.DeleteGroup, &iamwire.DeleteGroupRequest{GroupName: "devs"}), "DeleteConflict: Cannot delete entity, must remove users from group first."},
		{"add to no group", try(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "none", UserName: "alice"}), noGroup},
		{"add nobody", try(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "devs", UserName: "none"}), noUser},
		{"add a member", try(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "devs", UserName: "alice"}), "ok"},
		{"remove from no group", try(t, w.RemoveUserFromGroup, &iamwire.RemoveUserFromGroupRequest{GroupName: "none", UserName: "alice"}), noGroup},
		{"remove no member", try(t, w.RemoveUserFromGroup, &iamwire.RemoveUserFromGroupRequest{GroupName: "Ops", UserName: "alice"}), "ok"},
		{"groups of nobody", try(t, w.ListGroupsForUser, &iamwire.ListGroupsForUserRequest{UserName: "none"}), noUser},
		{"delete a member", try(t, w.DeleteUser, &iamwire.DeleteUserRequest{UserName: "alice"}), "DeleteConflict: Cannot delete entity, must remove users from group first."},
		{"bad marker", try(t, w.ListGroups, &iamwire.ListGroupsRequest{Marker: ptr("devs")}), "ValidationError: Invalid Marker."},
	})
}

func TestDeleteGroupWithPolicies(t *testing.T) {
	t.Parallel()
	w := populated(t)
	del := func() string { return try(t, w.DeleteGroup, &iamwire.DeleteGroupRequest{GroupName: "devs"}) }
	must(t, w.PutGroupPolicy, &iamwire.PutGroupPolicyRequest{GroupName: "devs", PolicyName: "p", PolicyDocument: doc})
	check(t, []row{{"with an inline policy", del(), "DeleteConflict: Cannot delete entity, must delete policies first."}})
	must(t, w.AttachGroupPolicy, &iamwire.AttachGroupPolicyRequest{GroupName: "devs", PolicyArn: limitsARN})
	check(t, []row{{"with an attached policy", del(), "DeleteConflict: Cannot delete entity, must detach all policies first."}})
	must(t, w.DetachGroupPolicy, &iamwire.DetachGroupPolicyRequest{GroupName: "devs", PolicyArn: limitsARN})
	must(t, w.DeleteGroupPolicy, &iamwire.DeleteGroupPolicyRequest{GroupName: "devs", PolicyName: "p"})
	check(t, []row{{"with nothing", del(), "ok"}})
}

func TestMembershipSurvivesRenames(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "devs", UserName: "alice"})
	must(t, w.UpdateGroup, &iamwire.UpdateGroupRequest{GroupName: "devs", NewGroupName: ptr("makers"), NewPath: ptr("/x/")})
	must(t, w.UpdateUser, &iamwire.UpdateUserRequest{UserName: "alice", NewUserName: ptr("alicia")})
	got := must(t, w.GetGroup, &iamwire.GetGroupRequest{GroupName: "makers"})
	if len(got.Users) != 1 || got.Users[0].UserName != "alicia" || got.Group.Arn != "arn:aws:iam::123456789012:group/x/makers" {
		t.Errorf("GetGroup(makers) = %+v %+v, want alicia in group/x/makers", got.Group, got.Users)
	}
	groups := must(t, w.ListGroupsForUser, &iamwire.ListGroupsForUserRequest{UserName: "alicia"}).Groups
	if len(groups) != 1 || groups[0].GroupName != "makers" {
		t.Errorf("ListGroupsForUser(alicia) = %+v, want makers", groups)
	}
	must(t, w.RemoveUserFromGroup, &iamwire.RemoveUserFromGroupRequest{GroupName: "makers", UserName: "alicia"})
	if got := must(t, w.GetGroup, &iamwire.GetGroupRequest{GroupName: "makers"}).Users; len(got) != 0 {
		t.Errorf("members after RemoveUserFromGroup = %+v, want none", got)
	}
}

func TestGroupsOfUserQuota(t *testing.T) {
	t.Parallel()
	w := populated(t)
	var got string
	for i := range 11 {
		name := fmt.Sprintf("g%d", i)
		must(t, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: name})
		got = try(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: name, UserName: "alice"})
		if i < 10 && got != "ok" {
			t.Fatalf("group %d: %s", i+1, got)
		}
	}
	check(t, []row{
		{"the eleventh group", got, "LimitExceeded: Cannot exceed quota for GroupsPerUser: 10"},
		{"a group it is in already", try(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "g0", UserName: "alice"}), "ok"},
	})
}

func TestListGroupsPages(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for _, name := range []string{"b", "a", "d", "c"} {
		must(t, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: name, Path: ptr("/x/")})
	}
	in := &iamwire.ListGroupsRequest{PathPrefix: ptr("/x/"), MaxItems: ptr(int32(3))}
	var pages []string
	for {
		out := must(t, w.ListGroups, in)
		names := ""
		for _, g := range out.Groups {
			names += g.GroupName
		}
		pages = append(pages, names)
		if out.IsTruncated != (out.Marker != nil) {
			t.Fatalf("IsTruncated %v with marker %v", out.IsTruncated, out.Marker)
		}
		if in.Marker = out.Marker; !out.IsTruncated {
			break
		}
	}
	same(t, "pages of three", pages, []string{"abc", "d"})
}
