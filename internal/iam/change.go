package iam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/store"
)

// changeAttempts is how often a change is worked out again because another node
// changed the account first.
const changeAttempts = 16

// change is one transaction on an account while it is worked out: the account
// as memory has it, and the writes collected so far.
type change struct {
	*account
	x   *IAM
	txn *store.Txn
	now time.Time
	err error
}

// change runs work on an account and commits what it collected, on the
// condition that nobody changed the account meanwhile; otherwise work runs
// again on the newer account. work must have no other effects, must not block,
// and returns an error to give up. change returns when memory has the change.
//
// Giving up may rest on memory that is behind ("no such role", "invalid
// principal", a quota that another node has made room in), so it is decided once
// more at the store's current revision.
//
// When the store does not answer, the outcome is unknown and the client is told
// 503: it may ask again.
func (x *IAM) change(ctx context.Context, id arn.AccountID, work func(*change) error) error {
	lock := x.changeLock(id)
	lock.Lock()
	defer lock.Unlock()
	for range changeAttempts {
		var c *change
		var err error
		settleErr := x.Settle(ctx, func() bool {
			c, err = x.prepare(id, work)
			return err == nil
		})
		if settleErr != nil {
			return settleErr
		}
		if err != nil {
			return err
		}
		revision, err := x.store.Commit(ctx, c.txn)
		switch {
		case err == nil:
			return unavailable(x.mirror.Wait(ctx, revision))
		case !errors.Is(err, store.ErrConflict):
			return unavailable(err)
		}
		if err := x.Refresh(ctx); err != nil {
			return err
		}
	}
	return apierr.ConcurrentModification.New("The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and submit your request again.")
}

func (x *IAM) prepare(id arn.AccountID, work func(*change) error) (*change, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.accounts[id]
	if a == nil {
		return nil, fmt.Errorf("change account %q: not in memory", id)
	}
	c := &change{account: a, x: x, txn: &store.Txn{}, now: x.now().UTC().Truncate(time.Second)}
	if err := work(c); err != nil {
		return nil, err
	}
	if c.err != nil {
		return nil, c.err
	}
	key := headKey(id)
	c.txn.Unchanged(key, a.head).Put(key, headValue(c.now))
	return c, nil
}

// headValue is what a head holds: when the account was last changed, for people
// to read. What counts is its revision.
func headValue(now time.Time) []byte { return strconv.AppendInt(nil, now.Unix(), 10) }

func (x *IAM) changeLock(id arn.AccountID) *sync.Mutex {
	x.changingMu.Lock()
	defer x.changingMu.Unlock()
	lock := x.changing[id]
	if lock == nil {
		lock = &sync.Mutex{}
		x.changing[id] = lock
	}
	return lock
}

// put stores a record under a key.
func (c *change) put(key string, record any) {
	b, err := json.Marshal(record)
	if err != nil {
		c.err = errors.Join(c.err, err)
		return
	}
	c.txn.Put(key, b)
}

// newName returns the Name of an entity that this change makes.
func (c *change) newName(prefix, path, name string) Name {
	return Name{ID: newUniqueID(prefix), Account: c.id, Name: name, Path: path, Created: c.now}
}

func (c *change) putUser(u *User)   { c.put(entityKey(userPrefix, c.id, u.ID), u) }
func (c *change) putGroup(g *Group) { c.put(entityKey(groupPrefix, c.id, g.ID), g) }
func (c *change) putRole(r *Role)   { c.put(entityKey(rolePrefix, c.id, r.ID), r) }
func (c *change) putPolicy(p *ManagedPolicy) {
	c.put(entityKey(policyPrefix, c.id, p.ID), p)
}
func (c *change) putProfile(p *InstanceProfile) {
	c.put(entityKey(profilePrefix, c.id, p.ID), p)
}
func (c *change) putKey(k *AccessKey) { c.put(keyPrefix+k.ID, k) }

func (c *change) deleteUser(u *User)            { c.txn.Delete(entityKey(userPrefix, c.id, u.ID)) }
func (c *change) deleteGroup(g *Group)          { c.txn.Delete(entityKey(groupPrefix, c.id, g.ID)) }
func (c *change) deleteRole(r *Role)            { c.txn.Delete(entityKey(rolePrefix, c.id, r.ID)) }
func (c *change) deletePolicy(p *ManagedPolicy) { c.txn.Delete(entityKey(policyPrefix, c.id, p.ID)) }
func (c *change) deleteProfile(p *InstanceProfile) {
	c.txn.Delete(entityKey(profilePrefix, c.id, p.ID))
}
func (c *change) deleteKey(k *AccessKey) { c.txn.Delete(keyPrefix + k.ID) }
