package iam_test

import (
	"fmt"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// attachments is the three operations on attached policies of one sort of entity.
type attachments struct {
	noun, entity, quota string
	attach, detach      func(entity, policyARN string) string
	list                func(entity string) string
}

func attachmentsOf(t *testing.T, w *iamtest.World) []attachments {
	names := func(attached []iamwire.AttachedPolicy) string {
		var all []string
		for _, p := range attached {
			all = append(all, *p.PolicyName)
		}
		return strings.Join(all, " ")
	}
	return []attachments{
		{
			"user", "alice", "PoliciesPerUser",
			func(e, p string) string {
				return try(t, w.AttachUserPolicy, &iamwire.AttachUserPolicyRequest{UserName: e, PolicyArn: p})
			},
			func(e, p string) string {
				return try(t, w.DetachUserPolicy, &iamwire.DetachUserPolicyRequest{UserName: e, PolicyArn: p})
			},
			func(e string) string {
				return names(must(t, w.ListAttachedUserPolicies, &iamwire.ListAttachedUserPoliciesRequest{UserName: e}).AttachedPolicies)
			},
		},
		{
			"group", "devs", "PoliciesPerGroup",
			func(e, p string) string {
				return try(t, w.AttachGroupPolicy, &iamwire.AttachGroupPolicyRequest{GroupName: e, PolicyArn: p})
			},
			func(e, p string) string {
				return try(t, w.DetachGroupPolicy, &iamwire.DetachGroupPolicyRequest{GroupName: e, PolicyArn: p})
			},
			func(e string) string {
				return names(must(t, w.ListAttachedGroupPolicies, &iamwire.ListAttachedGroupPoliciesRequest{GroupName: e}).AttachedPolicies)
			},
		},
		{
			"role", "app", "PoliciesPerRole",
			func(e, p string) string {
				return try(t, w.AttachRolePolicy, &iamwire.AttachRolePolicyRequest{RoleName: e, PolicyArn: p})
			},
			func(e, p string) string {
				return try(t, w.DetachRolePolicy, &iamwire.DetachRolePolicyRequest{RoleName: e, PolicyArn: p})
			},
			func(e string) string {
				return names(must(t, w.ListAttachedRolePolicies, &iamwire.ListAttachedRolePoliciesRequest{RoleName: e}).AttachedPolicies)
			},
		},
	}
}

func TestAttachedPolicies(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for i, o := range attachmentsOf(t, w) {
		nobody := "NoSuchEntity: The " + o.noun + " with name none cannot be found."
		check(t, []row{
			{o.noun + ": attach to nobody", o.attach("none", limitsARN), nobody},
			{o.noun + ": detach from nobody", o.detach("none", limitsARN), nobody},
			{o.noun + ": attach a missing one", o.attach(o.entity, missingARN), "NoSuchEntity: Policy " + missingARN + " does not exist or is not attachable."},
			{o.noun + ": attach another account's", o.attach(o.entity, foreignARN), "NoSuchEntity: Policy " + foreignARN + " does not exist or is not attachable."},
			{o.noun + ": attach no policy", o.attach(o.entity, "arn:aws:s3:::a-bucket-of-mine"), "InvalidInput: ARN arn:aws:s3:::a-bucket-of-mine is not valid."},
			{o.noun + ": detach what is not attached", o.detach(o.entity, limitsARN), "NoSuchEntity: Policy " + limitsARN + " was not found."},
			{o.noun + ": attach our own", o.attach(o.entity, limitsARN), "ok"},
			{o.noun + ": attach it again", o.attach(o.entity, limitsARN), "ok"},
			{o.noun + ": attach AWS's", o.attach(o.entity, readOnlyARN), "ok"},
			{o.noun + ": both are listed", o.list(o.entity), "ReadOnlyAccess limits"},
			{o.noun + ": a policy in use stays", try(t, w.DeletePolicy, &iamwire.DeletePolicyRequest{PolicyArn: limitsARN}), "DeleteConflict: Cannot delete a policy attached to entities."},
			{o.noun + ": detach AWS's", o.detach(o.entity, readOnlyARN), "ok"},
			{o.noun + ": the other stays", o.list(o.entity), "limits"},
		})
		p := must(t, w.GetPolicy, &iamwire.GetPolicyRequest{PolicyArn: limitsARN}).Policy
		if got := int(*p.AttachmentCount); got != i+1 {
			t.Errorf("AttachmentCount after %s = %d, want %d", o.noun, got, i+1)
		}
	}
	for _, o := range attachmentsOf(t, w) {
		check(t, []row{{o.noun + ": detach our own", o.detach(o.entity, limitsARN), "ok"}, {o.noun + ": nothing is left", o.list(o.entity), ""}})
	}
	check(t, []row{{"delete the policy", try(t, w.DeletePolicy, &iamwire.DeletePolicyRequest{PolicyArn: limitsARN}), "ok"}})
}

func TestAttachedPoliciesQuota(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for i := range 11 {
		must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: fmt.Sprintf("p%d", i), PolicyDocument: doc})
	}
	for _, o := range attachmentsOf(t, w) {
		for i := range 10 {
			check(t, []row{{fmt.Sprintf("%s: policy %d", o.noun, i), o.attach(o.entity, fmt.Sprintf("arn:aws:iam::123456789012:policy/p%d", i)), "ok"}})
		}
		check(t, []row{
			{o.noun + ": the eleventh", o.attach(o.entity, "arn:aws:iam::123456789012:policy/p10"), "LimitExceeded: Cannot exceed quota for " + o.quota + ": 10"},
			{o.noun + ": one of the ten", o.attach(o.entity, "arn:aws:iam::123456789012:policy/p0"), "ok"},
		})
	}
}

