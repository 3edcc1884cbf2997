package storetest_test

import (
	"errors"
	"testing"

	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/store/storetest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	var faults storetest.Faults
	s := storetest.Open(t, &faults)
	for _, c := range []struct {
		key     string
		arm     func()
		fails   bool
		written bool
	}{
		{"a", func() {}, false, true},
		{"b", func() { faults.FailCommit(1) }, true, false},
		{"c", func() { faults.LoseAnswer(2) }, false, true},
		{"d", func() {}, true, true},
		{"e", func() {}, false, true},
	} {
		c.arm()
		_, err := s.Commit(t.Context(), new(store.Txn).Put(c.key, nil))
		if c.fails != (errors.Is(err, store.ErrUnavailable) && errors.Is(err, storetest.ErrFault)) {
			t.Errorf("Commit of %s = %v; want it to fail: %v", c.key, err, c.fails)
		}
		if _, ok, err := s.Get(t.Context(), c.key); err != nil || ok != c.written {
			t.Errorf("%s is there: %v, %v; want %v", c.key, ok, err, c.written)
		}
	}
	faults.FailReads(true)
	if _, _, err := s.Get(t.Context(), "a"); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Get = %v; want ErrUnavailable", err)
	}
	if _, err := s.Revision(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Revision = %v; want ErrUnavailable", err)
	}
	faults.FailReads(false)
	if _, err := s.Revision(t.Context()); err != nil {
		t.Errorf("Revision: %v", err)
	}
}
