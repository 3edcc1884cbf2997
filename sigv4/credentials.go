package sigv4

import (
	"fmt"
	"io"
)

// Secret is a secret access key. It prints as "REDACTED" with every verb of
// package fmt and marshals as such; string(s) is the key itself.
type Secret string

const redacted = "REDACTED"

// Format implements fmt.Formatter so that no verb shows the key.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// MarshalText implements encoding.TextMarshaler, which encoding/json and log/slog use.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Credentials are what a request is signed with. SessionToken is empty for
// long-term keys.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey Secret
	SessionToken    string
}