func TestBoundaries(t *testing.T) {
	t.Parallel()
	w := populated(t)
	putUser := func(name, arn string) string {
		return try(t, w.PutUserPermissionsBoundary, &iamwire.PutUserPermissionsBoundaryRequest{UserName: name, PermissionsBoundary: arn})
	}
	putRole := func(name, arn string) string {
		return try(t, w.PutRolePermissionsBoundary, &iamwire.PutRolePermissionsBoundaryRequest{RoleName: name, PermissionsBoundary: arn})
	}
	delUser := func() string {
		return try(t, w.DeleteUserPermissionsBoundary, &iamwire.DeleteUserPermissionsBoundaryRequest{UserName: "alice"})
	}
	delPolicy := func() string { return try(t, w.DeletePolicy, &iamwire.DeletePolicyRequest{PolicyArn: limitsARN}) }
	counts := func() string {
		p := must(t, w.GetPolicy, &iamwire.GetPolicyRequest{PolicyArn: limitsARN}).Policy
		return fmt.Sprintf("attached %d, bounds %d", *p.AttachmentCount, *p.PermissionsBoundaryUsageCount)
	}
	check(t, []row{
		{"no user", putUser("none", limitsARN), "NoSuchEntity: The user with name none cannot be found."},
		{"no role", putRole("none", limitsARN), "NoSuchEntity: The role with name none cannot be found."},
		{"no policy", putUser("alice", missingARN), "NoSuchEntity: Scope ARN: " + missingARN + " does not exist or is not attachable."},
		{"another account's", putRole("app", foreignARN), "NoSuchEntity: Scope ARN: " + foreignARN + " does not exist or is not attachable."},
		{"no policy's ARN", putUser("alice", "arn:aws:iam::123456789012:user/alice"), "InvalidInput: ARN arn:aws:iam::123456789012:user/alice is not valid."},
		{"AWS's", putUser("alice", powerARN), "ok"},
		{"in its place our own", putUser("alice", limitsARN), "ok"},
		{"on a role", putRole("app", limitsARN), "ok"},
		{"counted", counts(), "attached 0, bounds 2"},
		{"a policy that bounds stays", delPolicy(), "DeleteConflict: Cannot delete a policy attached to entities."},
		{"take it from the user", delUser(), "ok"},
		{"and again", delUser(), "ok"},
		{"delete the role", try(t, w.DeleteRole, &iamwire.DeleteRoleRequest{RoleName: "app"}), "ok"},
		{"counted again", counts(), "attached 0, bounds 0"},
		{"delete the policy", delPolicy(), "ok"},
	})
}

