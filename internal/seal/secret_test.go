package seal_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/seal"
)

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	const text = "wJalrXUtnFEMI/K7MDENG"
	secret := seal.NewSecret(text)
	type document struct{ S seal.Secret }
	type holder struct {
		Public  seal.Secret
		private seal.Secret
		pointer *seal.Secret
		list    []seal.Secret
		keyed   map[string]seal.Secret
	}
	h := holder{secret, secret, &secret, []seal.Secret{secret}, map[string]seal.Secret{"k": secret}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
		fmt.Fprintf(&out, verb+"\n", secret)
		fmt.Fprintf(&out, verb+"\n", &secret)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", &h)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("line", "secret", secret, "holder", h, "list", h.list)
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
		encoded, err := marshal(document{secret})
		if err != nil || !strings.Contains(string(encoded), "[redacted]") {
			t.Errorf("encoded as %s, %v; want [redacted]", encoded, err)
		}
		out.Write(encoded)
	}
	hex := fmt.Sprintf("%x", text)
	for _, leak := range []string{text, hex, strings.ToUpper(hex), text[:8]} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("printed %q in:\n%s", leak, out.String())
		}
	}
}

func TestSecretReveals(t *testing.T) {
	t.Parallel()
	var zero seal.Secret
	for _, c := range []struct {
		secret seal.Secret
		want   string
	}{{seal.NewSecret("s"), "s"}, {seal.NewSecret(""), ""}, {zero, ""}} {
		if got := c.secret.Reveal(); got != c.want {
			t.Errorf("Reveal = %q; want %q", got, c.want)
		}
	}
	if !seal.NewSecret("s").Equal(seal.NewSecret("s")) || seal.NewSecret("s").Equal(seal.NewSecret("t")) || seal.NewSecret("s").Equal(zero) {
		t.Error("Equal does not compare the texts")
	}
}
