package iam

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/policy"
)

// The two states of an access key, as the wire spells them.
const (
	statusActive   = "Active"
	statusInactive = "Inactive"
)

// CreateAccessKey makes a key for a user, by default the caller. The answer is
// the only place where the secret is ever shown.
func (x *IAM) CreateAccessKey(ctx context.Context, caller *Caller, in *iamwire.CreateAccessKeyRequest) (*iamwire.CreateAccessKeyResponse, error) {
	secret := newSecretAccessKey()
	var key *AccessKey
	var owner keyOwner
	err := x.change(ctx, caller.Account(), func(c *change) error {
		var err error
		if owner, err = c.keyOwner(caller, in.UserName); err != nil {
			return err
		}
		if len(c.keysOf(owner.id)) >= maxAccessKeysOfUser {
			return limitExceeded("AccessKeysPerUser", maxAccessKeysOfUser)
		}
		if key, err = c.newAccessKey(owner.id, newAccessKeyID(longTermKeyPrefix, c.id), secret); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.CreateAccessKeyResponse{AccessKey: &iamwire.AccessKey{
		UserName: owner.name, AccessKeyId: key.ID, Status: statusActive,
		SecretAccessKey: wire.Sensitive(secret), CreateDate: &key.Created,
	}}, nil
}

// newAccessKey adds a key to the change, on the condition that no account has
// one of that id.
func (c *change) newAccessKey(user, id, secret string) (*AccessKey, error) {
	sealed, err := c.x.seal.Seal([]byte(secret), secretName(id))
	if err != nil {
		return nil, err
	}
	key := &AccessKey{ID: id, Account: c.id, User: user, Active: true, Created: c.now, Sealed: sealed}
	c.txn.Absent(keyPrefix + id)
	c.putKey(key)
	return key, nil
}

// ListAccessKeys lists the keys of a user, by default the caller.
func (x *IAM) ListAccessKeys(_ context.Context, caller *Caller, in *iamwire.ListAccessKeysRequest) (*iamwire.ListAccessKeysResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.account(caller.Account())
	owner, err := a.keyOwner(caller, in.UserName)
	if err != nil {
		return nil, err
	}
	keys, next, err := page(a.keysOf(owner.id), func(k *AccessKey) string { return k.ID }, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.ListAccessKeysResponse{AccessKeyMetadata: []iamwire.AccessKeyMetadata{}, Marker: next, IsTruncated: next != nil}
	for _, k := range keys {
		out.AccessKeyMetadata = append(out.AccessKeyMetadata, iamwire.AccessKeyMetadata{
			UserName: wire.String(owner.name), AccessKeyId: wire.String(k.ID),
			Status: wire.String(k.status()), CreateDate: &k.Created,
		})
	}
	return out, nil
}

// UpdateAccessKey makes a key active or inactive.
func (x *IAM) UpdateAccessKey(ctx context.Context, caller *Caller, in *iamwire.UpdateAccessKeyRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		if in.Status != statusActive && in.Status != statusInactive {
			return apierr.ValidationError.New("Status must be Active or Inactive.")
		}
		old, err := c.ownKey(caller, in.UserName, in.AccessKeyId)
		if err != nil {
			return err
		}
		key := *old
		key.Active = in.Status == statusActive
		c.putKey(&key)
		return nil
	})
}

// DeleteAccessKey deletes a key; sessions made with it live on.
func (x *IAM) DeleteAccessKey(ctx context.Context, caller *Caller, in *iamwire.DeleteAccessKeyRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		key, err := c.ownKey(caller, in.UserName, in.AccessKeyId)
		if err != nil {
			return err
		}
		c.deleteKey(key)
		c.txn.Delete(keyUsePrefix + key.ID)
		return nil
	})
}

// keyOwner is whose keys a request is about; the root user has neither id nor name.
type keyOwner struct{ id, name string }

func (a *account) keyOwner(caller *Caller, given *string) (keyOwner, error) {
	if given == nil && caller.Principal.Type == policy.Root {
		return keyOwner{}, nil
	}
	name, err := caller.userName(given)
	if err != nil {
		return keyOwner{}, err
	}
	u, ok := a.users.get(name)
	if !ok {
		return keyOwner{}, noSuchUser(name)
	}
	return keyOwner{u.ID, u.Name.Name}, nil
}

