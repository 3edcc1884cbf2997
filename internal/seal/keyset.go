package seal

import (
	"bytes"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/keyset"
)

// SealKeyset returns all keys of handle sealed under k, bound to associatedData
// as Seal binds a value.
func (k *MasterKey) SealKeyset(handle *keyset.Handle, associatedData []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&b), k.aead, associatedData); err != nil {
		return nil, fmt.Errorf("seal a keyset: %w", err)
	}
	return b.Bytes(), nil
}

// OpenKeyset returns the keyset that SealKeyset was given, or ErrOpen.
func (k *MasterKey) OpenKeyset(sealed, associatedData []byte) (*keyset.Handle, error) {
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(sealed)), k.aead, associatedData)
	if err != nil {
		return nil, ErrOpen
	}
	return handle, nil
}
