package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

var (
	// ErrOpen is returned when sealed bytes do not open: they were altered, were
	// sealed under another key, or belong to other associated data. Which of
	// these it was cannot be told.
	ErrOpen = errors.New("seal: the sealed value does not open")

	// ErrWrongKey is returned by MasterKey.Verify for a key that is not the one
	// the data was sealed under.
	ErrWrongKey = errors.New("the master key is not the one that this data was sealed under")

	// ErrMalformed is returned for a master key that is not a keyset of
	// XAES-256-GCM keys.
	ErrMalformed = errors.New("the master key is malformed: want a Tink keyset of XAES-256-GCM keys in JSON")
)

const keyType = "type.googleapis.com/google.crypto.tink.XAesGcmKey"

// The check value is checkText sealed under checkData.
const (
	checkText = "rolecall"
	checkData = "rolecall/master-key-check"
)

// MasterKey seals and opens. It never prints its key and may be used
// concurrently.
type MasterKey struct {
	aead tink.AEAD
}

// New makes a fresh key and returns it in the form that Parse reads.
func New() (keyJSON []byte, err error) {
	handle, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make a master key: %w", err)
	}
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&b)); err != nil {
		return nil, fmt.Errorf("make a master key: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// Parse reads a key from Tink's JSON form. Its errors hold nothing of the key.
func Parse(keyJSON []byte) (*MasterKey, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(keyJSON)))
	if err != nil {
		return nil, ErrMalformed // the cause may quote the key
	}
	for _, key := range handle.KeysetInfo().GetKeyInfo() {
		if key.GetTypeUrl() != keyType {
			return nil, ErrMalformed
		}
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, ErrMalformed
	}
	return &MasterKey{primitive}, nil
}

// ParseBase64 reads the contents of a key file encoded in standard base64, as an
// environment variable holds them. White space around it is ignored.
func ParseBase64(value string) (*MasterKey, error) {
	keyJSON, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace([]byte(value))))
	if err != nil {
		return nil, ErrMalformed
	}
	return Parse(keyJSON)
}

// Seal encrypts plaintext and binds it to associatedData, which is not kept: it
// has to be given again to Open. It should name the place of the value (the
// kind and the id), so that sealed values cannot be moved about. Sealing the
// same value twice gives different bytes.
func (k *MasterKey) Seal(plaintext, associatedData []byte) ([]byte, error) {
	sealed, err := k.aead.Encrypt(plaintext, associatedData)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Open returns what Seal was given, or ErrOpen.
func (k *MasterKey) Open(sealed, associatedData []byte) ([]byte, error) {
	plaintext, err := k.aead.Decrypt(sealed, associatedData)
	if err != nil {
		return nil, ErrOpen
	}
	return plaintext, nil
}

// CheckValue returns a sealed constant to keep beside the data.
func (k *MasterKey) CheckValue() ([]byte, error) {
	return k.Seal([]byte(checkText), []byte(checkData))
}

// Verify returns ErrWrongKey unless k opens check, which CheckValue made at the
// first start.
func (k *MasterKey) Verify(check []byte) error {
	text, err := k.Open(check, []byte(checkData))
	if err != nil || string(text) != checkText {
		return ErrWrongKey
	}
	return nil
}
