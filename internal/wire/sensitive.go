package wire

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Sensitive is a string that the model marks as sensitive. However it is
// formatted or logged, it shows that something is there and not what: convert
// it with string(s) to use it.
type Sensitive string

// Format writes a placeholder for every verb.
func (Sensitive) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// String returns a placeholder.
func (Sensitive) String() string { return redacted }

// LogValue returns a placeholder.
func (Sensitive) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns a placeholder, so that package json shows no more.
func (Sensitive) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// SensitiveBlob is Sensitive for bytes.
type SensitiveBlob []byte

// Format writes a placeholder for every verb.
func (SensitiveBlob) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// String returns a placeholder.
func (SensitiveBlob) String() string { return redacted }

// LogValue returns a placeholder.
func (SensitiveBlob) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns a placeholder, so that package json shows no more.
func (SensitiveBlob) MarshalText() ([]byte, error) { return []byte(redacted), nil }
