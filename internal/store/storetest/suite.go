package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/store"
)

// patience ends a test whose awaited event never comes.
const patience = 30 * time.Second

// Opener opens a store that is empty, and closes it when the test ends. reopen
// closes the store and opens another on the same data.
type Opener func(t *testing.T) (s *store.Store, reopen func() *store.Store)

// Run tries every promise of a store on what open gives.
func Run(t *testing.T, open Opener) {
	for name, test := range map[string]func(*testing.T, Opener){
		"absent keys":                      testAbsent,
		"keys and values":                  testKeysAndValues,
		"conditions":                       testConditions,
		"invalid transactions":             testInvalid,
		"a conflict writes nothing":        testConflict,
		"concurrent counters":              testCounters,
		"load in order":                    testLoadOrder,
		"load in pages at one revision":    testLoadSnapshot,
		"load stops":                       testLoadStops,
		"revision is a barrier":            testRevision,
		"watch sees each revision once":    testWatch,
		"watch catches up":                 testWatchCatchesUp,
		"watch goes on after a reopening":  testWatchReopen,
		"watch ends":                       testWatchEnds,
		"a time to live ends":              testTTL,
		"a put makes a key permanent":      testPermanent,
		"a closed store answers with that": testClosed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open)
		})
	}
}

// only opens a store for a test that does not reopen it.
func only(t *testing.T, open Opener) *store.Store {
	t.Helper()
	s, _ := open(t)
	return s
}

func commit(t *testing.T, s *store.Store, txn *store.Txn) int64 {
	t.Helper()
	revision, err := s.Commit(t.Context(), txn)
	if err != nil {
		t.Fatalf("Commit: %v", err)
	}
	return revision
}

func put(t *testing.T, s *store.Store, key, value string) int64 {
	t.Helper()
	return commit(t, s, new(store.Txn).Put(key, []byte(value)))
}

// expect checks what Get says of key; want "" stands for an absent key.
func expect(t *testing.T, s *store.Store, key, want string) {
	t.Helper()
	kv, ok, err := s.Get(t.Context(), key)
	if err != nil || ok != (want != "") || string(kv.Value) != want {
		t.Errorf("Get(%q) = %.20q, %v, %v; want %.20q", key, kv.Value, ok, err, want)
	}
}

// load returns the keys below prefix, and the revision.
func load(t *testing.T, s *store.Store, prefix string) ([]string, int64) {
	t.Helper()
	var keys []string
	revision, err := s.Load(t.Context(), prefix, func(kv store.KV) error {
		keys = append(keys, kv.Key)
		return nil
	})
	if err != nil {
		t.Fatalf("Load(%q): %v", prefix, err)
	}
	return keys, revision
}

var errEnough = errors.New("seen enough")

// watch returns the changes after a revision up to and with another one.
func watch(t *testing.T, s *store.Store, prefix string, after, upTo int64) []store.Change {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var changes []store.Change
	err := s.Watch(ctx, prefix, after, func(c store.Change) error {
		changes = append(changes, c)
		if c.Revision >= upTo {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Errorf("Watch(%q) after %d ended at %d changes: %v", prefix, after, len(changes), err)
	}
	return changes
}

// describe writes changes as "5 put a=1 del b; 6".
func describe(changes []store.Change) string {
	out := ""
	for i, c := range changes {
		if i > 0 {
			out += "; "
		}
		out += fmt.Sprint(c.Revision)
		for _, e := range c.Events {
			if e.Deleted {
				out += " del " + e.Key
			} else {
				out += fmt.Sprintf(" put %s=%s", e.Key, e.Value)
			}
			if e.ModRevision != c.Revision {
				out += fmt.Sprintf(" (at %d)", e.ModRevision)
			}
		}
	}
	return out
}
