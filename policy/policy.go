package policy

// Policy is a compiled document. It never changes and may be used by any number
// of goroutines.
//
// Its parts lie in a few flat lists, and its strings in texts: a policy that
// waits in memory with a hundred thousand others takes little more than its
// document.
type Policy struct {
	texts
	kind       Kind
	current    bool // Version is 2012-10-17
	statements []statement
	patterns   []pattern // of actions, resources and condition values
	conditions []condition
	operands   *operands // nil if no condition has any
	keys       []span    // the condition keys that are named, lower case, sorted
	index      *index    // nil for a few statements
}

// Parse reads, checks and compiles a document of the given kind. The error is
// an *Error with AWS's words and the place.
//
// Only the form is checked: whether an action, a condition key or a principal
// exists is not asked. The quotas of AWS on size are the caller's to apply, with
// Size; a document over 2 MiB, or nested deeper than any policy needs, is
// refused unread.
func Parse(kind Kind, document string) (*Policy, error) {
	p := parser{kind: kind, document: document}
	return p.policy()
}

// Kind is the kind the policy was parsed as.
func (p *Policy) Kind() Kind { return p.kind }

// Version is the version of the policy language, 2012-10-17 or, when the
// document says nothing, 2008-10-17, which has no variables.
func (p *Policy) Version() string {
	if p.current {
		return currentVersion
	}
	return firstVersion
}

// Document is the text the policy was parsed from: the same string, not a copy.
func (p *Policy) Document() string { return p.document }

// Len is the number of statements.
func (p *Policy) Len() int { return len(p.statements) }
