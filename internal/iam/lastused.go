package iam

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// uses notes in memory when keys and roles were last used; Flush merges it into
// the store, off the road of any request.
type uses struct {
	mu    sync.Mutex // guards both maps
	keys  map[string]Use
	roles map[string]Use
}

// NoteUse notes that a caller made a request.
func (x *IAM) NoteUse(caller *Caller, at time.Time, service, region string) {
	x.uses.mu.Lock()
	defer x.uses.mu.Unlock()
	switch {
	case caller.Role != nil:
		if x.uses.roles == nil {
			x.uses.roles = map[string]Use{}
		}
		x.uses.roles[caller.Role.ID] = Use{At: at, Region: region}
	case caller.AccessKeyID != "":
		if x.uses.keys == nil {
			x.uses.keys = map[string]Use{}
		}
		x.uses.keys[caller.AccessKeyID] = Use{At: at, Service: service, Region: region}
	}
}

// Flush merges what was noted into the store as a maximum, one transaction for
// each name. It is called at most once a minute, and when the server stops. What
// could not be written is given up: it is worth less than a request.
func (x *IAM) Flush(ctx context.Context) error {
	x.uses.mu.Lock()
	keys, roles := x.uses.keys, x.uses.roles
	x.uses.keys, x.uses.roles = nil, nil
	x.uses.mu.Unlock()
	for id, use := range keys {
		if err := merge(ctx, x.store, keyUsePrefix+id, keyPrefix+id, use); err != nil {
			return err
		}
	}
	for id, use := range roles {
		r, ok := x.RoleByID(id)
		if !ok {
			continue
		}
		if err := merge(ctx, x.store, roleUsePrefix+id, entityKey(rolePrefix, r.Account, id), use); err != nil {
			return err
		}
	}
	return nil
}

// merge writes a use unless the store has a later one or owner is gone.
func merge(ctx context.Context, s *store.Store, key, owner string, use Use) error {
	kv, found, err := s.Get(ctx, key)
	if err != nil {
		return err
	}
	if found {
		var old Use
		if err := json.Unmarshal(kv.Value, &old); err != nil {
			return err
		}
		if !use.At.After(old.At) {
			return nil
		}
	}
	b, err := json.Marshal(use)
	if err != nil {
		return err
	}
	_, err = s.Commit(ctx, (&store.Txn{}).Unchanged(key, kv.ModRevision).Present(owner).Put(key, b))
	if isConflict(err) {
		return nil // another node was here a moment ago, or the owner is gone
	}
	return err
}

// GetAccessKeyLastUsed tells when a key was last used, by what this node and
// the store know.
func (x *IAM) GetAccessKeyLastUsed(_ context.Context, caller *Caller, in *iamwire.GetAccessKeyLastUsedRequest) (*iamwire.GetAccessKeyLastUsedResponse, error) {
	key, ok := x.AccessKey(in.AccessKeyId)
	if !ok || key.Account != caller.Account() {
		return nil, noSuchKey(in.AccessKeyId)
	}
	out := &iamwire.GetAccessKeyLastUsedResponse{AccessKeyLastUsed: &iamwire.AccessKeyLastUsed{ServiceName: "N/A", Region: "N/A"}}
	if u, ok := x.UserByID(key.User); ok {
		out.UserName = wire.String(u.Name.Name)
	}
	if use, ok := x.keyUse(key.ID); ok {
		out.AccessKeyLastUsed = &iamwire.AccessKeyLastUsed{LastUsedDate: wire.Time(use.At), ServiceName: use.Service, Region: use.Region}
	}
	return out, nil
}

// keyUse tells when a key was last used, by what this node and the store know.
func (x *IAM) keyUse(id string) (Use, bool) {
	return x.latest(id, func() (stored, noted map[string]Use) { return x.index.keyUse, x.uses.keys })
}

// roleUse tells when a role was last used, by what this node and the store know.
func (x *IAM) roleUse(id string) (Use, bool) {
	return x.latest(id, func() (stored, noted map[string]Use) { return x.index.roleUse, x.uses.roles })
}

func (x *IAM) latest(id string, maps func() (stored, noted map[string]Use)) (Use, bool) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	x.uses.mu.Lock()
	defer x.uses.mu.Unlock()
	stored, noted := maps()
	use, ok := stored[id]
	if here, found := noted[id]; found && (!ok || here.At.After(use.At)) {
		return here, true
	}
	return use, ok
}
