package s3

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/policy"
)

// bucketPrefix is where the records of buckets stand, each under its name: names
// are shared by all accounts.
const bucketPrefix = iam.Root + "bucket/"

// Bucket is the record of a bucket: who owns it and what its policy says. The
// upstream knows neither. A Bucket is not changed after it was read.
type Bucket struct {
	Name    string        `json:"name"`
	Owner   arn.AccountID `json:"owner"`
	Created time.Time     `json:"created"`
	Region  string        `json:"region"`
	// Policy is the bucket policy with its principals by unique id; nil for none.
	Policy *iam.Document `json:"policy,omitempty"`

	revision int64 // that wrote the record
}

// ARN returns the name of the bucket, or of the object in it with a key.
func (b *Bucket) ARN(key string) string {
	if key == "" {
		return "arn:aws:s3:::" + b.Name
	}
	return "arn:aws:s3:::" + b.Name + "/" + key
}

// compiled returns the bucket policy, nil for none. An error means a damaged
// store: nothing can be decided then, since the policy may hold a Deny.
func (b *Bucket) compiled() (*policy.Policy, error) {
	if b.Policy == nil {
		return nil, nil
	}
	p, err := b.Policy.Policy(policy.Resource)
	if err != nil {
		return nil, fmt.Errorf("policy of bucket %s: %w", b.Name, err)
	}
	return p, nil
}

// same reports whether two records are of one bucket, and not of one that was
// made anew under the name of the other.
func (b *Bucket) same(o *Bucket) bool { return b.Owner == o.Owner && b.Created.Equal(o.Created) }

// Buckets holds the records of all buckets, in memory by the mirror. It is safe
// for concurrent use.
type Buckets struct {
	store  *store.Store
	mirror *store.Mirror

	mu     sync.RWMutex // guards byName
	byName map[string]*Bucket

	// making holds a lock for the names that share a hash: making and deleting
	// a bucket is one step at the upstream and one in the store, and the two of
	// one request are not mixed with those of another on this node.
	making [64]sync.Mutex
}

// NewBuckets returns the buckets in a store. They are read through the mirror,
// which the caller starts afterwards.
func NewBuckets(s *store.Store, mirror *store.Mirror) *Buckets {
	b := &Buckets{store: s, mirror: mirror, byName: map[string]*Bucket{}}
	mirror.Read(bucketPrefix, b.apply)
	return b
}

func (x *Buckets) apply(events []store.Event) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range events {
		name := strings.TrimPrefix(e.Key, bucketPrefix)
		if e.Deleted {
			delete(x.byName, name)
			continue
		}
		b := &Bucket{revision: e.ModRevision}
		if err := json.Unmarshal(e.Value, b); err != nil {
			return fmt.Errorf("read %s: %w", e.Key, err)
		}
		x.byName[name] = b
	}
	return nil
}

func (x *Buckets) get(name string) (*Bucket, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	b, ok := x.byName[name]
	return b, ok
}

// ownedBy lists the buckets of an account by name.
func (x *Buckets) ownedBy(owner arn.AccountID) []*Bucket {
	x.mu.RLock()
	var all []*Bucket
	for _, b := range x.byName {
		if b.Owner == owner {
			all = append(all, b)
		}
	}
	x.mu.RUnlock()
	slices.SortFunc(all, func(a, b *Bucket) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// lock keeps other makers and deleters of a bucket out until unlock is called.
func (x *Buckets) lock(name string) (unlock func()) {
	hash := uint32(2166136261) // FNV-1a
	for i := range len(name) {
		hash = (hash ^ uint32(name[i])) * 16777619
	}
	m := &x.making[hash%uint32(len(x.making))]
	m.Lock()
	return m.Unlock
}

// add writes the record of a new bucket and reports false if there is one.
func (x *Buckets) add(ctx context.Context, b *Bucket) (bool, error) {
	value, err := json.Marshal(b)
	if err != nil {
		return false, err
	}
	key := bucketPrefix + b.Name
	err = x.commit(ctx, (&store.Txn{}).Absent(key).Put(key, value))
	if errors.Is(err, store.ErrConflict) {
		return false, x.refresh(ctx)
	}
	return err == nil, err
}

// remove deletes the record of old. That it is gone already, or that the name
// belongs to another bucket by now, is not an error.
func (x *Buckets) remove(ctx context.Context, old *Bucket) error {
	return x.retry(ctx, old, func(b *Bucket) (*store.Txn, error) {
		key := bucketPrefix + b.Name
		return (&store.Txn{}).Unchanged(key, b.revision).Delete(key), nil
	})
}

// setPolicy replaces the policy of old; nil takes it away. It is a NoSuchBucket
// if old was deleted meanwhile.
func (x *Buckets) setPolicy(ctx context.Context, old *Bucket, doc *iam.Document) error {
	done := false
	err := x.retry(ctx, old, func(b *Bucket) (*store.Txn, error) {
		done = true
		next := Bucket{Name: b.Name, Owner: b.Owner, Created: b.Created, Region: b.Region, Policy: doc}
		value, err := json.Marshal(&next)
		key := bucketPrefix + b.Name
		return (&store.Txn{}).Unchanged(key, b.revision).Put(key, value), err
	})
	if err == nil && !done {
		return noSuchBucket(old.Name)
	}
	return err
}

// changeAttempts is how often a change is worked out again because another node
// changed the bucket first.
const changeAttempts = 16

// retry commits what work makes of the current record of old, as often as
// somebody else was faster. It ends without a word when old is gone.
func (x *Buckets) retry(ctx context.Context, old *Bucket, work func(*Bucket) (*store.Txn, error)) error {
	for range changeAttempts {
		b, ok := x.get(old.Name)
		if !ok || !b.same(old) {
			return nil
		}
		txn, err := work(b)
		if err != nil {
			return err
		}
		if err = x.commit(ctx, txn); !errors.Is(err, store.ErrConflict) {
			return err
		}
		if err := x.refresh(ctx); err != nil {
			return err
		}
	}
	return apierr.OperationAborted.New("A conflicting conditional operation is currently in progress against this resource. Please try again.")
}

// commit returns when memory has the change, so that this node reads its own
// writes. store.ErrConflict comes through as it is.
func (x *Buckets) commit(ctx context.Context, txn *store.Txn) error {
	revision, err := x.store.Commit(ctx, txn)
	if err == nil {
		err = x.mirror.Wait(ctx, revision)
	}
	return unavailable(err)
}

func (x *Buckets) refresh(ctx context.Context) error {
	return unavailable(x.mirror.Refresh(ctx))
}

// unavailable turns errors of the store into what a client is told: 503.
func unavailable(err error) error {
	if errors.Is(err, store.ErrUnavailable) {
		return apierr.ServiceUnavailable.Wrap(err, "Service is unable to handle request.")
	}
	return err
}

func noSuchBucket(name string) error {
	return apierr.NoSuchBucket.New("The specified bucket does not exist").With("BucketName", name)
}
