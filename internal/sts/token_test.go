package sts

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/seal"
	"rolecall.dev/rolecall/internal/store"
)

// newKeys returns token keys in a store of their own.
func newKeys(t testing.TB) *Keys {
	t.Helper()
	s, err := store.OpenEmbedded(t.Context(), store.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return keysIn(t, s, newMaster(t))
}

func newMaster(t testing.TB) *seal.MasterKey {
	t.Helper()
	text, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	master, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return master
}

func keysIn(t testing.TB, s *store.Store, master KeysetSealer) *Keys {
	t.Helper()
	mirror := store.NewMirror(s, iam.Root)
	k := NewKeys(s, mirror, master)
	if err := mirror.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mirror.Stop)
	if err := k.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	k := newKeys(t)
	want := fullRecord().Session
	c, err := k.Seal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, secret, err := k.Open(c.AccessKeyID, c.SessionToken)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID == want.ID || got.ID == (iam.SessionID{}) {
		t.Errorf("the session's id is %x, not a new one", got.ID)
	}
	want.ID = got.ID
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("got %+v, want %+v", *got, want)
	}
	if secret != c.SecretAccessKey || len(secret) != 40 {
		t.Errorf("the secret has %d characters, or is another one when opened", len(secret))
	}
	if _, again, _ := k.Open(c.AccessKeyID, c.SessionToken); again != secret {
		t.Error("the secret differs from one opening to the next")
	}
	if !strings.HasPrefix(c.AccessKeyID, "ASIA") || len(c.AccessKeyID) != 20 {
		t.Errorf("access key id %q", c.AccessKeyID)
	}
	other, err := k.Seal(want)
	if err != nil || other.SecretAccessKey == secret || other.SessionToken == c.SessionToken || other.AccessKeyID == c.AccessKeyID {
		t.Errorf("two sessions share something: %v", err)
	}
}

// One altered byte anywhere, another access key id, another spelling of the same
// bytes, or keys of another server: none opens.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	k := newKeys(t)
	c, err := k.Seal(fullRecord().Session)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := base64.StdEncoding.DecodeString(c.SessionToken)
	if err != nil {
		t.Fatal(err)
	}
	refuse := func(what, id, token string) {
		t.Helper()
		if s, secret, err := k.Open(id, token); !errors.Is(err, ErrToken) || s != nil || secret != "" {
			t.Errorf("%s: got session %v, error %v", what, s, err)
		}
	}
	for i := range sealed {
		b := append([]byte(nil), sealed...)
		b[i] ^= 0x40
		refuse("an altered byte", c.AccessKeyID, base64.StdEncoding.EncodeToString(b))
	}
	for n := range len(sealed) {
		refuse("a shorter token", c.AccessKeyID, base64.StdEncoding.EncodeToString(sealed[:n]))
	}
	refuse("one more byte", c.AccessKeyID, base64.StdEncoding.EncodeToString(append(sealed[:len(sealed):len(sealed)], 0)))
	refuse("another access key id", "ASIAEXAMPLEEXAMPLE00", c.SessionToken)
	refuse("no access key id", "", c.SessionToken)
	refuse("a line break", c.AccessKeyID, c.SessionToken[:8]+"\n"+c.SessionToken[8:])
	refuse("no token", c.AccessKeyID, "")
	refuse("a huge token", c.AccessKeyID, strings.Repeat("A", 1<<20))
	if _, _, err := newKeys(t).Open(c.AccessKeyID, c.SessionToken); !errors.Is(err, ErrToken) {
		t.Errorf("keys of another server: %v", err)
	}
}

