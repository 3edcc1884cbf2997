package storetest

import (
	"errors"
	"sync"
	"testing"

	"rolecall.dev/rolecall/internal/store"
)

// ErrFault is the cause of every failure that Faults makes.
var ErrFault = errors.New("storetest: a fault made on purpose")

// Faults makes a store fail when told to. The zero value makes it fail never.
// Pass it as store.Options.Faults. The methods may be called concurrently.
type Faults struct {
	mu       sync.Mutex // guards what follows
	before   int        // commits until one fails unwritten; 0: none will
	after    int        // commits until one fails written; 0: none will
	failRead bool
}

// FailCommit makes the nth commit from now (1 is the next) fail without being
// written.
func (f *Faults) FailCommit(n int) { f.set(func() { f.before = n }) }

// LoseAnswer makes the nth commit from now (1 is the next) be written and the
// caller be told that the store is unavailable.
func (f *Faults) LoseAnswer(n int) { f.set(func() { f.after = n }) }

// FailReads makes every read fail from now on, or none.
func (f *Faults) FailReads(fail bool) { f.set(func() { f.failRead = fail }) }

func (f *Faults) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// BeforeCommit implements store.Faults.
func (f *Faults) BeforeCommit() error { return f.count(&f.before) }

// AfterCommit implements store.Faults.
func (f *Faults) AfterCommit() error { return f.count(&f.after) }

// BeforeRead implements store.Faults.
func (f *Faults) BeforeRead() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failRead {
		return ErrFault
	}
	return nil
}

func (f *Faults) count(left *int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *left == 0 {
		return nil
	}
	*left--
	if *left == 0 {
		return ErrFault
	}
	return nil
}

// Open opens an embedded store in a directory of the test's own, with the
// faults given (nil: none), and closes it when the test ends.
func Open(t testing.TB, faults *Faults) *store.Store {
	t.Helper()
	o := store.Options{Dir: t.TempDir()}
	if faults != nil {
		o.Faults = faults
	}
	s, err := store.OpenEmbedded(t.Context(), o)
	if err != nil {
		t.Fatalf("open a store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}
