package store

import (
	"context"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Commit writes all of t if all its conditions hold, and returns the revision
// at which a reader knows the result. A transaction that alters nothing (no
// writes, or deletions of absent keys only) returns the store's revision.
//
// The errors are ErrConflict (a condition did not hold), ErrInvalid (the caller's
// mistake), both of which mean that nothing was written, and ErrUnavailable,
// which means that the outcome is unknown. A context that ends while the
// transaction is on its way does not call it back: that too is ErrUnavailable.
func (s *Store) Commit(ctx context.Context, t *Txn) (revision int64, err error) {
	if err := t.check(); err != nil {
		return 0, err
	}
	ctx, done, err := s.request(ctx)
	if err != nil {
		return 0, unavailable("commit", err)
	}
	defer done()
	resp, err := s.commit(ctx, t)
	if err != nil {
		if ctx.Err() != nil {
			err = contextCause(ctx, err)
		}
		return 0, unavailable("commit", err)
	}
	if !resp.Succeeded {
		return 0, ErrConflict
	}
	if err := s.faults.AfterCommit(); err != nil {
		return 0, unavailable("commit", err)
	}
	return resp.Header.Revision, nil
}

func (s *Store) commit(ctx context.Context, t *Txn) (*clientv3.TxnResponse, error) {
	if err := s.faults.BeforeCommit(); err != nil {
		return nil, err
	}
	leases, err := s.grant(ctx, t)
	if err != nil {
		return nil, err
	}
	ops := make([]clientv3.Op, len(t.writes))
	for i, w := range t.writes {
		switch {
		case w.delete:
			ops[i] = clientv3.OpDelete(w.key)
		case w.expire:
			ops[i] = clientv3.OpPut(w.key, string(w.value), clientv3.WithLease(leases[seconds(w.ttl)]))
		default:
			ops[i] = clientv3.OpPut(w.key, string(w.value))
		}
	}
	resp, err := s.client.Txn(ctx).If(t.conditions...).Then(ops...).Commit()
	if err == nil && !resp.Succeeded {
		s.revoke(ctx, leases)
	}
	return resp, err
}

// grant makes one lease for each time to live in t. A lease that no key comes
// to hang on, because the transaction failed, ends by itself and leaves nothing.
func (s *Store) grant(ctx context.Context, t *Txn) (map[int64]clientv3.LeaseID, error) {
	leases := map[int64]clientv3.LeaseID{}
	for _, w := range t.writes {
		ttl := seconds(w.ttl)
		if !w.expire || leases[ttl] != clientv3.NoLease {
			continue
		}
		lease, err := s.client.Grant(ctx, ttl)
		if err != nil {
			return nil, err
		}
		leases[ttl] = lease.ID
	}
	return leases, nil
}

// revoke gives up the leases of a transaction that was not written. A failure
// costs nothing but the memory of an empty lease until it ends.
func (s *Store) revoke(ctx context.Context, leases map[int64]clientv3.LeaseID) {
	for _, id := range leases {
		_, _ = s.client.Revoke(ctx, id)
	}
}

func seconds(ttl time.Duration) int64 {
	return int64((ttl + time.Second - 1) / time.Second)
}
