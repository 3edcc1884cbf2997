package iam_test

import (
	"fmt"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

func TestUserErrors(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "bob"})
	none := "NoSuchEntity: The user with name none cannot be found."
	check(t, []row{
		{"create twice, in another case", try(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "Alice"}), "EntityAlreadyExists: User with name Alice already exists."},
		{"create with a missing boundary", try(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "x", PermissionsBoundary: ptr(missingARN)}), "NoSuchEntity: Scope ARN: " + missingARN + " does not exist or is not attachable."},
		{"create with a reserved tag", try(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "x", Tags: []iamwire.Tag{{Key: "AWS:x"}}}), "InvalidInput: Tag keys beginning with 'aws:' are reserved for system use."},
		{"get", try(t, w.GetUser, &iamwire.GetUserRequest{UserName: ptr("none")}), none},
		{"update", try(t, w.UpdateUser, &iamwire.UpdateUserRequest{UserName: "none"}), none},
		{"rename to a name in use", try(t, w.UpdateUser, &iamwire.UpdateUserRequest{UserName: "bob", NewUserName: ptr("ALICE")}), "EntityAlreadyExists: User with name ALICE already exists."},
		{"rename in case alone", try(t, w.UpdateUser, &iamwire.UpdateUserRequest{UserName: "bob", NewUserName: ptr("Bob")}), "ok"},
		{"the old name", try(t, w.GetUser, &iamwire.GetUserRequest{UserName: ptr("bob")}), "NoSuchEntity: The user with name bob cannot be found."},
		{"delete", try(t, w.DeleteUser, &iamwire.DeleteUserRequest{UserName: "none"}), none},
		{"tag", try(t, w.TagUser, &iamwire.TagUserRequest{UserName: "none"}), none},
		{"untag", try(t, w.UntagUser, &iamwire.UntagUserRequest{UserName: "none"}), none},
		{"tags", try(t, w.ListUserTags, &iamwire.ListUserTagsRequest{UserName: "none"}), none},
	})
}

func TestDeleteUserWithBelongings(t *testing.T) {
	t.Parallel()
	w := populated(t)
	del := func() string { return try(t, w.DeleteUser, &iamwire.DeleteUserRequest{UserName: "alice"}) }
	key := must(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: ptr("alice")}).AccessKey
	must(t, w.AttachUserPolicy, &iamwire.AttachUserPolicyRequest{UserName: "alice", PolicyArn: limitsARN})
	must(t, w.PutUserPolicy, &iamwire.PutUserPolicyRequest{UserName: "alice", PolicyName: "p", PolicyDocument: doc})
	check(t, []row{{"with a key", del(), "DeleteConflict: Cannot delete entity, must delete access keys first."}})
	must(t, w.DeleteAccessKey, &iamwire.DeleteAccessKeyRequest{UserName: ptr("alice"), AccessKeyId: key.AccessKeyId})
	check(t, []row{{"with an attached policy", del(), "DeleteConflict: Cannot delete entity, must detach all policies first."}})
	must(t, w.DetachUserPolicy, &iamwire.DetachUserPolicyRequest{UserName: "alice", PolicyArn: limitsARN})
	check(t, []row{{"with an inline policy", del(), "DeleteConflict: Cannot delete entity, must delete policies first."}})
	must(t, w.DeleteUserPolicy, &iamwire.DeleteUserPolicyRequest{UserName: "alice", PolicyName: "p"})
	check(t, []row{{"with nothing", del(), "ok"}, {"again", del(), "NoSuchEntity: The user with name alice cannot be found."}})
}

func TestUserMadeAnewIsAnother(t *testing.T) {
	t.Parallel()
	w := populated(t)
	first := must(t, w.GetUser, &iamwire.GetUserRequest{UserName: ptr("alice")}).User.UserId
	must(t, w.DeleteUser, &iamwire.DeleteUserRequest{UserName: "alice"})
	second := must(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "alice"}).User.UserId
	if first == second || !strings.HasPrefix(second, "AIDA") || len(second) != 21 {
		t.Errorf("unique ids %s, then %s; want two, AIDA and 17 characters", first, second)
	}
}

