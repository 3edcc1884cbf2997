package iam

import (
	"encoding/json"
	"sync/atomic"

	"rolecall.dev/rolecall/policy"
)

// Document is the text of a policy together with its compiled form, which is
// made on first use and then kept. Its methods may be called concurrently.
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
	if p := d.compiled.Load(); p != nil {
		return p, nil
	}
	p, err := policy.Parse(kind, d.text)
	if err != nil {
		return nil, err
	}
	d.compiled.Store(p)
	return p, nil
}

// MarshalJSON writes the text as a JSON string.
func (d *Document) MarshalJSON() ([]byte, error) { return json.Marshal(d.text) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Document) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &d.text) }
