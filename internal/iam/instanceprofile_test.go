package iam_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// makeProfile makes an instance profile that holds a role, or none.
func makeProfile(t *testing.T, w *iamtest.World, name, role string) {
	t.Helper()
	admin := w.Admin(t)
	if _, err := w.CreateInstanceProfile(t.Context(), admin, &iamwire.CreateInstanceProfileRequest{InstanceProfileName: name}); err != nil {
		t.Fatal(err)
	}
	if role == "" {
		return
	}
	if _, err := w.AddRoleToInstanceProfile(t.Context(), admin, &iamwire.AddRoleToInstanceProfileRequest{InstanceProfileName: name, RoleName: role}); err != nil {
		t.Fatal(err)
	}
}

func TestInstanceProfileAsAnswersShowIt(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	role := makeRole(t, w.IAM, admin, "/", "r", ec2Trust)
	made, err := w.CreateInstanceProfile(ctx, admin, &iamwire.CreateInstanceProfileRequest{
		InstanceProfileName: "p", Path: wire.String("/x/"), Tags: []iamwire.Tag{{Key: "k", Value: "v"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := iamwire.InstanceProfile{
		Path: "/x/", InstanceProfileName: "p", InstanceProfileId: made.InstanceProfile.InstanceProfileId,
		Arn: "arn:aws:iam::123456789012:instance-profile/x/p", CreateDate: w.Now(), Roles: []iamwire.Role{}, Tags: []iamwire.Tag{{Key: "k", Value: "v"}},
	}
	if diff := cmp.Diff(&want, made.InstanceProfile); diff != "" {
		t.Errorf("CreateInstanceProfile (-want +got):\n%s", diff)
	}
	_, err = w.AddRoleToInstanceProfile(ctx, admin, &iamwire.AddRoleToInstanceProfileRequest{InstanceProfileName: "p", RoleName: "r"})
	wants(t, err, nil, "")
	want.Roles = []iamwire.Role{{
		Path: "/", RoleName: "r", RoleId: role.RoleId, Arn: role.Arn, CreateDate: role.CreateDate, AssumeRolePolicyDocument: role.AssumeRolePolicyDocument,
	}}
	got, err := w.GetInstanceProfile(ctx, admin, &iamwire.GetInstanceProfileRequest{InstanceProfileName: "p"})
	if diff := cmp.Diff(&iamwire.GetInstanceProfileResponse{InstanceProfile: &want}, got); err != nil || diff != "" {
		t.Errorf("GetInstanceProfile: %v (-want +got):\n%s", err, diff)
	}
	want.Tags = nil
	makeProfile(t, w, "other", "")
	below, err := w.ListInstanceProfiles(ctx, admin, &iamwire.ListInstanceProfilesRequest{PathPrefix: wire.String("/x/")})
	if diff := cmp.Diff([]iamwire.InstanceProfile{want}, below.InstanceProfiles); err != nil || diff != "" {
		t.Errorf("ListInstanceProfiles: %v (-want +got):\n%s", err, diff)
	}
	holding, err := w.ListInstanceProfilesForRole(ctx, admin, &iamwire.ListInstanceProfilesForRoleRequest{RoleName: "r"})
	if diff := cmp.Diff([]iamwire.InstanceProfile{want}, holding.InstanceProfiles); err != nil || diff != "" {
		t.Errorf("ListInstanceProfilesForRole: %v (-want +got):\n%s", err, diff)
	}
}

func TestInstanceProfileRefuses(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	makeRole(t, w.IAM, admin, "/", "r", ec2Trust)
	makeRole(t, w.IAM, admin, "/", "s", ec2Trust)
	makeProfile(t, w, "full", "r")
	makeProfile(t, w, "empty", "")
	create := func(name string) error {
		_, err := w.CreateInstanceProfile(ctx, admin, &iamwire.CreateInstanceProfileRequest{InstanceProfileName: name})
		return err
	}
	add := func(profile, role string) error {
		_, err := w.AddRoleToInstanceProfile(ctx, admin, &iamwire.AddRoleToInstanceProfileRequest{InstanceProfileName: profile, RoleName: role})
		return err
	}
	take := func(profile, role string) error {
		_, err := w.RemoveRoleFromInstanceProfile(ctx, admin, &iamwire.RemoveRoleFromInstanceProfileRequest{InstanceProfileName: profile, RoleName: role})
		return err
	}
	remove := func(name string) error {
		_, err := w.DeleteInstanceProfile(ctx, admin, &iamwire.DeleteInstanceProfileRequest{InstanceProfileName: name})
		return err
	}
	_, get := w.GetInstanceProfile(ctx, admin, &iamwire.GetInstanceProfileRequest{InstanceProfileName: "no"})
	_, tag := w.TagInstanceProfile(ctx, admin, &iamwire.TagInstanceProfileRequest{InstanceProfileName: "no", Tags: []iamwire.Tag{{Key: "a"}}})
	_, untag := w.UntagInstanceProfile(ctx, admin, &iamwire.UntagInstanceProfileRequest{InstanceProfileName: "no", TagKeys: []string{"a"}})
	_, tags := w.ListInstanceProfileTags(ctx, admin, &iamwire.ListInstanceProfileTagsRequest{InstanceProfileName: "no"})
	const missing = "Instance Profile no cannot be found."
	for _, tt := range []struct {
		name    string
		err     error
		kind    error
		message string
	}{
		{"create, taken", create("FULL"), apierr.EntityAlreadyExists, "Instance Profile FULL already exists."},
		{"add, second role", add("full", "s"), apierr.LimitExceeded, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"},
		{"add, same role", add("full", "r"), apierr.LimitExceeded, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"},
		{"add, no role", add("empty", "x"), apierr.NoSuchEntity, "The role with name x cannot be found."},
		{"add, no profile", add("no", "r"), apierr.NoSuchEntity, missing},
		{"take, other role", take("full", "s"), apierr.NoSuchEntity, "The role with name s cannot be found in Instance Profile full."},
		{"take, no role", take("full", "x"), apierr.NoSuchEntity, "The role with name x cannot be found."},
		{"take, no profile", take("no", "r"), apierr.NoSuchEntity, missing},
		{"delete, full", remove("full"), apierr.DeleteConflict, "Cannot delete entity, must remove roles from instance profile first."},
		{"delete, no profile", remove("no"), apierr.NoSuchEntity, missing},
		{"get", get, apierr.NoSuchEntity, missing},
		{"tag", tag, apierr.NoSuchEntity, missing},
		{"untag", untag, apierr.NoSuchEntity, missing},
		{"list tags", tags, apierr.NoSuchEntity, missing},
		{"delete, empty", remove("empty"), nil, ""},
		{"take", take("full", "r"), nil, ""},
		{"delete, emptied", remove("full"), nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { wants(t, tt.err, tt.kind, tt.message) })
	}
}

func TestInstanceProfileTags(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	makeProfile(t, w, "p", "")
	_, err := w.TagInstanceProfile(ctx, admin, &iamwire.TagInstanceProfileRequest{InstanceProfileName: "p", Tags: []iamwire.Tag{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}})
	wants(t, err, nil, "")
	_, err = w.UntagInstanceProfile(ctx, admin, &iamwire.UntagInstanceProfileRequest{InstanceProfileName: "p", TagKeys: []string{"B"}})
	wants(t, err, nil, "")
	got, err := w.ListInstanceProfileTags(ctx, admin, &iamwire.ListInstanceProfileTagsRequest{InstanceProfileName: "p"})
	if diff := cmp.Diff(&iamwire.ListInstanceProfileTagsResponse{Tags: []iamwire.Tag{{Key: "a", Value: "2"}}}, got); err != nil || diff != "" {
		t.Errorf("ListInstanceProfileTags: %v (-want +got):\n%s", err, diff)
	}
}
