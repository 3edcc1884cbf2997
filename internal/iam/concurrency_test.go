package iam_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// race runs op n times at once, on the nodes in turn, and counts what worked.
// Any failure but one of the kind wanted fails the test.
func race(t *testing.T, w *iamtest.World, n int, want apierr.Kind, op func(context.Context, *iam.IAM, int) error) (worked int) {
	t.Helper()
	nodes := []*iam.IAM{w.IAM, w.Node(t)}
	var count atomic.Int64
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			switch err := op(t.Context(), nodes[i%len(nodes)], i); {
			case err == nil:
				count.Add(1)
			case !errors.Is(err, want):
				t.Errorf("attempt %d: %v, want %s", i, err, want.Code)
			}
		})
	}
	wg.Wait()
	return int(count.Load())
}

func TestNodesAgreeOnNames(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	tests := []struct {
		noun string
		make func(ctx context.Context, x *iam.IAM, name string) error
	}{
		{"user", func(ctx context.Context, x *iam.IAM, name string) error {
			_, err := x.CreateUser(ctx, root, &iamwire.CreateUserRequest{UserName: name})
			return err
		}},
		{"group", func(ctx context.Context, x *iam.IAM, name string) error {
			_, err := x.CreateGroup(ctx, root, &iamwire.CreateGroupRequest{GroupName: name})
			return err
		}},
		{"policy", func(ctx context.Context, x *iam.IAM, name string) error {
			_, err := x.CreatePolicy(ctx, root, &iamwire.CreatePolicyRequest{PolicyName: name, PolicyDocument: doc})
			return err
		}},
	}
	names := []string{"dup", "DUP", "Dup", "duP"}
	for _, tt := range tests {
		got := race(t, w, 8, apierr.EntityAlreadyExists, func(ctx context.Context, x *iam.IAM, i int) error {
			return tt.make(ctx, x, names[i%len(names)])
		})
		if got != 1 {
			t.Errorf("%d of 8 nodes made the same %s, want 1", got, tt.noun)
		}
	}
}

func TestNodesAgreeOnQuotas(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for i := range 14 {
		must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: fmt.Sprintf("p%d", i), PolicyDocument: doc})
	}
	tests := []struct {
		name  string
		n     int
		quota int
		op    func(ctx context.Context, x *iam.IAM, i int) error
	}{
		{"attached policies", 14, 10, func(ctx context.Context, x *iam.IAM, i int) error {
			_, err := x.AttachUserPolicy(ctx, root, &iamwire.AttachUserPolicyRequest{UserName: "alice", PolicyArn: fmt.Sprintf("arn:aws:iam::123456789012:policy/p%d", i)})
			return err
		}},
		{"access keys", 6, 2, func(ctx context.Context, x *iam.IAM, _ int) error {
			_, err := x.CreateAccessKey(ctx, root, &iamwire.CreateAccessKeyRequest{UserName: ptr("alice")})
			return err
		}},
		{"versions beside the first", 7, 4, func(ctx context.Context, x *iam.IAM, _ int) error {
			_, err := x.CreatePolicyVersion(ctx, root, &iamwire.CreatePolicyVersionRequest{PolicyArn: limitsARN, PolicyDocument: doc})
			return err
		}},
	}
	for _, tt := range tests {
		if got := race(t, w, tt.n, apierr.LimitExceeded, tt.op); got != tt.quota {
			t.Errorf("%s: %d of %d worked, want %d", tt.name, got, tt.n, tt.quota)
		}
	}
	seen := map[string]bool{}
	for _, v := range must(t, w.ListPolicyVersions, &iamwire.ListPolicyVersionsRequest{PolicyArn: limitsARN}).Versions {
		seen[*v.VersionId] = true
	}
	if len(seen) != 5 {
		t.Errorf("versions %v, want five different numbers", seen)
	}
}

func TestAttachAgainstDeleteLeavesNothingDangling(t *testing.T) {
	t.Parallel()
	w := populated(t)
	other := w.Node(t)
	for i := range 20 {
		p := *must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: fmt.Sprintf("p%d", i), PolicyDocument: doc}).Policy.Arn
		var attached, deleted error
		var wg sync.WaitGroup
		wg.Go(func() {
			_, attached = w.AttachUserPolicy(t.Context(), root, &iamwire.AttachUserPolicyRequest{UserName: "alice", PolicyArn: p})
		})
		wg.Go(func() { _, deleted = other.DeletePolicy(t.Context(), root, &iamwire.DeletePolicyRequest{PolicyArn: p}) })
		wg.Wait()
		switch {
		case attached == nil && errors.Is(deleted, apierr.DeleteConflict):
			must(t, w.DetachUserPolicy, &iamwire.DetachUserPolicyRequest{UserName: "alice", PolicyArn: p})
		case errors.Is(attached, apierr.NoSuchEntity) && deleted == nil:
		default:
			t.Fatalf("policy %d: attach %v, delete %v; want one to win and the other to say why not", i, attached, deleted)
		}
	}
}

func TestAddMemberAgainstDeleteGroup(t *testing.T) {
	t.Parallel()
	w := populated(t)
	other := w.Node(t)
	for i := range 20 {
		name := fmt.Sprintf("g%d", i)
		must(t, w.CreateGroup, &iamwire.CreateGroupRequest{GroupName: name})
		var added, deleted error
		var wg sync.WaitGroup
		wg.Go(func() {
			_, added = w.AddUserToGroup(t.Context(), root, &iamwire.AddUserToGroupRequest{GroupName: name, UserName: "alice"})
		})
		wg.Go(func() {
			_, deleted = other.DeleteGroup(t.Context(), root, &iamwire.DeleteGroupRequest{GroupName: name})
		})
		wg.Wait()
		switch {
		case added == nil && errors.Is(deleted, apierr.DeleteConflict):
			must(t, w.RemoveUserFromGroup, &iamwire.RemoveUserFromGroupRequest{GroupName: name, UserName: "alice"})
		case errors.Is(added, apierr.NoSuchEntity) && deleted == nil:
		default:
			t.Fatalf("group %d: add %v, delete %v; want one to win and the other to say why not", i, added, deleted)
		}
	}
}
