package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// Mirror keeps everything below a prefix in the memory of its readers, current
// by a watch. Readers are added before Start; after that all methods may be
// called concurrently.
//
// A mirror that loses its place (the store compacted what it had not seen yet,
// or a reader could not read a record) stops for good: memory that misses a
// revocation must not answer. Done is then closed, Err says why, and Wait and
// Refresh fail.
type Mirror struct {
	store   *Store
	prefix  string
	readers []reader
	cancel  context.CancelFunc
	done    chan struct{}

	applied atomic.Int64  // changed with mu held
	mu      sync.Mutex    // guards the fields below
	moved   chan struct{} // closed and made anew whenever applied moves
	err     error
}

type reader struct {
	prefix string
	apply  func([]Event) error
}

// loadedAtOnce is how many events of the first load a reader gets at a time:
// enough for it to share the work among processors.
const loadedAtOnce = 4096

// NewMirror returns a mirror of what stands below prefix, not yet started.
func NewMirror(s *Store, prefix string) *Mirror {
	return &Mirror{store: s, prefix: prefix, done: make(chan struct{}), moved: make(chan struct{})}
}

// Read adds a reader of the keys below prefix. apply gets the events of one
// transaction at a time, in the order of the store's revisions, and of the
// first load some at a time. It is called from one goroutine and must keep the
// events' values unchanged.
func (m *Mirror) Read(prefix string, apply func([]Event) error) {
	m.readers = append(m.readers, reader{prefix, apply})
}

// Start loads what there is and returns when memory holds it; the watch goes on
// in the background until Stop.
func (m *Mirror) Start(ctx context.Context) error {
	var some []Event
	revision, err := m.store.Load(ctx, m.prefix, func(kv KV) error {
		some = append(some, Event{Key: kv.Key, Value: kv.Value, ModRevision: kv.ModRevision})
		if len(some) < loadedAtOnce {
			return nil
		}
		err := m.apply(some)
		some = nil
		return err
	})
	if err == nil {
		err = m.apply(some)
	}
	if err != nil {
		return fmt.Errorf("load the state: %w", err)
	}
	m.applied.Store(revision)
	ctx, m.cancel = context.WithCancel(context.Background())
	go m.follow(ctx, revision)
	return nil
}

// Stop ends the watch and waits for it.
func (m *Mirror) Stop() {
	m.cancel()
	<-m.done
}

// Done is closed when the mirror follows the store no longer.
func (m *Mirror) Done() <-chan struct{} { return m.done }

// Err is the reason why Done is closed: context.Canceled after Stop.
func (m *Mirror) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

// Wait returns when memory has applied a revision.
func (m *Mirror) Wait(ctx context.Context, revision int64) error {
	for {
		m.mu.Lock()
		applied, moved, err := m.applied.Load(), m.moved, m.err
		m.mu.Unlock()
		switch {
		case err != nil:
			return errors.Join(ErrUnavailable, err)
		case applied >= revision:
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return errors.Join(ErrUnavailable, ctx.Err())
		}
	}
}

// Refresh waits until memory has everything that the store had when Refresh was
// called. Many callers share one question to the store.
func (m *Mirror) Refresh(ctx context.Context) error {
	revision, err := m.store.Revision(ctx)
	if err != nil {
		return err
	}
	return m.Wait(ctx, revision)
}

// Settle runs a look at memory, and once more, at the store's current revision,
// if it does not settle the matter and memory may have missed something. look
// keeps its findings itself and returns false for a no that may rest on memory
// being behind. The error is the store's: the findings then prove nothing.
func (m *Mirror) Settle(ctx context.Context, look func() (settled bool)) error {
	seen := m.applied.Load() // before the look, which may see more
	if look() {
		return nil
	}
	revision, err := m.store.Revision(ctx)
	if err != nil || revision <= seen {
		return err
	}
	if err := m.Wait(ctx, revision); err != nil {
		return err
	}
	look()
	return nil
}

func (m *Mirror) follow(ctx context.Context, revision int64) {
	err := m.store.Watch(ctx, m.prefix, revision, func(c Change) error {
		if err := m.apply(c.Events); err != nil {
			return err
		}
		m.mu.Lock()
		m.applied.Store(max(m.applied.Load(), c.Revision))
		close(m.moved)
		m.moved = make(chan struct{})
		m.mu.Unlock()
		return nil
	})
	m.mu.Lock()
	m.err = err
	close(m.moved)
	m.moved = make(chan struct{})
	m.mu.Unlock()
	close(m.done)
}

// apply hands each reader its part of a transaction.
func (m *Mirror) apply(events []Event) error {
	for _, r := range m.readers {
		mine := events
		if r.prefix != m.prefix {
			mine = nil
			for _, e := range events {
				if strings.HasPrefix(e.Key, r.prefix) {
					mine = append(mine, e)
				}
			}
		}
		if len(mine) == 0 {
			continue
		}
		if err := r.apply(mine); err != nil {
			return err
		}
	}
	return nil
}
