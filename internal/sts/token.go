package sts

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/sigv4"
)

// MaxToken is the size of a sealed record in bytes; as base64 text it is a third
// more. Proxies commonly limit all headers together to 8 KB.
const MaxToken = 4096

// ErrToken means that a token is not one of ours, was altered, was sealed with a
// key that is gone, or belongs to another access key id. Which of them is not
// known: to tell would need the key.
var ErrToken = errors.New("sts: session token cannot be opened")

var errTokenTooLarge = errors.New("sts: session does not fit in a token")

// plains hold records while they are sealed, and tokens while they become text: an
// array on the stack would move to the heap behind the interface, a tenth of what
// an AssumeRole allocates.
var plains = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

// Credentials are what a session is used with.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey sigv4.Secret
	SessionToken    string
}

// Seal makes credentials for a session, to which it gives a new id. It writes
// nothing anywhere.
func (k *Keys) Seal(session iam.Session) (Credentials, error) {
	set := k.current.Load()
	if set == nil {
		return Credentials{}, errors.New("sts: no keys to seal with")
	}
	rand.Read(session.ID[:])
	id := iam.NewTemporaryAccessKeyID(session.Account)
	r := record{Session: session, prfKey: set.secrets.primary}
	plain := plains.Get().(*[]byte)
	*plain = r.append((*plain)[:0])
	sealed, err := set.aead.Encrypt(*plain, []byte(id))
	plains.Put(plain)
	if err != nil {
		return Credentials{}, fmt.Errorf("seal session: %w", err)
	}
	if len(sealed) > MaxToken {
		return Credentials{}, errTokenTooLarge
	}
	secret, err := set.secrets.derive(r.prfKey, id, session.ID)
	if err != nil {
		return Credentials{}, err
	}
	text := plains.Get().(*[]byte)
	defer plains.Put(text)
	*text = base64.StdEncoding.AppendEncode((*text)[:0], sealed)
	return Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: string(*text)}, nil
}

// Open returns the session in a token and the secret that belongs to it, or
// ErrToken. It does not look at the time: an expired session opens too, so that
// the caller can check the signature before saying anything about the session.
func (k *Keys) Open(accessKeyID, token string) (*iam.Session, sigv4.Secret, error) {
	set := k.current.Load()
	if set == nil || len(token) > base64.StdEncoding.EncodedLen(MaxToken) || strings.ContainsAny(token, "\r\n") {
		return nil, "", ErrToken
	}
	sealed, err := base64.StdEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, "", ErrToken
	}
	plain, err := set.aead.Decrypt(sealed, []byte(accessKeyID))
	if err != nil {
		return nil, "", ErrToken
	}
	r, err := parseRecord(plain)
	if err != nil {
		return nil, "", errors.Join(ErrToken, err)
	}
	secret, err := set.secrets.derive(r.prfKey, accessKeyID, r.ID)
	if err != nil {
		return nil, "", errors.Join(ErrToken, err)
	}
	return &r.Session, secret, nil
}
