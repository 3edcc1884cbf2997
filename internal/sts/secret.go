package sts

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"sync"

	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf/hmacprf"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/sigv4"
)

// secretKeys derive the secret access keys of sessions: HMAC-SHA-256 keys of a
// Tink keyset, by their ids. They are used through crypto/hmac, which can keep
// the hash of the key between derivations, rather than through Tink's PRF, which
// begins anew each time: a third of the time, and of what opening a token
// allocates.
type secretKeys struct {
	primary uint32
	byID    map[uint32]*sync.Pool // of *derivation
}

// derivation is HMAC with a key, and room for what goes in and comes out.
type derivation struct {
	mac hash.Hash
	in  []byte
	out [sha256.Size]byte
	b64 [40]byte
}

func newSecretKeys(handle *keyset.Handle) (*secretKeys, error) {
	keys := &secretKeys{byID: map[uint32]*sync.Pool{}}
	for i := range handle.Len() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, err
		}
		if entry.KeyStatus() != keyset.Enabled {
			continue
		}
		key, ok := entry.Key().(*hmacprf.Key)
		if !ok || key.Parameters().(*hmacprf.Parameters).HashType() != hmacprf.SHA256 {
			return nil, fmt.Errorf("key %d is not one of HMAC-SHA-256", entry.KeyID())
		}
		raw := key.KeyBytes().Data(insecuresecretdataaccess.Token{})
		keys.byID[entry.KeyID()] = &sync.Pool{New: func() any { return &derivation{mac: hmac.New(sha256.New, raw)} }}
		if entry.IsPrimary() {
			keys.primary = entry.KeyID()
		}
	}
	if keys.byID[keys.primary] == nil {
		return nil, errors.New("no key to derive new secrets with")
	}
	return keys, nil
}

// derive returns the secret access key of a session: 40 characters, as AWS's
// have, which is the base64 of 30 bytes.
func (k *secretKeys) derive(key uint32, accessKeyID string, id iam.SessionID) (sigv4.Secret, error) {
	pool := k.byID[key]
	if pool == nil {
		return "", fmt.Errorf("derive secret: key %d is gone", key)
	}
	d := pool.Get().(*derivation)
	defer pool.Put(d)
	d.mac.Reset()
	d.in = append(append(d.in[:0], accessKeyID...), id[:]...)
	d.mac.Write(d.in)
	base64.StdEncoding.Encode(d.b64[:], d.mac.Sum(d.out[:0])[:30])
	return sigv4.Secret(d.b64[:]), nil
}
