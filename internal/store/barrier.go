package store

import (
	"context"
	"sync"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Revision returns the store's current revision by a linearizable read: it is
// at least the revision of every transaction acknowledged, on whatever node,
// before the call. A reader that has applied it knows all of them.
//
// Callers share reads. A caller joins only a read that starts after its call,
// so at most one read is in flight and one is waiting, however many callers
// there are. A caller whose context ends leaves; the read goes on for the
// others.
func (s *Store) Revision(ctx context.Context) (int64, error) {
	revision, err := s.barrier.wait(ctx)
	if err != nil {
		return 0, unavailable("read the revision", err)
	}
	return revision, nil
}

func (s *Store) readRevision() (int64, error) {
	// Counting an absent key is the cheapest linearizable read.
	resp, err := s.get(s.ctx, "\x00", clientv3.WithCountOnly())
	if err != nil {
		return 0, err
	}
	return resp.Header.Revision, nil
}

// barrier shares one read among the callers that were there before it started.
type barrier struct {
	read func() (int64, error)

	mu      sync.Mutex // guards what follows
	next    *flight    // the read that has not started; nil when nobody waits for one
	running bool       // a goroutine is taking flights from next
}

// flight is one shared read. revision and err are written before done is
// closed and only read afterwards.
type flight struct {
	done     chan struct{}
	revision int64
	err      error
}

func (b *barrier) wait(ctx context.Context) (int64, error) {
	f := b.join()
	select {
	case <-f.done:
		return f.revision, f.err
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

func (b *barrier) join() *flight {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = &flight{done: make(chan struct{})}
	}
	if !b.running {
		b.running = true
		go b.run()
	}
	return b.next
}

// run makes reads, one after the other, until nobody waits.
func (b *barrier) run() {
	for {
		f := b.take()
		if f == nil {
			return
		}
		f.revision, f.err = b.read()
		close(f.done)
	}
}

// take closes the waiting flight to new callers and returns it, or ends run.
func (b *barrier) take() *flight {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.next
	b.next = nil
	b.running = f != nil
	return f
}
