package iam_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

const ec2Trust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:*"}}`

func TestCreateRoleRefuses(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	makeRole(t, w.IAM, admin, "/", "Taken", ec2Trust)
	tests := []struct {
		name    string
		in      iamwire.CreateRoleRequest
		kind    error
		message string
	}{
		{"name in another case", iamwire.CreateRoleRequest{RoleName: "tAKEN"}, apierr.EntityAlreadyExists, "Role with name tAKEN already exists."},
		{"same name on another path", iamwire.CreateRoleRequest{RoleName: "Taken", Path: wire.String("/x/")}, apierr.EntityAlreadyExists, "Role with name Taken already exists."},
		{"service-linked path", iamwire.CreateRoleRequest{RoleName: "r", Path: wire.String("/aws-service-role/ecs.amazonaws.com/")},
			apierr.InvalidInput, "Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles"},
		{"no JSON", iamwire.CreateRoleRequest{RoleName: "r", AssumeRolePolicyDocument: "trust.json"}, apierr.MalformedPolicyDocument, "This policy contains invalid Json"},
		{"resource", iamwire.CreateRoleRequest{RoleName: "r", AssumeRolePolicyDocument: strings.Replace(ec2Trust, `"Action"`, `"Resource":"*","Action"`, 1)},
			apierr.MalformedPolicyDocument, "Has prohibited field Resource"},
		{"unknown principal", iamwire.CreateRoleRequest{RoleName: "r", AssumeRolePolicyDocument: trusting("arn:aws:iam::123456789012:role/no")},
			apierr.MalformedPolicyDocument, `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/no"`},
		{"long trust", iamwire.CreateRoleRequest{RoleName: "r", AssumeRolePolicyDocument: trustOfSize(2049)}, apierr.LimitExceeded, "Cannot exceed quota for ACLSizePerRole: 2048"},
		{"unknown boundary", iamwire.CreateRoleRequest{RoleName: "r", PermissionsBoundary: wire.String("arn:aws:iam::123456789012:policy/no")},
			apierr.NoSuchEntity, "Scope ARN: arn:aws:iam::123456789012:policy/no does not exist or is not attachable."},
		{"tag twice", iamwire.CreateRoleRequest{RoleName: "r", Tags: []iamwire.Tag{{Key: "a"}, {Key: "A"}}},
			apierr.InvalidInput, "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := tt.in
			if in.AssumeRolePolicyDocument == "" {
				in.AssumeRolePolicyDocument = ec2Trust
			}
			_, err := w.CreateRole(t.Context(), admin, &in)
			wants(t, err, tt.kind, tt.message)
			if in.RoleName != "r" {
				return
			}
			_, err = w.GetRole(t.Context(), admin, &iamwire.GetRoleRequest{RoleName: "r"})
			wants(t, err, apierr.NoSuchEntity, "The role with name r cannot be found.")
		})
	}
}

// trustOfSize is a trust policy of n characters without white space, with as
// much white space besides.
func trustOfSize(n int) string {
	sized := func(sid string) string {
		return strings.Replace(ec2Trust, `"Effect"`, `"Sid":"`+sid+`","Effect"`, 1)
	}
	return strings.Repeat(" ", n) + sized(strings.Repeat("s", n-len(sized(""))))
}

func TestTrustOfTheGreatestSize(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	document := trustOfSize(2048)
	makeRole(t, w.IAM, w.Admin(t), "/", "r", document)
	if got := trustOf(t, w.IAM, w.Admin(t), "r"); got != document {
		t.Errorf("the trust policy came back as %q; want %q", got, document)
	}
}

