package store

import (
	"fmt"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// Limits of a transaction. They are those of an etcd server with default
// settings, less what the request itself takes, so that a transaction that one
// store accepts is not refused by another.
const (
	MaxOps   = 128     // conditions, and writes, in one transaction
	MaxBytes = 1 << 20 // keys and values together
)

// Txn collects the conditions and writes of one transaction. The zero value is
// an empty transaction. The methods return the Txn, so that calls chain; mistakes
// are reported by Commit (ErrInvalid). A Txn belongs to one goroutine, and may
// be committed again, unchanged, after it failed.
type Txn struct {
	conditions []clientv3.Cmp
	writes     []write
}

type write struct {
	key    string
	value  []byte
	ttl    time.Duration // 0: until deleted
	expire bool          // ttl counts
	delete bool
}

// Unchanged asks that key was last written at revision (KV.ModRevision).
// Revision 0 asks that there is no such key, like Absent.
func (t *Txn) Unchanged(key string, revision int64) *Txn {
	return t.condition(clientv3.Compare(clientv3.ModRevision(key), "=", revision))
}

// Absent asks that there is no such key.
func (t *Txn) Absent(key string) *Txn {
	return t.condition(clientv3.Compare(clientv3.CreateRevision(key), "=", 0))
}

// Present asks that key exists, whatever its value.
func (t *Txn) Present(key string) *Txn {
	return t.condition(clientv3.Compare(clientv3.CreateRevision(key), ">", 0))
}

// PrefixEmpty asks that no key begins with prefix. The writes of the same
// transaction do not count: conditions look at the state before it.
func (t *Txn) PrefixEmpty(prefix string) *Txn {
	if prefix == "" {
		all := clientv3.CreateRevision("\x00").WithRange("\x00")
		return t.condition(clientv3.Compare(all, "=", 0))
	}
	return t.condition(clientv3.Compare(clientv3.CreateRevision(prefix).WithPrefix(), "=", 0))
}

// Put writes value under key. The value must not be altered before Commit
// returns.
func (t *Txn) Put(key string, value []byte) *Txn {
	return t.write(write{key: key, value: value})
}

// PutTTL is Put of a key that deletes itself when ttl has passed, which a watch
// sees as any deletion. It never goes early; it may go late by a few seconds,
// and by as much as ttl after a restart or a change of leader, which may start
// the count anew. A later Put of the key makes it permanent. ttl is rounded up
// to whole seconds.
func (t *Txn) PutTTL(key string, value []byte, ttl time.Duration) *Txn {
	return t.write(write{key: key, value: value, ttl: ttl, expire: true})
}

// Delete deletes key. That there is no such key is not an error: add Present
// where it should be.
func (t *Txn) Delete(key string) *Txn {
	return t.write(write{key: key, delete: true})
}

func (t *Txn) condition(c clientv3.Cmp) *Txn {
	t.conditions = append(t.conditions, c)
	return t
}

func (t *Txn) write(w write) *Txn {
	t.writes = append(t.writes, w)
	return t
}

// check reports what no store would accept.
func (t *Txn) check() error {
	if len(t.conditions) > MaxOps || len(t.writes) > MaxOps {
		return fmt.Errorf("%w: %d conditions and %d writes, at most %d of each", ErrInvalid, len(t.conditions), len(t.writes), MaxOps)
	}
	size := 0
	seen := make(map[string]bool, len(t.writes))
	for _, c := range t.conditions {
		key := c.KeyBytes()
		if len(key) == 0 {
			return fmt.Errorf("%w: condition on an empty key", ErrInvalid)
		}
		size += len(key)
	}
	for _, w := range t.writes {
		switch {
		case w.key == "":
			return fmt.Errorf("%w: empty key", ErrInvalid)
		case seen[w.key]:
			return fmt.Errorf("%w: key %q is written twice", ErrInvalid, w.key)
		case w.expire && w.ttl <= 0:
			return fmt.Errorf("%w: key %q has a time to live of %v", ErrInvalid, w.key, w.ttl)
		}
		seen[w.key] = true
		size += len(w.key) + len(w.value)
	}
	if size > MaxBytes {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrInvalid, size, MaxBytes)
	}
	return nil
}
