package clock_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/clock"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/store/storetest"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// node returns a clock on a store, as one node has it.
func node(t *testing.T, s *store.Store, adjustable bool) *clock.Clock {
	t.Helper()
	m := store.NewMirror(s, "/rolecall/v1/")
	c := clock.New(s, m, func() time.Time { return start }, adjustable)
	if err := m.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Stop)
	return c
}

func TestAdvanceMovesNowAndNotReal(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	c := node(t, s, true)
	for i, step := range []time.Duration{time.Hour, time.Second, 90 * time.Minute} {
		if _, err := c.Advance(t.Context(), step); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	want := 2*time.Hour + 30*time.Minute + time.Second
	if c.Offset() != want || !c.Now().Equal(start.Add(want)) || !c.Real().Equal(start) {
		t.Errorf("offset %v, now %v, real %v; want offset %v", c.Offset(), c.Now(), c.Real(), want)
	}
	if later := node(t, s, false); later.Offset() != want {
		t.Errorf("a node that starts later has %v, want %v", later.Offset(), want)
	}
}

func TestAdvanceRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	c := node(t, s, true)
	for _, step := range []time.Duration{0, -time.Hour, time.Millisecond, clock.MaxOffset + time.Second, 1<<63 - 1} {
		if _, err := c.Advance(t.Context(), step); !errors.Is(err, clock.ErrRange) {
			t.Errorf("Advance(%v) = %v, want ErrRange", step, err)
		}
	}
	if _, err := node(t, s, false).Advance(t.Context(), time.Hour); !errors.Is(err, clock.ErrFixed) {
		t.Errorf("Advance of a fixed clock = %v, want ErrFixed", err)
	}
	if c.Offset() != 0 {
		t.Errorf("offset %v after refusals", c.Offset())
	}
}

func TestAdvancesAtOnceAddUp(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	a, b := node(t, s, true), node(t, s, true)
	var wg sync.WaitGroup
	for _, c := range []*clock.Clock{a, b, a, b} {
		wg.Go(func() {
			if _, err := c.Advance(t.Context(), time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	offset, err := a.Advance(t.Context(), time.Minute)
	if err != nil || offset != 5*time.Minute {
		t.Errorf("after five minutes in five steps: %v, %v", offset, err)
	}
}

func TestAnOffsetThatCannotBeReadStopsTheStart(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"x", "-1", "99999999999999"} {
		s := storetest.Open(t, nil)
		if _, err := s.Commit(t.Context(), (&store.Txn{}).Put(clock.Key, []byte(value))); err != nil {
			t.Fatal(err)
		}
		m := store.NewMirror(s, "/rolecall/v1/")
		clock.New(s, m, time.Now, true)
		if err := m.Start(t.Context()); err == nil {
			m.Stop()
			t.Errorf("Start with the offset %q = nil", value)
		}
	}
}
