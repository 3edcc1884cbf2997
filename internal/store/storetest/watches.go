package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/store"
)

func testWatch(t *testing.T, open Opener) {
	s := only(t, open)
	r := put(t, s, "a/1", "before")
	watched := make(chan []store.Change, 1)
	go func() { watched <- watch(t, s, "a/", r, r+6) }()
	put(t, s, "a/1", "x")
	put(t, s, "b/1", "elsewhere")
	commit(t, s, new(store.Txn).Put("a/2", []byte("y")).Put("b/2", nil).Delete("a/1"))
	commit(t, s, new(store.Txn).Delete("a/absent")) // alters nothing: no revision
	put(t, s, "a", "not below")
	put(t, s, "A/1", "another case")
	put(t, s, "a/\x00\xff", "z")
	want := fmt.Sprintf("%d put a/1=x; %d; %d put a/2=y del a/1; %d; %d; %d put a/\x00\xff=z", r+1, r+2, r+3, r+4, r+5, r+6)
	other := fmt.Sprintf("%d put a/1=x; %d; %d del a/1 put a/2=y; %d; %d; %d put a/\x00\xff=z", r+1, r+2, r+3, r+4, r+5, r+6)
	if got := describe(<-watched); got != want && got != other {
		t.Errorf("Watch saw %q; want %q", got, want)
	}
}

// testWatchCatchesUp reads a backlog larger than one message of the protocol.
func testWatchCatchesUp(t *testing.T, open Opener) {
	s := only(t, open)
	const commits, keys = 40, 8
	value := strings.Repeat("v", 32<<10)
	var first, last int64
	for i := range commits {
		var txn store.Txn
		for j := range keys {
			txn.Put(fmt.Sprintf("k/%d", j), []byte(value))
		}
		last = commit(t, s, &txn)
		if i == 0 {
			first = last
		}
	}
	changes := watch(t, s, "k/", first, last)
	if len(changes) != commits-1 {
		t.Fatalf("Watch saw %d changes; want %d", len(changes), commits-1)
	}
	for i, c := range changes {
		if c.Revision != first+1+int64(i) || len(c.Events) != keys {
			t.Errorf("change %d has revision %d and %d events; want %d and %d", i, c.Revision, len(c.Events), first+1+int64(i), keys)
		}
	}
}

func testWatchReopen(t *testing.T, open Opener) {
	s, reopen := open(t)
	r := put(t, s, "k", "1")
	put(t, s, "k", "2")
	put(t, s, "k", "3")
	got := describe(watch(t, s, "", r, r+1))
	s = reopen()
	put(t, s, "k", "4")
	got += "; " + describe(watch(t, s, "", r+1, r+3))
	if want := fmt.Sprintf("%d put k=2; %d put k=3; %d put k=4", r+1, r+2, r+3); got != want {
		t.Errorf("Watch across a reopening saw %q; want %q", got, want)
	}
}

func testWatchEnds(t *testing.T, open Opener) {
	s := only(t, open)
	r := put(t, s, "k", "v")
	cause := errors.New("the caller's reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error, 2)
	started := make(chan struct{}, 2)
	for _, ctx := range []context.Context{ctx, t.Context()} {
		go func() {
			ended <- s.Watch(ctx, "", r-1, func(store.Change) error { started <- struct{}{}; return nil })
		}()
		<-started
	}
	cancel(cause)
	if err := <-ended; !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, cause) {
		t.Errorf("Watch with a cancelled context = %v; want ErrUnavailable with the cause", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := <-ended; !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Watch of a closed store = %v; want ErrUnavailable", err)
	}
}

func testTTL(t *testing.T, open Opener) {
	s := only(t, open)
	const ttl = 1500 * time.Millisecond
	start := time.Now()
	r := commit(t, s, new(store.Txn).PutTTL("short", []byte("v"), ttl).
		PutTTL("too", []byte("v"), ttl).PutTTL("long", []byte("v"), time.Hour).Put("ever", []byte("v")))
	expect(t, s, "short", "v")
	deleted := map[string]bool{}
	for _, c := range watch(t, s, "", r, r+1) {
		for _, e := range c.Events {
			if !e.Deleted || e.Value != nil {
				t.Errorf("event %+v; want a deletion", e)
			}
			deleted[e.Key] = true
		}
	}
	if lived := time.Since(start); lived < ttl {
		t.Errorf("gone after %v; want at least %v", lived, ttl)
	}
	if len(deleted) != 2 || !deleted["short"] || !deleted["too"] {
		t.Errorf("gone at once: %v; want short and too", deleted)
	}
	expect(t, s, "short", "")
	expect(t, s, "long", "v")
	expect(t, s, "ever", "v")
}

func testPermanent(t *testing.T, open Opener) {
	s := only(t, open)
	commit(t, s, new(store.Txn).PutTTL("kept", []byte("v"), time.Second))
	put(t, s, "kept", "w")
	r := commit(t, s, new(store.Txn).PutTTL("after", []byte("v"), time.Second))
	watch(t, s, "", r, r+1) // the later one is gone
	expect(t, s, "kept", "w")
}
