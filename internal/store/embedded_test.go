package store_test

import (
	"errors"
	"testing"

	"rolecall.dev/rolecall/internal/store"
)

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.OpenEmbedded(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatalf("OpenEmbedded: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestReopenKeepsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	rev, err := s.Commit(t.Context(), new(store.Txn).Absent("k").Put("k", []byte("v")))
	if err != nil {
		t.Fatalf("Commit: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	kv, ok, err := open(t, dir).Get(t.Context(), "k")
	if err != nil || !ok || string(kv.Value) != "v" || kv.ModRevision != rev {
		t.Errorf("after reopening: Get = %+v, %v, %v; want value v at revision %d", kv, ok, err, rev)
	}
}

func TestSecondOpenIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	if second, err := store.OpenEmbedded(t.Context(), store.Options{Dir: dir}); !errors.Is(err, store.ErrLocked) {
		t.Fatalf("second OpenEmbedded = %v, %v; want ErrLocked", second, err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	open(t, dir)
}
