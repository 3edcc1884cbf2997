package seal

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// redacted is what every way of printing a Secret gives.
const redacted = "[redacted]"

// Secret holds a long-term secret in memory and prints as [redacted] by every
// verb of fmt, in slog, JSON and text encodings, alone or inside other values.
// Only Reveal gives it out. The zero value is the empty secret. Two Secrets are
// compared with Equal: == compares neither their text nor anything useful.
type Secret struct {
	// A pointer, because fmt does not call methods of unexported fields: a
	// string would be printed by %v of a struct that holds a Secret.
	text *string
}

// NewSecret wraps text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal returns the secret's text, to sign with, to seal, or to show to its
// owner once.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Equal reports, in a time that depends on the lengths only, whether both hold
// the same text.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String returns [redacted].
func (Secret) String() string { return redacted }

// GoString returns [redacted].
func (Secret) GoString() string { return redacted }

// Format writes [redacted], whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue returns [redacted].
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns [redacted], for JSON and every other encoding that asks.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
