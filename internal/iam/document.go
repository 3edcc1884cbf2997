package iam

import (
	"strings"
	"sync/atomic"

	"rolecall.dev/rolecall/policy"
)

// Document is the text of a policy together with its compiled form, which is
// made on first use and then kept. Its methods may be called concurrently.
//
// Only two kinds are ever asked for: Trust for the trust policy of a role, and
// Identity for everything else. What a managed policy or a session policy limits
// depends on the place it has in a decision, not on how it was compiled.
type Document struct {
	text     string
	compiled atomic.Pointer[policy.Policy]
}

// NewDocument returns a document of a text that has been validated.
func NewDocument(text string) *Document { return &Document{text: text} }

// Text is the document as it is stored; in trust policies principals stand as
// unique ids.
func (d *Document) Text() string { return d.text }

// Policy compiles the document as one of a kind. A stored document was valid
// when it was saved, so an error here means a damaged store: the caller must
// fail, never go on without the document, since it may hold a Deny.
func (d *Document) Policy(kind policy.Kind) (*policy.Policy, error) {
	if p := d.compiled.Load(); p != nil && p.Kind() == kind {
		return p, nil
	}
	p, err := policy.Parse(kind, d.text)
	if err != nil {
		return nil, err
	}
	d.compiled.Store(p)
	return p, nil
}

// parseDocument checks the text of an identity policy in a request.
func parseDocument(text string) (*Document, error) {
	compiled, err := policy.Parse(policy.Identity, text)
	if err != nil {
		return nil, malformedPolicy(err)
	}
	d := NewDocument(text)
	d.compiled.Store(compiled)
	return d, nil
}

// MarshalText returns the text: in JSON a document is a string.
func (d *Document) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText takes the text as it is.
func (d *Document) UnmarshalText(b []byte) error {
	d.text = string(b)
	return nil
}

// wireDocument is a document as answers carry it: every byte but RFC 3986's
// unreserved characters is percent-encoded, as the API reference of GetRole and
// the other operations that return policies says.
func wireDocument(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(text) * 2)
	for i := range len(text) {
		c := text[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}