func TestBoundaryIsShownAndListsLeaveItOut(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.PutUserPermissionsBoundary, &iamwire.PutUserPermissionsBoundaryRequest{UserName: "alice", PermissionsBoundary: limitsARN})
	want := &iamwire.AttachedPermissionsBoundary{PermissionsBoundaryType: ptr("Policy"), PermissionsBoundaryArn: ptr(limitsARN)}
	same(t, "GetUser", must(t, w.GetUser, &iamwire.GetUserRequest{UserName: ptr("alice")}).User.PermissionsBoundary, want)
	for _, u := range must(t, w.ListUsers, &iamwire.ListUsersRequest{}).Users {
		if u.PermissionsBoundary != nil {
			t.Errorf("ListUsers shows the boundary of %s", u.UserName)
		}
	}
}

func TestListEntitiesForPolicy(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "bob", Path: ptr("/b/"), PermissionsBoundary: ptr(limitsARN)})
	for _, o := range attachmentsOf(t, w) {
		o.attach(o.entity, limitsARN)
	}
	must(t, w.PutUserPermissionsBoundary, &iamwire.PutUserPermissionsBoundaryRequest{UserName: "alice", PermissionsBoundary: limitsARN})
	tests := []struct {
		name string
		in   iamwire.ListEntitiesForPolicyRequest
		want string
	}{
		{"all", iamwire.ListEntitiesForPolicyRequest{}, "devs app alice bob"},
		{"users", iamwire.ListEntitiesForPolicyRequest{EntityFilter: ptr("User")}, "alice bob"},
		{"no such sort", iamwire.ListEntitiesForPolicyRequest{EntityFilter: ptr("AWSManagedPolicy")}, ""},
		{"below a path", iamwire.ListEntitiesForPolicyRequest{PathPrefix: ptr("/b/")}, "bob"},
		{"attached", iamwire.ListEntitiesForPolicyRequest{PolicyUsageFilter: ptr("PermissionsPolicy")}, "devs app alice"},
		{"bounded", iamwire.ListEntitiesForPolicyRequest{PolicyUsageFilter: ptr("PermissionsBoundary")}, "alice bob"},
	}
	for _, tt := range tests {
		for _, size := range []int32{1, 3, 100} {
			in := tt.in
			in.PolicyArn, in.MaxItems = limitsARN, &size
			if got := entityNames(t, w, &in); got != tt.want {
				t.Errorf("%s, %d a page: got %q, want %q", tt.name, size, got, tt.want)
			}
		}
	}
}

// entityNames reads all pages.
func entityNames(t *testing.T, w *iamtest.World, in *iamwire.ListEntitiesForPolicyRequest) string {
	var names []string
	for {
		out := must(t, w.ListEntitiesForPolicy, in)
		for _, g := range out.PolicyGroups {
			names = append(names, *g.GroupName)
		}
		for _, r := range out.PolicyRoles {
			names = append(names, *r.RoleName)
		}
		for _, u := range out.PolicyUsers {
			names = append(names, *u.UserName)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			return strings.Join(names, " ")
		}
	}
}

func TestLaterNodeKnowsWherePoliciesHang(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for _, o := range attachmentsOf(t, w) {
		o.attach(o.entity, limitsARN)
	}
	must(t, w.PutRolePermissionsBoundary, &iamwire.PutRolePermissionsBoundaryRequest{RoleName: "app", PermissionsBoundary: limitsARN})
	p := must(t, w.Node(t).GetPolicy, &iamwire.GetPolicyRequest{PolicyArn: limitsARN}).Policy
	if *p.AttachmentCount != 3 || *p.PermissionsBoundaryUsageCount != 1 {
		t.Errorf("a node that starts later counts %d and %d, want 3 and 1", *p.AttachmentCount, *p.PermissionsBoundaryUsageCount)
	}
}
