package iamtest

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/seal"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/store/storetest"
	"rolecall.dev/rolecall/policy"
)

// Account is the first account of every World.
const Account arn.AccountID = "123456789012"

// World is an IAM with its store and a clock that stands still. Its methods may
// be called concurrently.
type World struct {
	*iam.IAM
	Store *store.Store
	// First is the first account and the key of its administrator.
	First iam.FirstAccount
	// Faults make the store fail.
	Faults *storetest.Faults

	sealer *seal.MasterKey
	mu     sync.Mutex // guards now
	now    time.Time
}

// New returns a World with the first account, closed when the test ends.
func New(t testing.TB) *World {
	t.Helper()
	faults := &storetest.Faults{}
	s, err := store.OpenEmbedded(t.Context(), store.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler), Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	key, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := seal.Parse(key)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Store: s, Faults: faults, sealer: sealer, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.IAM = w.Node(t)
	w.First = w.NewKey(iam.FirstAccount{Account: Account})
	if err := w.Bootstrap(t.Context(), w.First); err != nil {
		t.Fatal(err)
	}
	return w
}

// Node returns one more IAM over the store of w, as another process would have.
func (w *World) Node(t testing.TB) *iam.IAM {
	t.Helper()
	mirror := store.NewMirror(w.Store, iam.Root)
	x, err := iam.New(w.Store, mirror, w.sealer, w.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := mirror.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mirror.Stop)
	return x
}

// Now is the time of the World.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Advance moves the time of the World.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Root is the root user of an account, as a caller.
func Root(account arn.AccountID) *iam.Caller {
	return &iam.Caller{
		Principal: policy.Principal{Type: policy.Root, ARN: arn.Root(iam.Partition, account).String(), Account: string(account)},
		UserID:    string(account),
	}
}

// Admin is the administrator of the first account, as a caller.
func (w *World) Admin(t testing.TB) *iam.Caller {
	t.Helper()
	key, ok := w.AccessKey(w.First.AccessKeyID)
	if !ok {
		t.Fatalf("the administrator's key %s is not in memory", w.First.AccessKeyID)
	}
	caller, ok := w.CallerOfKey(key)
	if !ok {
		t.Fatalf("the administrator's key %s belongs to nobody", w.First.AccessKeyID)
	}
	return caller
}
