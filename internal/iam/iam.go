package iam

import (
	"context"
	"errors"
	"sync"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/policy"
)

// Partition is the partition of every name that is made here.
const Partition = "aws"

// IAM is the accounts of one installation. All methods may be called
// concurrently.
type IAM struct {
	index          *index
	store          *store.Store
	mirror         *store.Mirror
	seal           Sealer
	now            func() time.Time
	awsManaged     *awsManaged
	denyAll        *policy.Policy
	inlineSessions sessionCache
	uses           uses

	// changing holds one lock for each account, so that the changes of one node
	// wait for each other instead of losing against each other in the store.
	changingMu sync.Mutex // guards the map
	changing   map[arn.AccountID]*sync.Mutex
}

// Sealer encrypts secrets at rest. associated is not secret: what was sealed
// with one value cannot be opened with another.
type Sealer interface {
	Seal(plaintext, associated []byte) ([]byte, error)
	Open(sealed, associated []byte) ([]byte, error)
}

// New returns the accounts in a store. It reads them through the mirror, which
// the caller starts afterwards; nothing may be asked before that.
func New(s *store.Store, mirror *store.Mirror, sealer Sealer, now func() time.Time) (*IAM, error) {
	managed, err := loadAWSManaged()
	if err != nil {
		return nil, err
	}
	denyAll, err := policy.Parse(policy.Session, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)
	if err != nil {
		return nil, err
	}
	x := &IAM{
		index: newIndex(), store: s, mirror: mirror, seal: sealer, now: now,
		awsManaged: managed, denyAll: denyAll, changing: map[arn.AccountID]*sync.Mutex{},
	}
	mirror.Read(Root, x.index.apply)
	return x, nil
}

// Settle runs a look at memory, and once more at the store's current revision if
// the first returns false: a no that may rest on memory being behind. See
// docs/design/state.md.
func (x *IAM) Settle(ctx context.Context, look func() (settled bool)) error {
	return unavailable(x.mirror.Settle(ctx, look))
}

// Refresh waits until memory has everything that the store has now.
func (x *IAM) Refresh(ctx context.Context) error { return unavailable(x.mirror.Refresh(ctx)) }

// AccountExists reports whether memory knows an account.
func (x *IAM) AccountExists(id arn.AccountID) bool {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.accounts[id]
	return a != nil && a.record != nil
}

// Role returns a role by its ARN, path included.
func (x *IAM) Role(name arn.ARN) (*Role, bool) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.accounts[arn.AccountID(name.Account)]
	if a == nil || name.Service != "iam" || name.ResourceType() != "role" {
		return nil, false
	}
	r, ok := a.roles.get(name.Name())
	if !ok || name != arn.Role(Partition, r.Account, r.Path, r.Name.Name) {
		return nil, false
	}
	return r, true
}

// RoleByID returns the role with a unique id.
func (x *IAM) RoleByID(id string) (*Role, bool) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	r, ok := x.index.roles[id]
	return r, ok
}

// UserByID returns the user with a unique id.
func (x *IAM) UserByID(id string) (*User, bool) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	u, ok := x.index.users[id]
	return u, ok
}

// ManagedPolicyOf reports whether an ARN names a managed policy that may be used
// in an account: one of its own or one of AWS's.
func (x *IAM) ManagedPolicyOf(account arn.AccountID, policyARN string) bool {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	p := x.managedPolicy(policyARN)
	return p != nil && (p.Account == account || p.Account == awsAccount)
}

// isConflict reports whether a commit failed because a condition did not hold.
func isConflict(err error) bool { return errors.Is(err, store.ErrConflict) }

// unavailable turns errors of the store into what a client is told: 503.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, store.ErrUnavailable) {
		return serviceUnavailable(err)
	}
	return err
}
