package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/store/storetest"
)

// memory is a reader that keeps keys and values.
type memory struct {
	mu     sync.Mutex
	values map[string]string
	fail   string // a value that cannot be read
}

func (m *memory) apply(events []store.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	for _, e := range events {
		switch {
		case e.Deleted:
			delete(m.values, e.Key)
		case m.fail != "" && string(e.Value) == m.fail:
			return errors.New("unreadable")
		default:
			m.values[e.Key] = string(e.Value)
		}
	}
	return nil
}

func (m *memory) get(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key]
}

// mirrored starts a mirror of /m/ with the readers on these prefixes.
func mirrored(t *testing.T, s *store.Store, readers map[string]*memory) *store.Mirror {
	t.Helper()
	m := store.NewMirror(s, "/m/")
	for prefix, reader := range readers {
		m.Read(prefix, reader.apply)
	}
	if err := m.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Stop)
	return m
}

func commit(t *testing.T, s *store.Store, txn *store.Txn) int64 {
	t.Helper()
	revision, err := s.Commit(t.Context(), txn)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

func TestMirrorHoldsWhatWasThereAndWhatComes(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	commit(t, s, (&store.Txn{}).Put("/m/old", []byte("1")))
	all, some := &memory{}, &memory{}
	m := mirrored(t, s, map[string]*memory{"/m/": all, "/m/some/": some})
	if got := all.get("/m/old"); got != "1" {
		t.Errorf("after Start: %q, want 1", got)
	}
	revision := commit(t, s, (&store.Txn{}).Put("/m/some/a", []byte("2")).Put("/m/b", []byte("3")).Delete("/m/old"))
	if err := m.Wait(t.Context(), revision); err != nil {
		t.Fatal(err)
	}
	if all.get("/m/some/a") != "2" || all.get("/m/b") != "3" || all.get("/m/old") != "" {
		t.Errorf("after Wait: %v", all.values)
	}
	if some.get("/m/some/a") != "2" || some.get("/m/b") != "" {
		t.Errorf("the reader of /m/some/ has %v", some.values)
	}
}

func TestMirrorRefreshSeesEveryCommit(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	reader := &memory{}
	m := mirrored(t, s, map[string]*memory{"/m/": reader})
	for i := range 50 {
		want := fmt.Sprint(i)
		commit(t, s, (&store.Txn{}).Put("/m/k", []byte(want)))
		if err := m.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := reader.get("/m/k"); got != want {
			t.Fatalf("after Refresh: %q, want %q", got, want)
		}
	}
}

// A no must be looked at again whenever the store moved after the look began,
// also if memory caught up by itself between the look and the question.
func TestMirrorSettleLooksAgainAtWhatItMissed(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	reader := &memory{}
	m := mirrored(t, s, map[string]*memory{"/m/": reader})
	looks := 0
	if err := m.Settle(t.Context(), func() bool { looks++; return false }); err != nil || looks != 1 {
		t.Errorf("nothing missed: %d looks, %v; want 1", looks, err)
	}
	for i := range 50 {
		want, got, looks := fmt.Sprint(i), "", 0
		err := m.Settle(t.Context(), func() bool {
			looks++
			got = reader.get("/m/k")
			if looks == 1 {
				revision := commit(t, s, (&store.Txn{}).Put("/m/k", []byte(want)))
				if i%2 == 0 {
					_ = m.Wait(t.Context(), revision) // memory catches up by itself
				}
			}
			return got == want
		})
		if err != nil || got != want || looks != 2 {
			t.Fatalf("round %d: found %q in %d looks, %v; want %q in 2", i, got, looks, err, want)
		}
	}
}

func TestMirrorStopsForGoodWhenARecordCannotBeRead(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	m := mirrored(t, s, map[string]*memory{"/m/": {fail: "bad"}})
	revision := commit(t, s, (&store.Txn{}).Put("/m/k", []byte("bad")))
	select {
	case <-m.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("the mirror goes on")
	}
	if err := m.Wait(t.Context(), revision); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Wait = %v, want ErrUnavailable", err)
	}
	if err := m.Refresh(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Refresh = %v, want ErrUnavailable", err)
	}
}

func TestMirrorRefusesToStartOnARecordItCannotRead(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	commit(t, s, (&store.Txn{}).Put("/m/k", []byte("bad")))
	m := store.NewMirror(s, "/m/")
	m.Read("/m/", (&memory{fail: "bad"}).apply)
	if err := m.Start(t.Context()); err == nil {
		t.Error("Start = nil")
	}
}

func TestMirrorWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, nil)
	m := mirrored(t, s, map[string]*memory{"/m/": {}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := m.Wait(ctx, 1<<40); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Wait for a revision that does not come = %v, want ErrUnavailable", err)
	}
}
