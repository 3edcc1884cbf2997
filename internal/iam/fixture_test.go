package iam_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

const (
	// doc and doc2 are policy documents that grant little.
	doc  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	doc2 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`
	// trustDoc trusts the account.
	trustDoc = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}`

	limitsARN   = "arn:aws:iam::123456789012:policy/team/limits"
	missingARN  = "arn:aws:iam::123456789012:policy/missing"
	foreignARN  = "arn:aws:iam::210987654321:policy/limits"
	readOnlyARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	powerARN    = "arn:aws:iam::aws:policy/PowerUserAccess"
)

var root = iamtest.Root(iamtest.Account)

// must runs an operation that has to work.
func must[In, Out any](t *testing.T, op func(context.Context, *iam.Caller, *In) (Out, error), in *In) Out {
	t.Helper()
	out, err := op(t.Context(), root, in)
	if err != nil {
		t.Fatalf("%T %+v: %v", in, *in, err)
	}
	return out
}

// try runs an operation and returns what a client would be told.
func try[In, Out any](t *testing.T, op func(context.Context, *iam.Caller, *In) (Out, error), in *In) string {
	t.Helper()
	_, err := op(t.Context(), root, in)
	if err == nil {
		return "ok"
	}
	e := apierr.From(err)
	return e.Code + ": " + e.Message
}

// populated is a World with the user alice, the group devs, the role app and the
// policy limits.
func populated(t *testing.T) *iamtest.World {
	t.Helper()
	w := iamtest.New(t)
	must(t, w.CreateUser, &iamwire.CreateUserRequest{UserName: "alice"})
	must(t, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: "devs"})
	must(t, w.CreateRole, &iamwire.CreateRoleRequest{RoleName: "app", AssumeRolePolicyDocument: trustDoc})
	must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: "limits", Path: ptr("/team/"), PolicyDocument: doc})
	return w
}

// row is one expectation: what was answered and what should have been.
type row struct{ name, got, want string }

func check(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		if r.got != r.want {
			t.Errorf("%s\n got %s\nwant %s", r.name, r.got, r.want)
		}
	}
}

// same compares answers by value.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func ptr[T any](v T) *T { return &v }
