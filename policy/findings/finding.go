package findings

// Type is how much a finding weighs.
type Type uint8

// The types of findings, heaviest first.
const (
	Error           Type = iota // the document is refused, or a part of it can have no effect
	SecurityWarning             // it grants more than is wise
	Warning                     // it may not do what it seems to
	Suggestion                  // it could be simpler
)

var typeNames = [...]string{"ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION"}

// String is the type as AWS writes it.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return ""
}

// Finding is one thing that was found in a document.
type Finding struct {
	Type Type

	// Code is AWS's issue code: "PASS_ROLE_WITH_STAR_IN_RESOURCE".
	Code string

	// Message is one or more sentences for people.
	Message string

	// Locations are the places that the finding is about: at least one.
	Locations []Location
}

// Location is a place in a document.
type Location struct {
	// Path leads there from the document's root: "Statement[0].Action[1]". It
	// is empty for the document as a whole.
	Path string

	Start, End Position
}

// Position is a point in a document. Line and Column are counted from 1 and
// Offset from 0; Column and Offset count bytes.
type Position struct {
	Line, Column, Offset int
}

// Check describes one of the checks.
type Check struct {
	Code string
	Type Type
}

// Checks lists every check, in the order of their types and codes' topics.
func Checks() []Check {
	list := make([]Check, len(checks))
	for i, c := range checks {
		list[i] = Check{Code: c.code, Type: c.kind}
	}
	return list
}
