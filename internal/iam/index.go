package iam

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/store"
)

// index is the store's content in memory. The mirror's goroutine writes it, a
// whole transaction at a time under mu; everybody else reads under mu and may
// keep the records, which never change, but not the tables.
type index struct {
	mu           sync.RWMutex
	accounts     map[arn.AccountID]*account
	users        map[string]*User // by unique id, of all accounts
	roles        map[string]*Role
	keys         map[string]*AccessKey
	keyUse       map[string]Use
	roleUse      map[string]Use
	organization *Organization
	// createStatuses are the requests to make an account, by their ids.
	createStatuses map[string]*CreateAccountStatus
}

// account is one account's content.
type account struct {
	id     arn.AccountID
	record *Account
	// head is the revision of the account's last change: the condition of the next.
	head     int64
	users    *table[*User]
	groups   *table[*Group]
	roles    *table[*Role]
	policies *table[*ManagedPolicy]
	profiles *table[*InstanceProfile]
	keys     map[string]*AccessKey
	// usage counts where managed policies hang in this account, by their ARN.
	usage map[string]policyUsage
}

func newIndex() *index {
	return &index{
		accounts: map[arn.AccountID]*account{},
		users:    map[string]*User{},
		roles:    map[string]*Role{},
		keys:     map[string]*AccessKey{},
		keyUse:   map[string]Use{},
		roleUse:  map[string]Use{},

		createStatuses: map[string]*CreateAccountStatus{},
	}
}

// account returns an account for reading, an empty one if there is none.
func (x *index) account(id arn.AccountID) *account {
	if a := x.accounts[id]; a != nil {
		return a
	}
	return newAccount(id)
}

// made returns the account for writing, making it if needed: the events of one
// transaction come in the order of their keys, not of their meaning.
func (x *index) made(id arn.AccountID) *account {
	a := x.accounts[id]
	if a == nil {
		a = newAccount(id)
		x.accounts[id] = a
	}
	return a
}

func newAccount(id arn.AccountID) *account {
	return &account{
		id: id, users: newTable[*User](), groups: newTable[*Group](), roles: newTable[*Role](),
		policies: newTable[*ManagedPolicy](), profiles: newTable[*InstanceProfile](),
		keys: map[string]*AccessKey{}, usage: map[string]policyUsage{},
	}
}

// apply takes the events of one revision, or some of the first load. An event
// that cannot be read is an error: to go on without it could mean to go on
// without a Deny.
func (x *index) apply(events []store.Event) error {
	changes, err := x.readAll(events)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, change := range changes {
		change()
	}
	return nil
}

// readAtOnce is how many events one goroutine reads. A revision seldom has more,
// the first load does.
const readAtOnce = 256

// readAll reads events on all processors and returns what they change, in their
// order.
func (x *index) readAll(events []store.Event) ([]func(), error) {
	changes := make([]func(), len(events))
	errs := make([]error, (len(events)+readAtOnce-1)/readAtOnce)
	var wg sync.WaitGroup
	for n := range errs {
		from := n * readAtOnce
		to := min(from+readAtOnce, len(events))
		wg.Go(func() { errs[n] = x.readSome(events[from:to], changes[from:to]) })
	}
	wg.Wait()
	return changes, errors.Join(errs...)
}

func (x *index) readSome(events []store.Event, changes []func()) (err error) {
	for i := range events {
		if changes[i], err = x.read(&events[i]); err != nil {
			return fmt.Errorf("read %s: %w", events[i].Key, err)
		}
	}
	return nil
}

