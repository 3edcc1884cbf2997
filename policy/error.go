package policy

import "strconv"

// Error says why a document is no policy. Its text is what AWS answers with
// MalformedPolicyDocument; the rest is for people.
type Error struct {
	// Message is AWS's sentence.
	Message string

	// Detail says more where AWS's sentence says little ("duplicate key
	// \"Effect\""). It may be empty.
	Detail string

	// Line and Column tell where, counted from 1. The column counts bytes.
	Line, Column int

	// Path names the place in the document: "Statement[2].Condition". It may be
	// empty.
	Path string

	// Value is the offending text when the Message is about one value, such as
	// an invalid principal.
	Value string
}

// Error returns the Message alone.
func (e *Error) Error() string { return e.Message }

// Describe returns the message with position and detail, for people.
func (e *Error) Describe() string {
	s := strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column) + ": "
	if e.Path != "" {
		s += e.Path + ": "
	}
	s += e.Message
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	return s
}