func (a *account) ownKey(caller *Caller, userName *string, id string) (*AccessKey, error) {
	owner, err := a.keyOwner(caller, userName)
	if err != nil {
		return nil, err
	}
	k := a.keys[id]
	if k == nil || k.User != owner.id {
		return nil, noSuchKey(id)
	}
	return k, nil
}

// keysOf lists the keys of a user by id, of the root user for "".
func (a *account) keysOf(user string) []*AccessKey {
	var keys []*AccessKey
	for _, k := range a.keys {
		if k.User == user {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b *AccessKey) int { return cmp.Compare(a.ID, b.ID) })
	return keys
}

func (k *AccessKey) status() string {
	if k.Active {
		return statusActive
	}
	return statusInactive
}

// AccessKey returns a long-term key by its id.
func (x *IAM) AccessKey(id string) (*AccessKey, bool) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	k, ok := x.index.keys[id]
	return k, ok
}

// secretName is what the secret of a key is bound to when it is sealed.
func secretName(keyID string) []byte { return []byte("access-key/" + keyID) }

// openedSecret remembers the secret of a key once it has been opened, which
// saves a tenth of the gate's own time for each request. It belongs to one
// record in memory and goes with it.
type openedSecret struct{ text atomic.Pointer[string] }

// SecretOf opens the secret of a key.
func (x *IAM) SecretOf(k *AccessKey) (string, error) {
	if k.opened != nil {
		if text := k.opened.text.Load(); text != nil {
			return *text, nil
		}
	}
	b, err := x.seal.Open(k.Sealed, secretName(k.ID))
	if err != nil {
		return "", err
	}
	secret := string(b)
	if k.opened != nil { // a record that is not in memory yet has none
		k.opened.text.Store(&secret)
	}
	return secret, nil
}

// CallerOfKey returns who a long-term key belongs to: a user, or the root user.
// It reports false if the user is gone.
func (x *IAM) CallerOfKey(k *AccessKey) (*Caller, bool) {
	if k.User == "" {
		return &Caller{
			Principal: policy.Principal{Type: policy.Root, ARN: arn.Root(Partition, k.Account).String(), Account: string(k.Account)},
			UserID:    string(k.Account), AccessKeyID: k.ID,
		}, true
	}
	u, ok := x.UserByID(k.User)
	if !ok {
		return nil, false
	}
	return &Caller{
		Principal: policy.Principal{Type: policy.User, ARN: u.ARN(), Account: string(u.Account), ID: u.ID},
		UserID:    u.ID, AccessKeyID: k.ID, User: u,
	}, true
}

// CallerOfSession returns who a session belongs to. It reports false if the
// role is gone: a role made anew has another unique id.
func (x *IAM) CallerOfSession(s *Session, accessKeyID string) (*Caller, bool) {
	r, ok := x.RoleByID(s.PrincipalID)
	if !ok || s.Kind != RoleSession || r.Account != s.Account {
		return nil, false
	}
	return &Caller{
		Principal: policy.Principal{
			Type: policy.RoleSession, Account: string(r.Account), Role: r.ARN(), ID: r.ID, Session: s.Name,
			ARN: arn.AssumedRole(Partition, r.Account, r.Name.Name, s.Name).String(),
		},
		UserID: r.ID + ":" + s.Name, AccessKeyID: accessKeyID, Role: r, Session: s,
	}, true
}

// OwnerOfKey describes the user that a key of an account belongs to; of a key
// that is not there, any user of the account.
func (x *IAM) OwnerOfKey(account arn.AccountID, keyID string) Resource {
	if k, ok := x.AccessKey(keyID); ok && k.Account == account {
		if u, ok := x.UserByID(k.User); ok {
			return Resource{ARN: u.ARN(), Tags: u.Tags}
		}
	}
	return Resource{ARN: arn.User(Partition, account, "/", "*").String()}
}
