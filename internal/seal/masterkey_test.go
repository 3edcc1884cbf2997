package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"rolecall.dev/rolecall/internal/seal"
)

func newKey(t testing.TB) *seal.MasterKey {
	t.Helper()
	keyJSON, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.Parse(keyJSON)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func mustSeal(t testing.TB, key *seal.MasterKey, text, data string) []byte {
	t.Helper()
	sealed, err := key.Seal([]byte(text), []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestSealOpens(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	for _, text := range []string{"", "secret", strings.Repeat("\x00", 1<<16)} {
		sealed := mustSeal(t, key, text, "place")
		if got, err := key.Open(sealed, []byte("place")); err != nil || string(got) != text {
			t.Errorf("Open(Seal(%.10q)) = %.10q, %v", text, got, err)
		}
		if text != "" && bytes.Contains(sealed, []byte(text)) {
			t.Errorf("%.10q is readable in its sealed form", text)
		}
		if bytes.Equal(sealed, mustSeal(t, key, text, "place")) {
			t.Errorf("sealing %.10q twice gives the same bytes", text)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	sealed := mustSeal(t, key, "secret", "place")
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		if got, err := key.Open(altered, []byte("place")); !errors.Is(err, seal.ErrOpen) {
			t.Fatalf("with byte %d altered: Open = %q, %v; want ErrOpen", i, got, err)
		}
	}
	for _, c := range []struct {
		name   string
		key    *seal.MasterKey
		sealed []byte
		data   string
	}{
		{"another place", key, sealed, "elsewhere"},
		{"another key", newKey(t), sealed, "place"},
		{"cut", key, sealed[:len(sealed)-1], "place"},
		{"longer", key, append(bytes.Clone(sealed), 0), "place"},
		{"empty", key, nil, "place"},
	} {
		if got, err := c.key.Open(c.sealed, []byte(c.data)); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("%s: Open = %q, %v; want ErrOpen", c.name, got, err)
		}
	}
}

func TestCheckValue(t *testing.T) {
	t.Parallel()
	key, other := newKey(t), newKey(t)
	check, err := key.CheckValue()
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Verify(check); err != nil {
		t.Errorf("Verify of the own check value: %v", err)
	}
	for name, value := range map[string][]byte{"none": nil, "a value that is none": mustSeal(t, key, "x", "rolecall/master-key-check")} {
		if err := key.Verify(value); !errors.Is(err, seal.ErrWrongKey) {
			t.Errorf("%s: Verify = %v; want ErrWrongKey", name, err)
		}
	}
	if err := other.Verify(check); !errors.Is(err, seal.ErrWrongKey) {
		t.Errorf("another key: Verify = %v; want ErrWrongKey", err)
	}
}

// TestRotation makes a second key primary, as tinkey does: what the first one
// sealed still opens.
func TestRotation(t *testing.T) {
	t.Parallel()
	oldJSON, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	oldKey, err := seal.Parse(oldJSON)
	if err != nil {
		t.Fatal(err)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(oldJSON)))
	if err != nil {
		t.Fatal(err)
	}
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(aead.XAES256GCM192BitNonceKeyTemplate())
	if err == nil {
		err = manager.SetPrimary(id)
	}
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := seal.Parse(export(t, manager))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := rotated.Open(mustSeal(t, oldKey, "v", "p"), []byte("p")); err != nil || string(got) != "v" {
		t.Errorf("the rotated key opens an old value as %q, %v", got, err)
	}
	if _, err := oldKey.Open(mustSeal(t, rotated, "v", "p"), []byte("p")); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("the old key opens a new value: %v", err)
	}
}

func export(t testing.TB, manager *keyset.Manager) []byte {
	t.Helper()
	handle, err := manager.Handle()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func exportTemplate(t testing.TB, template *tinkpb.KeyTemplate) []byte {
	t.Helper()
	manager := keyset.NewManager()
	id, err := manager.Add(template)
	if err == nil {
		err = manager.SetPrimary(id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return export(t, manager)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, keyJSON := range map[string][]byte{
		"nothing":           nil,
		"an object":         []byte("{}"),
		"not JSON":          []byte("c2VjcmV0"),
		"half a key":        good[:len(good)/2],
		"two keys in a row": append(bytes.Clone(good), good...),
		"AES-GCM":           exportTemplate(t, aead.AES256GCMKeyTemplate()),
		"no AEAD at all":    exportTemplate(t, prf.HKDFSHA256PRFKeyTemplate()),
	} {
		if key, err := seal.Parse(keyJSON); !errors.Is(err, seal.ErrMalformed) || key != nil {
			t.Errorf("%s: Parse = %v, %v; want ErrMalformed", name, key, err)
		}
	}
}

func TestParseBase64(t *testing.T) {
	t.Parallel()
	keyJSON, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	fromFile, err := seal.Parse(keyJSON)
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, fromFile, "v", "p")
	key, err := seal.ParseBase64(" " + base64.StdEncoding.EncodeToString(keyJSON) + "\n")
	if err != nil {
		t.Fatalf("ParseBase64: %v", err)
	}
	if got, err := key.Open(sealed, []byte("p")); err != nil || string(got) != "v" {
		t.Errorf("the key from base64 opens %q, %v; want v", got, err)
	}
	for _, value := range []string{"", "%", string(keyJSON), base64.StdEncoding.EncodeToString([]byte("{}"))} {
		if _, err := seal.ParseBase64(value); !errors.Is(err, seal.ErrMalformed) {
			t.Errorf("ParseBase64(%.20q) = %v; want ErrMalformed", value, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := seal.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"primaryKeyId":1,"key":[{}]}`))
	f.Fuzz(func(t *testing.T, keyJSON []byte) {
		key, err := seal.Parse(keyJSON)
		if err != nil {
			return
		}
		if got, err := key.Open(mustSeal(t, key, "v", "p"), []byte("p")); err != nil || string(got) != "v" {
			t.Errorf("Parse(%q) accepted a key that opens %q, %v", keyJSON, got, err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	key := newKey(f)
	f.Add(mustSeal(f, key, "v", "p"), []byte("q"))
	f.Fuzz(func(t *testing.T, sealed, data []byte) {
		if string(data) == "p" {
			return
		}
		if got, err := key.Open(sealed, data); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("Open(%x, %q) = %q, %v; want ErrOpen", sealed, data, got, err)
		}
		if _, err := key.OpenKeyset(sealed, data); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("OpenKeyset(%x, %q) = %v; want ErrOpen", sealed, data, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	key := newKey(b)
	text, data := make([]byte, 40), []byte("accesskey/AKIAIOSFODNN7EXAMPLE")
	for b.Loop() {
		if _, err := key.Seal(text, data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	key := newKey(b)
	data := []byte("accesskey/AKIAIOSFODNN7EXAMPLE")
	sealed, err := key.Seal(make([]byte, 40), data)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := key.Open(sealed, data); err != nil {
			b.Fatal(err)
		}
	}
}