// A session that does not fit is refused; what is issued fits.
func TestTokenSize(t *testing.T) {
	t.Parallel()
	k := newKeys(t)
	fits, tooLong := 0, 0
	for n := range 260 {
		s := fullRecord().Session
		s.Ancestors = make([]iam.SessionID, n)
		c, err := k.Seal(s)
		switch {
		case errors.Is(err, errTokenTooLarge):
			tooLong++
			continue
		case err != nil:
			t.Fatal(err)
		}
		fits++
		if len(c.SessionToken) > base64.StdEncoding.EncodedLen(MaxToken) {
			t.Fatalf("a chain of %d: %d characters", n, len(c.SessionToken))
		}
		if _, _, err := k.Open(c.AccessKeyID, c.SessionToken); err != nil {
			t.Fatalf("a chain of %d is issued and does not open: %v", n, err)
		}
	}
	if fits < 100 || tooLong == 0 {
		t.Errorf("%d chains fit and %d do not", fits, tooLong)
	}
}

// Nodes that start together agree on the keys, and keys are sealed at rest.
func TestKeysAreSharedAndSealed(t *testing.T) {
	t.Parallel()
	s, err := store.OpenEmbedded(t.Context(), store.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	master := newMaster(t)
	a, b := keysIn(t, s, master), keysIn(t, s, master)
	c, err := a.Seal(fullRecord().Session)
	if err != nil {
		t.Fatal(err)
	}
	if _, secret, err := b.Open(c.AccessKeyID, c.SessionToken); err != nil || secret != c.SecretAccessKey {
		t.Errorf("the other node: %v", err)
	}
	mirror := store.NewMirror(s, iam.Root)
	NewKeys(s, mirror, newMaster(t))
	if err := mirror.Start(t.Context()); err == nil {
		mirror.Stop()
		t.Error("token keys were read under another master key")
	}
}

func FuzzOpen(f *testing.F) {
	k := newKeys(f)
	c, err := k.Seal(fullRecord().Session)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.AccessKeyID, c.SessionToken)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, id, token string) {
		_, _, err := k.Open(id, token)
		if id == c.AccessKeyID && token == c.SessionToken {
			if err != nil {
				t.Fatal(err)
			}
		} else if !errors.Is(err, ErrToken) {
			t.Fatalf("Open(%q, %q) = %v", id, token, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k := newKeys(b)
	s := fullRecord().Session
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Seal(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	k := newKeys(b)
	c, err := k.Seal(fullRecord().Session)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := k.Open(c.AccessKeyID, c.SessionToken); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSecretsAreThoseOfTinksPRF holds the derivation to what Tink would answer
// with the same keyset, by which tokens of earlier releases were made.
func TestSecretsAreThoseOfTinksPRF(t *testing.T) {
	t.Parallel()
	manager := keyset.NewManager()
	for range 2 {
		id, err := manager.Add(prf.HMACSHA256PRFKeyTemplate())
		if err != nil {
			t.Fatal(err)
		}
		if err := manager.SetPrimary(id); err != nil {
			t.Fatal(err)
		}
	}
	handle, err := manager.Handle()
	if err != nil {
		t.Fatal(err)
	}
	tinks, err := prf.NewPRFSet(handle)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := newSecretKeys(handle)
	if err != nil {
		t.Fatal(err)
	}
	if ours.primary != tinks.PrimaryID || len(ours.byID) != len(tinks.PRFs) {
		t.Fatalf("primary %d of %d keys, want %d of %d", ours.primary, len(ours.byID), tinks.PrimaryID, len(tinks.PRFs))
	}
	for id, tink := range tinks.PRFs {
		for n := range byte(3) { // the second finds a used hash in the pool
			session := iam.SessionID{n}
			raw, err := tink.ComputePRF(append([]byte("ASIAEXAMPLE"), session[:]...), 30)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ours.derive(id, "ASIAEXAMPLE", session)
			if want := base64.StdEncoding.EncodeToString(raw); err != nil || string(got) != want {
				t.Errorf("key %d, session %d: secret differs from Tink's (error %v)", id, n, err)
			}
		}
	}
	if _, err := ours.derive(ours.primary+1, "ASIAEXAMPLE", iam.SessionID{}); err == nil {
		t.Error("a key that is not in the set derived a secret")
	}
}
