package seal_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"

	"rolecall.dev/rolecall/internal/seal"
)

func TestKeysetRoundTrip(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	handle, err := keyset.NewHandle(prf.HKDFSHA256PRFKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := key.SealKeyset(handle, []byte("sessions"))
	if err != nil {
		t.Fatalf("SealKeyset: %v", err)
	}
	opened, err := key.OpenKeyset(sealed, []byte("sessions"))
	if err != nil {
		t.Fatalf("OpenKeyset: %v", err)
	}
	if diff := cmp.Diff(compute(t, handle), compute(t, opened)); diff != "" {
		t.Errorf("the opened keyset computes something else (-sealed +opened):\n%s", diff)
	}
	if _, err := key.OpenKeyset(sealed, []byte("issuer")); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("at another place: OpenKeyset = %v; want ErrOpen", err)
	}
	if _, err := newKey(t).OpenKeyset(sealed, []byte("sessions")); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("with another key: OpenKeyset = %v; want ErrOpen", err)
	}
}

func compute(t *testing.T, handle *keyset.Handle) []byte {
	t.Helper()
	set, err := prf.NewPRFSet(handle)
	if err != nil {
		t.Fatal(err)
	}
	out, err := set.ComputePrimaryPRF([]byte("input"), 16)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
