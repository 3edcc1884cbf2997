package iam_test

import (
	"testing"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
)

const unavailable = "ServiceUnavailable: The request has failed due to a temporary failure of the server."

// TestAnswersLost: a change whose outcome the store did not tell is 503, and
// asking again shows whether it came to be. It came to be whole, or not at all.
func TestAnswersLost(t *testing.T) {
	t.Parallel()
	w := populated(t)
	attach := &iamwire.AttachRolePolicyRequest{RoleName: "app", PolicyArn: limitsARN}
	for _, row := range []struct {
		name  string
		op    func() string
		again string // after the change was made
	}{
		{"CreateUser", func() string { return try(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "bob"}) },
			"EntityAlreadyExists: User with name bob already exists."},
		{"CreateRole", func() string {
			return try(t, w.CreateRole, &iamwire.CreateRoleRequest{RoleName: "new", AssumeRolePolicyDocument: trustDoc})
		}, "EntityAlreadyExists: Role with name new already exists."},
		{"AttachRolePolicy", func() string { return try(t, w.AttachRolePolicy, attach) }, "ok"},
		{"DetachRolePolicy", func() string {
			return try(t, w.DetachRolePolicy, &iamwire.DetachRolePolicyRequest{RoleName: attach.RoleName, PolicyArn: attach.PolicyArn})
		}, "NoSuchEntity: Policy " + limitsARN + " was not found."},
		{"DeleteRole", func() string { return try(t, w.DeleteRole, &iamwire.DeleteRoleRequest{RoleName: "app"}) },
			"NoSuchEntity: The role with name app cannot be found."},
	} {
		w.Faults.FailCommit(1)
		if got := row.op(); got != unavailable {
			t.Errorf("%s, not written: %s, want %s", row.name, got, unavailable)
		}
		w.Faults.LoseAnswer(1)
		if got := row.op(); got != unavailable {
			t.Errorf("%s, answer lost: %s, want %s", row.name, got, unavailable)
		}
		if got := row.op(); got != row.again {
			t.Errorf("%s, asked again: %s, want %s", row.name, got, row.again)
		}
	}
}

// TestLostAccessKey: a key whose secret nobody was told is listed, and can go.
func TestLostAccessKey(t *testing.T) {
	t.Parallel()
	w := populated(t)
	alice := ptr("alice")
	w.Faults.LoseAnswer(1)
	if got := try(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: alice}); got != unavailable {
		t.Fatalf("CreateAccessKey: %s, want %s", got, unavailable)
	}
	if err := w.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	keys := must(t, w.ListAccessKeys, &iamwire.ListAccessKeysRequest{UserName: alice}).AccessKeyMetadata
	if len(keys) != 1 {
		t.Fatalf("%d keys, want 1", len(keys))
	}
	must(t, w.DeleteAccessKey, &iamwire.DeleteAccessKeyRequest{UserName: alice, AccessKeyId: *keys[0].AccessKeyId})
}

// TestLostAccount: an account is made with its way in, or not at all.
func TestLostAccount(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	must(t, w.CreateOrganization, &orgwire.CreateOrganizationRequest{})
	in := &orgwire.CreateAccountRequest{Email: "one@example.com", AccountName: "one"}
	w.Faults.FailCommit(1)
	if got := try(t, w.CreateAccount, in); got != unavailable {
		t.Errorf("CreateAccount, not written: %s, want %s", got, unavailable)
	}
	w.Faults.LoseAnswer(1)
	if got := try(t, w.CreateAccount, in); got != unavailable {
		t.Errorf("CreateAccount, answer lost: %s, want %s", got, unavailable)
	}
	if status := must(t, w.CreateAccount, in).CreateAccountStatus; *status.State != "FAILED" || *status.FailureReason != "EMAIL_ALREADY_EXISTS" {
		t.Errorf("asked again: %s, want FAILED: EMAIL_ALREADY_EXISTS", *status.State)
	}
	accounts := must(t, w.ListAccounts, &orgwire.ListAccountsRequest{}).Accounts
	if len(accounts) != 2 {
		t.Fatalf("%d accounts, want 2", len(accounts))
	}
	for _, a := range accounts {
		if id := *a.Id; id != string(iamtest.Account) {
			if _, err := w.GetRole(t.Context(), iamtest.Root(arn.AccountID(id)), &iamwire.GetRoleRequest{RoleName: "OrganizationAccountAccessRole"}); err != nil {
				t.Errorf("the new account has no way in: %v", err)
			}
		}
	}
}

// TestNoAnswerIsNoDenial: without the store nothing is said not to exist.
func TestNoAnswerIsNoDenial(t *testing.T) {
	t.Parallel()
	w := populated(t)
	w.Faults.FailReads(true)
	if got := try(t, w.DeleteUser, &iamwire.DeleteUserRequest{UserName: "nobody"}); got != unavailable {
		t.Errorf("DeleteUser: %s, want %s", got, unavailable)
	}
	if got := try(t, w.DescribeAccount, &orgwire.DescribeAccountRequest{AccountId: "999999999999"}); got != unavailable {
		t.Errorf("DescribeAccount: %s, want %s", got, unavailable)
	}
	w.Faults.FailReads(false)
	if got := try(t, w.DeleteUser, &iamwire.DeleteUserRequest{UserName: "nobody"}); got != "NoSuchEntity: The user with name nobody cannot be found." {
		t.Errorf("DeleteUser: %s, want NoSuchEntity", got)
	}
}
