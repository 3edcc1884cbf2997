package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// rewatchDelay is the pause before a watch that the store ended is made anew.
const rewatchDelay = 50 * time.Millisecond

// Change is one revision of the store: all that one transaction, or the expiry
// of keys, altered below the watched prefix. Events is empty when the revision
// altered only keys elsewhere; the reader then knows that it is as current as
// Revision.
type Change struct {
	Revision int64
	Events   []Event // at most one for each key, in no particular order
}

// Event is one key that was written or deleted.
type Event struct {
	Key         string
	Value       []byte // nil when deleted
	Deleted     bool   // deleted, or its time to live has passed
	ModRevision int64  // equal to Change.Revision
}

// Watch calls fn for every revision after afterRevision, each exactly once, in
// order and without a gap, until ctx ends or fn fails. Every revision of the
// store is reported, with the events below prefix, so that a reader that waits
// for a revision is never kept waiting because it concerned others. A lost
// connection is made anew without the caller noticing. fn is called from one
// goroutine, the caller's; what it does not keep up with waits in memory.
//
// Watch always returns an error: fn's, as it is; ErrCompacted when changes after
// afterRevision are no longer kept, so that the caller must Load again;
// ErrUnavailable, wrapping the cause, when ctx ended or the store was closed.
func (s *Store) Watch(ctx context.Context, prefix string, afterRevision int64, fn func(Change) error) error {
	op := fmt.Sprintf("watch %q", prefix)
	ctx, done, err := s.begin(ctx)
	if err != nil {
		return unavailable(op, err)
	}
	defer done()
	r := &cursor{prefix: prefix, seen: afterRevision, fn: fn}
	for {
		err := s.watchOnce(ctx, r)
		switch {
		case r.failed != nil:
			return r.failed
		case ctx.Err() != nil:
			return unavailable(op, context.Cause(ctx))
		case errors.Is(err, ErrCompacted):
			return fmt.Errorf("%s after revision %d: %w", op, r.seen, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(rewatchDelay):
		}
	}
}

// watchOnce reports changes until the store ends the watch, and says why.
//
// The watch is on all keys, and the prefix is chosen here: a watch on the prefix
// would have to ask for progress to learn of revisions elsewhere. The client
// puts fragments together, so a response holds whole revisions.
func (s *Store) watchOnce(ctx context.Context, r *cursor) error {
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	responses := s.client.Watch(ctx, "\x00", clientv3.WithFromKey(),
		clientv3.WithRev(r.seen+1), clientv3.WithFragment())
	for resp := range responses {
		if resp.CompactRevision != 0 {
			return ErrCompacted
		}
		if err := resp.Err(); err != nil {
			return err
		}
		if r.deliver(resp.Events); r.failed != nil {
			return r.failed
		}
	}
	return errors.New("the watch ended")
}

// cursor is the receiving end of one Watch; it belongs to Watch's goroutine.
type cursor struct {
	prefix string
	fn     func(Change) error
	seen   int64 // the last revision that fn has been called for
	failed error // what fn returned
}

// deliver cuts events, which are in the order of their revisions, into changes.
func (r *cursor) deliver(events []*clientv3.Event) {
	for len(events) > 0 && r.failed == nil {
		revision, n := events[0].Kv.ModRevision, 1
		for n < len(events) && events[n].Kv.ModRevision == revision {
			n++
		}
		if revision > r.seen {
			r.failed = r.fn(r.change(revision, events[:n]))
			r.seen = revision
		}
		events = events[n:]
	}
}

func (r *cursor) change(revision int64, events []*clientv3.Event) Change {
	c := Change{Revision: revision}
	for _, e := range events {
		key := string(e.Kv.Key)
		if !strings.HasPrefix(key, r.prefix) {
			continue
		}
		c.Events = append(c.Events, Event{
			Key:         key,
			Value:       e.Kv.Value,
			Deleted:     e.Type == clientv3.EventTypeDelete,
			ModRevision: revision,
		})
	}
	return c
}
