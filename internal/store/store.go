package store

import (
	"context"
	"errors"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// requestTimeout bounds every request whose context has no earlier deadline, so
// that a store without a leader answers ErrUnavailable rather than never.
const requestTimeout = 5 * time.Second

// Store is an open store. All methods may be called concurrently.
type Store struct {
	client  *clientv3.Client
	stop    func() error // ends the embedded member and gives up the lock
	faults  Faults
	barrier barrier

	// ctx ends when Close begins; every request and watch hangs on it.
	ctx    context.Context
	cancel context.CancelCauseFunc

	closing  sync.Once
	closeErr error

	// mu guards closed and orders it before requests.Wait: no request is added
	// once closed is true.
	mu       sync.Mutex
	closed   bool
	requests sync.WaitGroup // requests and watches in flight
}

// KV is one key with its value as of a revision.
type KV struct {
	Key         string
	Value       []byte // the caller's own copy
	ModRevision int64  // the revision that wrote the value; the condition Txn.Unchanged takes it
}

// Open returns a store on a cluster that runs elsewhere. It asks the cluster
// for its revision once, so that a wrong address or a wrong certificate ends the
// start and not the first request. Close closes the connection and leaves the
// cluster alone.
func Open(ctx context.Context, config clientv3.Config) (*Store, error) {
	client, err := clientv3.New(config)
	if err != nil {
		return nil, unavailable("connect to the store", err)
	}
	s := newStore(client, nil, func() error { return nil })
	if _, err := s.Revision(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func newStore(client *clientv3.Client, faults Faults, stop func() error) *Store {
	if faults == nil {
		faults = noFaults{}
	}
	s := &Store{client: client, stop: stop, faults: faults}
	s.ctx, s.cancel = context.WithCancelCause(context.Background())
	s.barrier.read = s.readRevision
	return s
}

// Close ends every watch with ErrUnavailable, waits for requests in flight,
// stops the embedded member and gives up the directory. No goroutine of the
// store is left when it returns. Every call returns the result of the first.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.cancel(errClosed)
		s.requests.Wait()
		err := s.client.Close()
		if errors.Is(err, context.Canceled) {
			err = nil // the client reports the end of its own context
		}
		s.closeErr = errors.Join(err, s.stop())
	})
	return s.closeErr
}

// begin admits one request: the context it returns ends with the caller's and
// with the store. done must be called. A closed store admits nothing.
func (s *Store) begin(ctx context.Context) (_ context.Context, done func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, errClosed
	}
	s.requests.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(s.ctx, func() { cancel(errClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
		s.requests.Done()
	}, nil
}

// request is begin with requestTimeout.
func (s *Store) request(ctx context.Context) (_ context.Context, done func(), err error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	return ctx, func() { cancel(); end() }, nil
}