func TestTagsOfUsersAndPolicies(t *testing.T) {
	t.Parallel()
	w := populated(t)
	type tagged struct {
		noun  string
		tag   func(...iamwire.Tag) string
		untag func(...string) string
		list  func(marker *string) ([]iamwire.Tag, *string)
	}
	for _, o := range []tagged{
		{
			"user",
			func(tags ...iamwire.Tag) string {
				return try(t, w.TagUser, &iamwire.TagUserRequest{UserName: "alice", Tags: tags})
			},
			func(keys ...string) string {
				return try(t, w.UntagUser, &iamwire.UntagUserRequest{UserName: "alice", TagKeys: keys})
			},
			func(marker *string) ([]iamwire.Tag, *string) {
				out := must(t, w.ListUserTags, &iamwire.ListUserTagsRequest{UserName: "alice", MaxItems: ptr(int32(2)), Marker: marker})
				return out.Tags, out.Marker
			},
		},
		{
			"policy",
			func(tags ...iamwire.Tag) string {
				return try(t, w.TagPolicy, &iamwire.TagPolicyRequest{PolicyArn: limitsARN, Tags: tags})
			},
			func(keys ...string) string {
				return try(t, w.UntagPolicy, &iamwire.UntagPolicyRequest{PolicyArn: limitsARN, TagKeys: keys})
			},
			func(marker *string) ([]iamwire.Tag, *string) {
				out := must(t, w.ListPolicyTags, &iamwire.ListPolicyTagsRequest{PolicyArn: limitsARN, MaxItems: ptr(int32(2)), Marker: marker})
				return out.Tags, out.Marker
			},
		},
	} {
		var fifty []iamwire.Tag
		for i := range 50 {
			fifty = append(fifty, iamwire.Tag{Key: fmt.Sprintf("k%d", i)})
		}
		check(t, []row{
			{o.noun + ": three", o.tag(iamwire.Tag{Key: "c", Value: "3"}, iamwire.Tag{Key: "a", Value: "1"}, iamwire.Tag{Key: "b", Value: "2"}), "ok"},
			{o.noun + ": one anew, in another case", o.tag(iamwire.Tag{Key: "A", Value: "one"}), "ok"},
			{o.noun + ": too many", o.tag(fifty...), "LimitExceeded: Cannot exceed quota for TagsPerResource: 50"},
			{o.noun + ": one off, one that is not there", o.untag("B", "x"), "ok"},
			{o.noun + ": one more", o.tag(iamwire.Tag{Key: "d"}), "ok"},
		})
		first, marker := o.list(nil)
		same(t, o.noun+": first page", first, []iamwire.Tag{{Key: "A", Value: "one"}, {Key: "c", Value: "3"}})
		rest, end := o.list(marker)
		same(t, o.noun+": second page", rest, []iamwire.Tag{{Key: "d"}})
		if end != nil {
			t.Errorf("%s: a marker %q after the last page", o.noun, *end)
		}
	}
}

func TestGetUserOfTheCaller(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin, err := w.GetUser(t.Context(), w.Admin(t), &iamwire.GetUserRequest{})
	if err != nil || admin.User.UserName != "admin" {
		t.Errorf("GetUser by the administrator = %+v, %v; want admin", admin, err)
	}
	got := must(t, w.GetUser, &iamwire.GetUserRequest{}).User
	if got.Arn != "arn:aws:iam::123456789012:root" || got.UserId != "123456789012" {
		t.Errorf("GetUser by root = %s %s, want the root's ARN and the account", got.Arn, got.UserId)
	}
}

func TestAccessKeyErrors(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "bob"})
	id := must(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: ptr("alice")}).AccessKey.AccessKeyId
	noKey := "NoSuchEntity: The Access Key with id " + id + " cannot be found."
	create := func(name string) string {
		return try(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: &name})
	}
	update := func(name, status string) string {
		return try(t, w.UpdateAccessKey, &iamwire.UpdateAccessKeyRequest{UserName: &name, AccessKeyId: id, Status: status})
	}
	check(t, []row{
		{"create for nobody", create("none"), "NoSuchEntity: The user with name none cannot be found."},
		{"a second", create("alice"), "ok"},
		{"a third", create("alice"), "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2"},
		{"update as another's", update("bob", "Inactive"), noKey},
		{"update to expired", update("alice", "Expired"), "ValidationError: Status must be Active or Inactive."},
		{"update", update("alice", "Inactive"), "ok"},
		{"delete as another's", try(t, w.DeleteAccessKey, &iamwire.DeleteAccessKeyRequest{UserName: ptr("bob"), AccessKeyId: id}), noKey},
		{"delete", try(t, w.DeleteAccessKey, &iamwire.DeleteAccessKeyRequest{UserName: ptr("alice"), AccessKeyId: id}), "ok"},
		{"delete again", try(t, w.DeleteAccessKey, &iamwire.DeleteAccessKeyRequest{UserName: ptr("alice"), AccessKeyId: id}), noKey},
		{"last use of a key that is gone", try(t, w.GetAccessKeyLastUsed, &iamwire.GetAccessKeyLastUsedRequest{AccessKeyId: id}), noKey},
		{"another after that", create("alice"), "ok"},
	})
}

func TestSecretIsSealedAndOpens(t *testing.T) {
	t.Parallel()
	w := populated(t)
	made := must(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: ptr("alice")}).AccessKey
	key, ok := w.AccessKey(made.AccessKeyId)
	if !ok {
		t.Fatalf("AccessKey(%s) is not there", made.AccessKeyId)
	}
	if secret, err := w.SecretOf(key); err != nil || secret != string(made.SecretAccessKey) {
		t.Errorf("SecretOf opens something else (%v)", err)
	}
	if strings.Contains(string(key.Sealed), string(made.SecretAccessKey)) {
		t.Error("the store holds the secret in plain text")
	}
	if caller, ok := w.CallerOfKey(key); !ok || caller.Principal.ARN != "arn:aws:iam::123456789012:user/alice" {
		t.Errorf("CallerOfKey = %+v %v, want alice", caller, ok)
	}
}

func TestListAccessKeysNeverShowsSecrets(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: ptr("alice")})
	keys := must(t, w.ListAccessKeys, &iamwire.ListAccessKeysRequest{UserName: ptr("alice")}).AccessKeyMetadata
	if len(keys) != 1 || *keys[0].Status != "Active" || *keys[0].UserName != "alice" {
		t.Errorf("ListAccessKeys = %+v, want one active key of alice", keys)
	}
	if _, err := w.ListAccessKeys(t.Context(), root, &iamwire.ListAccessKeysRequest{UserName: ptr("none")}); apierr.From(err).Kind != apierr.NoSuchEntity {
		t.Errorf("ListAccessKeys of nobody: %v, want NoSuchEntity", err)
	}
}
