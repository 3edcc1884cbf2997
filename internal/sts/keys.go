package sts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"rolecall.dev/rolecall/internal/store"
)

// keysKey is where the keysets stand in the store, sealed under the master key.
const keysKey = "/rolecall/v1/token-keys"

// KeysetSealer seals keysets at rest.
type KeysetSealer interface {
	SealKeyset(handle *keyset.Handle, associatedData []byte) ([]byte, error)
	OpenKeyset(sealed, associatedData []byte) (*keyset.Handle, error)
}

// Keys seals and opens session tokens. All methods may be called concurrently.
type Keys struct {
	store   *store.Store
	mirror  *store.Mirror
	sealer  KeysetSealer
	current atomic.Pointer[tokenKeys]
}

// tokenKeys is the keys in use. Both sets may hold several keys: the primary makes
// new tokens, the others still open old ones.
type tokenKeys struct {
	aead    tink.AEAD
	secrets *secretKeys
}

// storedKeys is the record in the store.
type storedKeys struct {
	AEAD []byte `json:"aead"`
	PRF  []byte `json:"prf"`
}

// The names of the keysets, to which they are bound when sealed.
var (
	aeadName = []byte("token-keys/aead")
	prfName  = []byte("token-keys/prf")
)

// NewKeys returns the keys that stand in the store. It reads them through the
// mirror, which the caller starts afterwards.
func NewKeys(s *store.Store, mirror *store.Mirror, sealer KeysetSealer) *Keys {
	k := &Keys{store: s, mirror: mirror, sealer: sealer}
	mirror.Read(keysKey, k.apply)
	return k
}

// Ensure makes the first keys if the store has none. Of several nodes that start
// together one makes them.
func (k *Keys) Ensure(ctx context.Context) error {
	if k.current.Load() != nil {
		return nil
	}
	record, err := k.generate()
	if err != nil {
		return err
	}
	revision, err := k.store.Commit(ctx, (&store.Txn{}).Absent(keysKey).Put(keysKey, record))
	if errors.Is(err, store.ErrConflict) {
		return k.mirror.Refresh(ctx)
	}
	if err != nil {
		return fmt.Errorf("store the token keys: %w", err)
	}
	return k.mirror.Wait(ctx, revision)
}

// generate makes the first keys. HMAC-SHA-256 as the PRF takes a third of the
// time of HKDF, whose first step serves keys that are not uniform: these are.
func (k *Keys) generate() ([]byte, error) {
	var record storedKeys
	sealing, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return nil, err
	}
	deriving, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, err
	}
	if record.AEAD, err = k.sealer.SealKeyset(sealing, aeadName); err != nil {
		return nil, err
	}
	if record.PRF, err = k.sealer.SealKeyset(deriving, prfName); err != nil {
		return nil, err
	}
	return json.Marshal(record)
}

// apply takes new keys from the store. Without them no session could be opened,
// so keys that cannot be read stop the mirror, and with it the server.
func (k *Keys) apply(events []store.Event) error {
	for _, e := range events {
		if e.Deleted {
			return errors.New("sts: the token keys were deleted from the store")
		}
		set, err := k.open(e.Value)
		if err != nil {
			return fmt.Errorf("read the token keys: %w", err)
		}
		k.current.Store(set)
	}
	return nil
}

func (k *Keys) open(value []byte) (*tokenKeys, error) {
	var record storedKeys
	if err := json.Unmarshal(value, &record); err != nil {
		return nil, err
	}
	sealing, err := k.sealer.OpenKeyset(record.AEAD, aeadName)
	if err != nil {
		return nil, err
	}
	deriving, err := k.sealer.OpenKeyset(record.PRF, prfName)
	if err != nil {
		return nil, err
	}
	set := &tokenKeys{}
	if set.aead, err = aead.New(sealing); err != nil {
		return nil, err
	}
	set.secrets, err = newSecretKeys(deriving)
	return set, err
}
