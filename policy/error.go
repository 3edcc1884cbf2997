package policy

import (
	"strconv"
	"strings"
)

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

	// Path names the statement: "Statement[2]". It is empty outside of one.
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

// AWS's sentences. IAM has an older parser, for what hangs on identities, and a
// newer one, for trust policies and resources; they complain in different
// words, and Organizations in words of its own.
const (
	syntax           = "Syntax errors in policy."
	invalidJSON      = "This policy contains invalid Json"
	legacyParsing    = "The policy failed legacy parsing"
	organizations    = "The provided policy document does not meet the requirements of the specified policy type."
	noActions        = "Policy statement must contain actions."
	noResources      = "Policy statement must contain resources."
	noPrincipal      = "Policy document should not specify a principal."
	invalidPrincipal = "Invalid principal in policy"
	sidUnique        = "Statement IDs (SID) in a single policy must be unique."
	sidCharacters    = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
	trustActions     = "AssumeRole policy may only specify STS AssumeRole actions."
)

// legacy reports whether the older parser reads this kind.
func (p *parser) legacy() bool { return !p.kind.hasPrincipal() }

// fail makes an Error at a place in the document.
func (p *parser) fail(pos int, message, detail string) error {
	if message == invalidJSON && p.legacy() {
		message = syntax
	}
	line, column := position(p.document, pos)
	return &Error{Message: message, Detail: detail, Line: line, Column: column, Path: p.path}
}

// failValue makes an Error about one value.
func (p *parser) failValue(v node, message string) error {
	line, column := position(p.document, int(v.pos))
	return &Error{Message: message, Line: line, Column: column, Path: p.path, Value: v.text}
}

// missing makes the Error for an element that is not there: in the older
// parser's words, or as the newer one puts it.
func (p *parser) missing(n *node, field, message string) error {
	if !p.legacy() {
		message = "Missing required field " + field
	}
	return p.fail(int(n.pos), message, "no "+field)
}

func (p *parser) unknownField(n *node) error {
	message := syntax
	if !p.legacy() {
		message = "Unknown field " + n.name
	}
	return p.fail(int(n.namePos), message, "there is no element "+strconv.Quote(n.name))
}

// position turns an offset into line and column, counted from 1.
func position(document string, pos int) (line, column int) {
	pos = min(pos, len(document))
	before := document[:pos]
	return 1 + strings.Count(before, "\n"), pos - strings.LastIndexByte(before, '\n')
}