// read decodes an event and returns what to do about it under mu. It looks at
// nothing that others write.
func (x *index) read(e *store.Event) (change func(), err error) {
	switch key := e.Key; {
	case strings.HasPrefix(key, headPrefix):
		return func() { x.made(arn.AccountID(key[len(headPrefix):])).head = e.ModRevision }, nil
	case strings.HasPrefix(key, accountPrefix):
		id := arn.AccountID(key[len(accountPrefix):])
		return decode(e, func(a *Account) { x.made(id).record = a })
	case strings.HasPrefix(key, userPrefix):
		return x.readUser(e)
	case strings.HasPrefix(key, rolePrefix):
		return x.readRole(e)
	case strings.HasPrefix(key, groupPrefix):
		return x.readGroup(e)
	case strings.HasPrefix(key, policyPrefix):
		return readEntity(x, e, policyPrefix, func(a *account) *table[*ManagedPolicy] { return a.policies })
	case strings.HasPrefix(key, profilePrefix):
		return readEntity(x, e, profilePrefix, func(a *account) *table[*InstanceProfile] { return a.profiles })
	case strings.HasPrefix(key, keyPrefix):
		return x.readKey(e)
	case strings.HasPrefix(key, keyUsePrefix):
		return decode(e, func(u *Use) { setOrDelete(x.keyUse, key[len(keyUsePrefix):], u) })
	case strings.HasPrefix(key, roleUsePrefix):
		return decode(e, func(u *Use) { setOrDelete(x.roleUse, key[len(roleUsePrefix):], u) })
	case strings.HasPrefix(key, createStatusPrefix):
		return x.readCreateStatus(e)
	case key == organizationKey:
		return decode(e, func(o *Organization) { x.organization = o })
	}
	return func() {}, nil // a prefix that others own
}

func (x *index) readUser(e *store.Event) (func(), error) {
	account, id, _ := splitEntityKey(userPrefix, e.Key)
	return decode(e, func(u *User) {
		a := x.made(account)
		if old := a.users.byID[id]; old != nil {
			a.count(&old.Permissions, old.Boundary, -1)
		}
		if u == nil {
			delete(x.users, id)
			a.users.remove(id)
			return
		}
		u.applied = &appliedDocuments{}
		x.users[id] = u
		a.users.put(u)
		a.count(&u.Permissions, u.Boundary, +1)
	})
}

func (x *index) readRole(e *store.Event) (func(), error) {
	account, id, _ := splitEntityKey(rolePrefix, e.Key)
	return decode(e, func(r *Role) {
		a := x.made(account)
		if old := a.roles.byID[id]; old != nil {
			a.count(&old.Permissions, old.Boundary, -1)
		}
		if r == nil {
			delete(x.roles, id)
			a.roles.remove(id)
			return
		}
		r.applied = &appliedDocuments{}
		x.roles[id] = r
		a.roles.put(r)
		a.count(&r.Permissions, r.Boundary, +1)
	})
}

func (x *index) readGroup(e *store.Event) (func(), error) {
	account, id, _ := splitEntityKey(groupPrefix, e.Key)
	return decode(e, func(g *Group) {
		a := x.made(account)
		if old := a.groups.byID[id]; old != nil {
			a.count(&old.Permissions, "", -1)
		}
		if g == nil {
			a.groups.remove(id)
			return
		}
		a.groups.put(g)
		a.count(&g.Permissions, "", +1)
	})
}

func (x *index) readKey(e *store.Event) (func(), error) {
	id := e.Key[len(keyPrefix):]
	return decode(e, func(k *AccessKey) {
		if old := x.keys[id]; old != nil {
			delete(x.made(old.Account).keys, id)
		}
		delete(x.keys, id)
		if k != nil {
			k.opened = &openedSecret{}
			x.keys[id] = k
			x.made(k.Account).keys[id] = k
		}
	})
}

// readEntity puts or removes an entity of the table that of names.
func readEntity[T any, E interface {
	*T
	entity
}](x *index, e *store.Event, prefix string, of func(*account) *table[E]) (func(), error) {
	account, id, _ := splitEntityKey(prefix, e.Key)
	return decode(e, func(v *T) {
		if v == nil {
			of(x.made(account)).remove(id)
			return
		}
		of(x.made(account)).put(E(v))
	})
}

// decode reads the event's record and returns what hands it to use, or nil if it
// was deleted.
func decode[T any](e *store.Event, use func(*T)) (func(), error) {
	if e.Deleted {
		return func() { use(nil) }, nil
	}
	v := new(T)
	if err := json.Unmarshal(e.Value, v); err != nil {
		return nil, err
	}
	return func() { use(v) }, nil
}

func setOrDelete[V any](m map[string]V, key string, v *V) {
	if v == nil {
		delete(m, key)
		return
	}
	m[key] = *v
}
