package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"rolecall.dev/rolecall/internal/store"
)

func testLoadOrder(t *testing.T, open Opener) {
	s := only(t, open)
	if keys, _ := load(t, s, ""); len(keys) != 0 {
		t.Fatalf("a new store holds %q", keys)
	}
	for _, key := range []string{"b", "a/2", "a0", "a/\xff", "a", "A/1", "\xff\xff", "a/1", "a/\x00"} {
		put(t, s, key, "v")
	}
	for prefix, want := range map[string][]string{
		"":         {"A/1", "a", "a/\x00", "a/1", "a/2", "a/\xff", "a0", "b", "\xff\xff"},
		"a/":       {"a/\x00", "a/1", "a/2", "a/\xff"},
		"a":        {"a", "a/\x00", "a/1", "a/2", "a/\xff", "a0"},
		"a/1":      {"a/1"},
		"A":        {"A/1"},
		"\xff":     {"\xff\xff"},
		"\xff\xff": {"\xff\xff"},
		"c":        nil,
	} {
		if got, _ := load(t, s, prefix); !slices.Equal(got, want) {
			t.Errorf("Load(%q) = %q; want %q", prefix, got, want)
		}
	}
}

// testLoadSnapshot alters the store while it is being loaded.
func testLoadSnapshot(t *testing.T, open Opener) {
	s := only(t, open)
	const keys = 2_500 // more than one page
	for i := 0; i < keys; i += 100 {
		var txn store.Txn
		for j := range 100 {
			txn.Put(fmt.Sprintf("k/%06d", i+j), []byte("old"))
		}
		commit(t, s, &txn)
	}
	before, err := s.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	revision, err := s.Load(t.Context(), "k/", func(kv store.KV) error {
		if want := fmt.Sprintf("k/%06d", seen); kv.Key != want || string(kv.Value) != "old" || kv.ModRevision > before {
			return fmt.Errorf("key %q with %q at %d; want %q with old", kv.Key, kv.Value, kv.ModRevision, want)
		}
		if seen == 0 {
			commit(t, s, new(store.Txn).Put(fmt.Sprintf("k/%06d", keys-1), []byte("new")).
				Put(fmt.Sprintf("k/%06d", keys), []byte("new")).Delete(fmt.Sprintf("k/%06d", keys-2)))
		}
		seen++
		return nil
	})
	if err != nil || seen != keys || revision != before {
		t.Fatalf("Load saw %d keys at %d, %v; want %d at %d", seen, revision, err, keys, before)
	}
	if changes := watch(t, s, "k/", revision, revision+1); len(changes) != 1 || len(changes[0].Events) != 3 {
		t.Errorf("after the snapshot: %s; want one change of three keys", describe(changes))
	}
}

func testLoadStops(t *testing.T, open Opener) {
	s := only(t, open)
	put(t, s, "a", "v")
	put(t, s, "b", "v")
	calls := 0
	_, err := s.Load(t.Context(), "", func(store.KV) error { calls++; return errEnough })
	if !errors.Is(err, errEnough) || calls != 1 {
		t.Errorf("Load = %v after %d calls; want the function's error after one", err, calls)
	}
}
