package iam

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/store"
)

// AdminName is the user that the first start makes. It is an ordinary user with
// the policy AdministratorAccess: nothing lets it pass by the engine.
const AdminName = "admin"

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"

// FirstAccount is what the first start makes.
type FirstAccount struct {
	Account         arn.AccountID
	AccessKeyID     string
	SecretAccessKey string
}

// firstKey tells which account and key the first start made.
const firstKey = Root + "first"

// First returns what the first start made, without the secret, or false before
// the first start.
func (x *IAM) First(ctx context.Context) (FirstAccount, bool, error) {
	kv, ok, err := x.store.Get(ctx, firstKey)
	if err != nil || !ok {
		return FirstAccount{}, false, err
	}
	account, err := arn.ParseAccountID(string(kv.Value))
	return FirstAccount{Account: account}, true, err
}

// NewKey returns first with a key that is made up.
func (x *IAM) NewKey(first FirstAccount) FirstAccount {
	first.AccessKeyID = newAccessKeyID(longTermKeyPrefix, first.Account)
	first.SecretAccessKey = newSecretAccessKey()
	return first
}

// IsAdminKey reports whether a key is one of the administrator's.
func (x *IAM) IsAdminKey(account arn.AccountID, id, secret string) bool {
	key, ok := x.AccessKey(id)
	if !ok || key.Account != account {
		return false
	}
	owner, ok := x.UserByID(key.User)
	if !ok || owner.Name.Name != AdminName {
		return false
	}
	want, err := x.SecretOf(key)
	return err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(secret)) == 1
}

// Bootstrap makes the first account with its administrator, in one transaction.
// Of several nodes that start together one does it; the others get
// store.ErrConflict.
func (x *IAM) Bootstrap(ctx context.Context, first FirstAccount) error {
	c := &change{
		account: &account{id: first.Account, keys: map[string]*AccessKey{}},
		x:       x, txn: &store.Txn{}, now: x.now().UTC().Truncate(time.Second),
	}
	c.txn.Absent(firstKey).Put(firstKey, []byte(first.Account))
	c.txn.Unchanged(headKey(first.Account), 0).Put(headKey(first.Account), []byte(strconv.FormatInt(c.now.Unix(), 10)))
	c.put(accountKey(first.Account), &Account{ID: first.Account, Name: "Rolecall", Email: "root@rolecall.invalid", Created: c.now})
	admin := &User{
		Name:        c.newName(userIDPrefix, "/", AdminName),
		Permissions: Permissions{Attached: []string{administratorAccess}},
	}
	c.putUser(admin)
	if _, err := c.newAccessKey(admin.ID, first.AccessKeyID, first.SecretAccessKey); err != nil {
		return err
	}
	if c.err != nil {
		return c.err
	}
	revision, err := x.store.Commit(ctx, c.txn)
	if err != nil {
		return fmt.Errorf("make the first account: %w", err)
	}
	return x.mirror.Wait(ctx, revision)
}

// ErrNoAdmin means that there is nobody whose key could be made anew.
var ErrNoAdmin = errors.New("iam: the data directory has no account yet")

// ResetAdmin makes a new key for the administrator of the first account, with
// the user itself and its policy if they are gone, and deletes its other keys.
func (x *IAM) ResetAdmin(ctx context.Context) (FirstAccount, error) {
	first, ok, err := x.First(ctx)
	if err != nil || !ok {
		return FirstAccount{}, errors.Join(ErrNoAdmin, err)
	}
	err = x.change(ctx, first.Account, func(c *change) error {
		first = c.x.NewKey(first)
		admin := User{Name: c.newName(userIDPrefix, "/", AdminName)}
		if old, ok := c.users.get(AdminName); ok {
			admin = *old
		}
		admin.Attached = []string{administratorAccess}
		admin.Boundary = ""
		c.putUser(&admin)
		for _, key := range c.keysOf(admin.ID) {
			c.deleteKey(key)
		}
		_, err := c.newAccessKey(admin.ID, first.AccessKeyID, first.SecretAccessKey)
		return err
	})
	return first, err
}

// MakeRootKey makes an access key of the root user of the first account.
func (x *IAM) MakeRootKey(ctx context.Context) (FirstAccount, error) {
	first, ok, err := x.First(ctx)
	if err != nil || !ok {
		return FirstAccount{}, errors.Join(ErrNoAdmin, err)
	}
	err = x.change(ctx, first.Account, func(c *change) error {
		if len(c.keysOf("")) >= maxAccessKeysOfUser {
			return limitExceeded("AccessKeysPerUser", maxAccessKeysOfUser)
		}
		first = c.x.NewKey(first)
		_, err := c.newAccessKey("", first.AccessKeyID, first.SecretAccessKey)
		return err
	})
	return first, err
}

// DeleteRootKeys deletes all access keys of the root user of the first account.
func (x *IAM) DeleteRootKeys(ctx context.Context) error {
	first, ok, err := x.First(ctx)
	if err != nil || !ok {
		return errors.Join(ErrNoAdmin, err)
	}
	return x.change(ctx, first.Account, func(c *change) error {
		for _, key := range c.keysOf("") {
			c.deleteKey(key)
		}
		return nil
	})
}