func TestRoleAsAnswersShowIt(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	boundary := "arn:aws:iam::aws:policy/PowerUserAccess"
	out, err := w.CreateRole(t.Context(), admin, &iamwire.CreateRoleRequest{
		RoleName: "r", Path: wire.String("/a/b/"), AssumeRolePolicyDocument: ec2Trust, Description: wire.String("d"),
		MaxSessionDuration: wire.Int32(7200), PermissionsBoundary: &boundary, Tags: []iamwire.Tag{{Key: "team", Value: "x"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := iamwire.Role{
		Path: "/a/b/", RoleName: "r", RoleId: out.Role.RoleId, Arn: "arn:aws:iam::123456789012:role/a/b/r", CreateDate: w.Now(),
		AssumeRolePolicyDocument: wire.String("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B" +
			"%22Service%22%3A%22ec2.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3A%2A%22%7D%7D"),
		Description: wire.String("d"), MaxSessionDuration: wire.Int32(7200),
	}
	listed := want
	want.Tags = []iamwire.Tag{{Key: "team", Value: "x"}}
	want.PermissionsBoundary = &iamwire.AttachedPermissionsBoundary{PermissionsBoundaryType: wire.String("Policy"), PermissionsBoundaryArn: &boundary}
	if diff := cmp.Diff(&want, out.Role); diff != "" {
		t.Errorf("CreateRole (-want +got):\n%s", diff)
	}
	want.RoleLastUsed = &iamwire.RoleLastUsed{}
	if diff := cmp.Diff(&want, getRole(t, w, "r")); diff != "" {
		t.Errorf("GetRole (-want +got):\n%s", diff)
	}
	list, err := w.ListRoles(t.Context(), admin, &iamwire.ListRolesRequest{PathPrefix: wire.String("/a/")})
	if diff := cmp.Diff(&iamwire.ListRolesResponse{Roles: []iamwire.Role{listed}}, list); err != nil || diff != "" {
		t.Errorf("ListRoles: %v (-want +got):\n%s", err, diff)
	}
	role, _ := w.RoleByID(out.Role.RoleId)
	w.NoteUse(&iam.Caller{Role: role}, w.Now().Add(time.Hour), "s3", "eu-west-1")
	want.RoleLastUsed = &iamwire.RoleLastUsed{LastUsedDate: wire.Time(w.Now().Add(time.Hour)), Region: wire.String("eu-west-1")}
	if diff := cmp.Diff(&want, getRole(t, w, "r")); diff != "" {
		t.Errorf("GetRole after use (-want +got):\n%s", diff)
	}
}

func getRole(t *testing.T, w *iamtest.World, name string) *iamwire.Role {
	t.Helper()
	out, err := w.GetRole(t.Context(), w.Admin(t), &iamwire.GetRoleRequest{RoleName: name})
	if err != nil {
		t.Fatal(err)
	}
	return out.Role
}

func TestUpdateRole(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	makeRole(t, w.IAM, admin, "/", "r", ec2Trust)
	update := func(description *string, seconds *int32) {
		t.Helper()
		_, err := w.UpdateRole(t.Context(), admin, &iamwire.UpdateRoleRequest{RoleName: "r", Description: description, MaxSessionDuration: seconds})
		if err != nil {
			t.Fatal(err)
		}
	}
	holds := func(description string, seconds int32) {
		t.Helper()
		r := getRole(t, w, "r")
		got := ""
		if r.Description != nil {
			got = *r.Description
		}
		if got != description || *r.MaxSessionDuration != seconds {
			t.Errorf("the role has %q and %d seconds; want %q and %d", got, *r.MaxSessionDuration, description, seconds)
		}
	}
	holds("", 3600)
	update(wire.String("one"), wire.Int32(43200))
	holds("one", 43200)
	update(nil, wire.Int32(7200))
	holds("one", 7200)
	update(wire.String("two"), nil)
	holds("two", 3600)
	out, err := w.UpdateRoleDescription(t.Context(), admin, &iamwire.UpdateRoleDescriptionRequest{RoleName: "r", Description: "three"})
	if err != nil || *out.Role.Description != "three" {
		t.Errorf("UpdateRoleDescription: %+v, %v", out, err)
	}
	holds("three", 3600)
	_, err = w.UpdateAssumeRolePolicy(t.Context(), admin, &iamwire.UpdateAssumeRolePolicyRequest{RoleName: "r", PolicyDocument: trusting("123456789012")})
	wants(t, err, nil, "")
	if got, want := trustOf(t, w.IAM, admin, "r"), trusting("arn:aws:iam::123456789012:root"); got != want {
		t.Errorf("trust %s; want %s", got, want)
	}
}

func TestOperationsOnAMissingRole(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	makeRole(t, w.IAM, admin, "/", "R", ec2Trust) // another case is another name
	_, get := w.GetRole(ctx, admin, &iamwire.GetRoleRequest{RoleName: "r"})
	_, update := w.UpdateRole(ctx, admin, &iamwire.UpdateRoleRequest{RoleName: "r"})
	_, describe := w.UpdateRoleDescription(ctx, admin, &iamwire.UpdateRoleDescriptionRequest{RoleName: "r"})
	_, trust := w.UpdateAssumeRolePolicy(ctx, admin, &iamwire.UpdateAssumeRolePolicyRequest{RoleName: "r", PolicyDocument: ec2Trust})
	_, remove := w.DeleteRole(ctx, admin, &iamwire.DeleteRoleRequest{RoleName: "r"})
	_, tag := w.TagRole(ctx, admin, &iamwire.TagRoleRequest{RoleName: "r", Tags: []iamwire.Tag{{Key: "a"}}})
	_, untag := w.UntagRole(ctx, admin, &iamwire.UntagRoleRequest{RoleName: "r", TagKeys: []string{"a"}})
	_, tags := w.ListRoleTags(ctx, admin, &iamwire.ListRoleTagsRequest{RoleName: "r"})
	_, profiles := w.ListInstanceProfilesForRole(ctx, admin, &iamwire.ListInstanceProfilesForRoleRequest{RoleName: "r"})
	for name, err := range map[string]error{
		"GetRole": get, "UpdateRole": update, "UpdateRoleDescription": describe, "UpdateAssumeRolePolicy": trust, "DeleteRole": remove,
		"TagRole": tag, "UntagRole": untag, "ListRoleTags": tags, "ListInstanceProfilesForRole": profiles,
	} {
		t.Run(name, func(t *testing.T) { wants(t, err, apierr.NoSuchEntity, "The role with name r cannot be found.") })
	}
}

func TestDeleteRoleOnceNothingIsLeft(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	id := makeRole(t, w.IAM, admin, "/", "r", ec2Trust).RoleId
	makeProfile(t, w, "p", "r")
	const managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	if _, err := w.AttachRolePolicy(ctx, admin, &iamwire.AttachRolePolicyRequest{RoleName: "r", PolicyArn: managed}); err != nil {
		t.Fatal(err)
	}
	inline := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
	if _, err := w.PutRolePolicy(ctx, admin, &iamwire.PutRolePolicyRequest{RoleName: "r", PolicyName: "i", PolicyDocument: inline}); err != nil {
		t.Fatal(err)
	}
	remove := func(kind error, message string) {
		t.Helper()
		_, err := w.DeleteRole(ctx, admin, &iamwire.DeleteRoleRequest{RoleName: "r"})
		wants(t, err, kind, message)
	}
	remove(apierr.DeleteConflict, "Cannot delete entity, must remove roles from instance profile first.")
	_, err := w.RemoveRoleFromInstanceProfile(ctx, admin, &iamwire.RemoveRoleFromInstanceProfileRequest{InstanceProfileName: "p", RoleName: "r"})
	wants(t, err, nil, "")
	remove(apierr.DeleteConflict, "Cannot delete entity, must detach all policies first.")
	_, err = w.DetachRolePolicy(ctx, admin, &iamwire.DetachRolePolicyRequest{RoleName: "r", PolicyArn: managed})
	wants(t, err, nil, "")
	remove(apierr.DeleteConflict, "Cannot delete entity, must delete policies first.")
	_, err = w.DeleteRolePolicy(ctx, admin, &iamwire.DeleteRolePolicyRequest{RoleName: "r", PolicyName: "i"})
	wants(t, err, nil, "")
	remove(nil, "")
	if _, ok := w.RoleByID(id); ok {
		t.Errorf("the role %s is still there", id)
	}
}

func TestRoleTags(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	makeRole(t, w.IAM, admin, "/", "r", ec2Trust)
	tag := func(tags ...iamwire.Tag) error {
		_, err := w.TagRole(ctx, admin, &iamwire.TagRoleRequest{RoleName: "r", Tags: tags})
		return err
	}
	wants(t, tag(iamwire.Tag{Key: "b", Value: "1"}, iamwire.Tag{Key: "a", Value: "2"}), nil, "")
	wants(t, tag(iamwire.Tag{Key: "B", Value: "3"}), nil, "")
	wants(t, tag(iamwire.Tag{Key: "aws:x"}), apierr.InvalidInput, "Tag keys beginning with 'aws:' are reserved for system use.")
	first, err := w.ListRoleTags(ctx, admin, &iamwire.ListRoleTagsRequest{RoleName: "r", MaxItems: wire.Int32(1)})
	if err != nil || len(first.Tags) != 1 || !first.IsTruncated {
		t.Fatalf("first page %+v, %v; want one tag and a marker", first, err)
	}
	second, err := w.ListRoleTags(ctx, admin, &iamwire.ListRoleTagsRequest{RoleName: "r", Marker: first.Marker})
	if diff := cmp.Diff([]iamwire.Tag{{Key: "B", Value: "3"}, {Key: "a", Value: "2"}}, append(first.Tags, second.Tags...)); err != nil || diff != "" {
		t.Errorf("tags: %v (-want +got):\n%s", err, diff)
	}
	if _, err := w.UntagRole(ctx, admin, &iamwire.UntagRoleRequest{RoleName: "r", TagKeys: []string{"A", "none"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]iamwire.Tag{{Key: "B", Value: "3"}}, getRole(t, w, "r").Tags); diff != "" {
		t.Errorf("tags after UntagRole (-want +got):\n%s", diff)
	}
}
