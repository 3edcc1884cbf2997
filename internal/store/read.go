package store

import (
	"context"
	"fmt"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Load reads pages of about pageBytes, so that a snapshot of any size needs
// little memory, yet few requests: each request makes the store count the keys
// that are left. The first page is a guess.
const (
	firstPage = 1_000
	maxPage   = 25_000
	pageBytes = 16 << 20
)

// Get returns the value of key. It is linearizable: it sees every transaction
// acknowledged before the call, on whatever node. When there is no such key it
// returns false and no error.
func (s *Store) Get(ctx context.Context, key string) (KV, bool, error) {
	if key == "" {
		return KV{}, false, nil // no transaction writes the empty key
	}
	resp, err := s.get(ctx, key)
	if err != nil {
		return KV{}, false, unavailable(fmt.Sprintf("get %q", key), err)
	}
	if len(resp.Kvs) == 0 {
		return KV{}, false, nil
	}
	kv := resp.Kvs[0]
	return KV{Key: string(kv.Key), Value: kv.Value, ModRevision: kv.ModRevision}, true, nil
}

// Load calls fn for every key that begins with prefix, in the order of the
// keys' bytes, as they all were at the revision that it returns. The snapshot
// is linearizable like Get. The empty prefix stands for every key. An error of
// fn ends the load and is returned as it is. fn must not keep the store waiting
// for minutes: ErrCompacted means that the snapshot is gone, and fn has been
// called for some of the keys.
func (s *Store) Load(ctx context.Context, prefix string, fn func(KV) error) (revision int64, err error) {
	op := fmt.Sprintf("load %q", prefix)
	end := clientv3.WithRange(clientv3.GetPrefixRangeEnd(prefix))
	from, limit := prefix, int64(firstPage)
	if from == "" {
		from = "\x00"
	}
	for {
		resp, err := s.get(ctx, from, end, clientv3.WithLimit(limit), clientv3.WithRev(revision))
		if err != nil {
			return 0, unavailable(op, err)
		}
		if revision == 0 {
			revision = resp.Header.Revision
		}
		size := 0
		for _, kv := range resp.Kvs {
			size += len(kv.Key) + len(kv.Value)
			if err := fn(KV{Key: string(kv.Key), Value: kv.Value, ModRevision: kv.ModRevision}); err != nil {
				return 0, err
			}
		}
		if !resp.More {
			return revision, nil
		}
		from = string(resp.Kvs[len(resp.Kvs)-1].Key) + "\x00"
		limit = nextPage(len(resp.Kvs), size)
	}
}

// nextPage returns how many keys of the size seen on the last page make about
// pageBytes.
func nextPage(keys, size int) int64 {
	return min(max(int64(keys)*pageBytes/int64(size+1), 1), maxPage)
}

func (s *Store) get(ctx context.Context, key string, opts ...clientv3.OpOption) (*clientv3.GetResponse, error) {
	ctx, done, err := s.request(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := s.faults.BeforeRead(); err != nil {
		return nil, err
	}
	resp, err := s.client.Get(ctx, key, opts...)
	if err != nil && ctx.Err() != nil {
		err = contextCause(ctx, err)
	}
	return resp, err
}
