package wire

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// StringRule is what the model demands of a string shape. Lengths are counted
// in Unicode code points, as the Smithy specification of the length trait says;
// zero means no bound.
type StringRule struct {
	Min, Max int
	Pattern  *Pattern
	Enum     []string
	// Sensitive values are not repeated in messages.
	Sensitive bool
}

// NumberRule is what the model demands of an integer or long shape.
type NumberRule struct {
	Min, Max       int64
	HasMin, HasMax bool
}

// ListRule is what the model demands of the number of elements of a list;
// zero means no bound.
type ListRule struct{ Min, Max int }

// The words are those that AWS's services answer with.
func atLeast(n int) string {
	return "Member must have length greater than or equal to " + strconv.Itoa(n)
}

func atMost(n int) string {
	return "Member must have length less than or equal to " + strconv.Itoa(n)
}

func matching(p *Pattern) string {
	return "Member must satisfy regular expression pattern: " + p.Source
}

func oneOf(enum []string) string {
	return "Member must satisfy enum value set: [" + strings.Join(enum, ", ") + "]"
}

// sentences are how IAM speaks of names and paths that do not match, by the
// pattern: not in the form of its other constraints, and only to a request that
// satisfies all of those.
var sentences = map[string]string{
	`[\w+=,.@-]+`: "It must contain only alphanumeric characters and/or the following: +=,.@_-",
	`(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`: "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
}

// sentence is what of sentences s deserves, or "".
func (r *StringRule) sentence(s string) string {
	if r.Pattern == nil || r.Pattern.Match(s) {
		return ""
	}
	return sentences[r.Pattern.Source]
}

// holds is the fast path of broken: whether s satisfies every constraint.
func (r *StringRule) holds(s string) bool {
	// A code point has one to four bytes: most lengths need no counting.
	if len(s) < utf8.UTFMax*r.Min || r.Max > 0 && len(s) > r.Max {
		n := utf8.RuneCountInString(s)
		if n < r.Min || r.Max > 0 && n > r.Max {
			return false
		}
	}
	return (r.Pattern == nil || r.Pattern.Match(s)) && (r.Enum == nil || slices.Contains(r.Enum, s))
}

// broken returns the constraints that s does not satisfy, but for what sentence
// tells.
func (r *StringRule) broken(s string) []string {
	var out []string
	n := utf8.RuneCountInString(s)
	if r.Max > 0 && n > r.Max {
		out = append(out, atMost(r.Max))
	}
	if n < r.Min {
		out = append(out, atLeast(r.Min))
	}
	if r.Pattern != nil && sentences[r.Pattern.Source] == "" && !r.Pattern.Match(s) {
		out = append(out, matching(r.Pattern))
	}
	if r.Enum != nil && !slices.Contains(r.Enum, s) {
		out = append(out, oneOf(r.Enum))
	}
	return out
}

// all returns every constraint of the rule: AWS reports a bad element of a
// list of strings by naming all that holds for elements.
func (r *StringRule) all() []string {
	var out []string
	if r.Max > 0 {
		out = append(out, atMost(r.Max))
	}
	if r.Min > 0 || r.Max > 0 {
		out = append(out, atLeast(r.Min))
	}
	if r.Pattern != nil {
		out = append(out, matching(r.Pattern))
	}
	if r.Enum != nil {
		out = append(out, oneOf(r.Enum))
	}
	return out
}

// broken returns the constraint that n does not satisfy, or "".
func (r *NumberRule) broken(n int64) string {
	switch {
	case r.HasMin && n < r.Min:
		return "Member must have value greater than or equal to " + strconv.FormatInt(r.Min, 10)
	case r.HasMax && n > r.Max:
		return "Member must have value less than or equal to " + strconv.FormatInt(r.Max, 10)
	}
	return ""
}

// broken returns the constraint that a list of n elements does not satisfy, or "".
func (r *ListRule) broken(n int) string {
	switch {
	case n < r.Min:
		return atLeast(r.Min)
	case r.Max > 0 && n > r.Max:
		return atMost(r.Max)
	}
	return ""
}
