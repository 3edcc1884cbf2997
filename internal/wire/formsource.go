package wire

import (
	"strconv"
	"strings"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
)

// formSource reads the query protocol:
//
//	RoleName=x                       a member of the input
//	Tags.member.1.Key=k              a member of the first element of a list
//	Tags=                            a list without elements, as botocore sends it
//
// Elements are numbered from 1 without gaps or leading zeros, so that a number
// never decides how much memory is taken.
type formSource struct {
	params []Param
	pos    int
	// open holds the structures and lists around the cursor, innermost last.
	open []formLevel
	// end is where the segment of the current member or element ends in the
	// name of the parameter at pos.
	end  int
	fail *apierr.Error
}

// formLevel is an open structure or list: the prefix that the names of its
// parts share, and the number of elements seen.
type formLevel struct {
	prefix string
	count  int
	empty  bool
}

func (s *formSource) failure() *apierr.Error { return s.fail }

func (s *formSource) name() string { return s.params[s.pos].Name }

// stop records the first failure.
func (s *formSource) stop(kind apierr.Kind, format string, args ...any) {
	if s.fail == nil {
		s.fail = kind.New(format, args...)
	}
}

func (s *formSource) openStruct() {
	prefix := ""
	if len(s.open) > 0 && s.fail == nil {
		name := s.name()
		if s.end == len(name) {
			s.stop(apierr.MalformedInput, "The parameter %s is a structure and takes no value of its own.", clip(name, maxName))
		} else {
			prefix = name[:s.end+1]
		}
	}
	s.open = append(s.open, formLevel{prefix: prefix})
}

func (s *formSource) nextMember() (string, bool) {
	level := &s.open[len(s.open)-1]
	for s.fail == nil && s.pos < len(s.params) && strings.HasPrefix(s.name(), level.prefix) {
		segment, _, _ := strings.Cut(s.name()[len(level.prefix):], ".")
		if level.prefix == "" && reserved(s.name()) {
			s.pos++
			continue
		}
		s.end = len(level.prefix) + len(segment)
		return segment, true
	}
	s.open = s.open[:len(s.open)-1]
	return "", false
}

// reserved reports whether a parameter belongs to the protocol or to a
// signature in the query, and not to the operation's input: the names of
// Signature Version 4, and of Version 2.
func reserved(name string) bool {
	switch name {
	case "Action", "Version",
		"AWSAccessKeyId", "Expires", "SecurityToken", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp":
		return true
	}
	return strings.HasPrefix(name, "X-Amz-")
}

func (s *formSource) openList() {
	level := formLevel{empty: true}
	defer func() { s.open = append(s.open, level) }()
	if s.fail != nil {
		return
	}
	p := s.params[s.pos]
	if s.end == len(p.Name) {
		if p.Value != "" {
			s.stop(apierr.MalformedInput, "The parameter %s is a list and takes no value of its own.", clip(p.Name, maxName))
		}
		s.pos++
		return
	}
	const part = ".member."
	if !strings.HasPrefix(p.Name[s.end:], part) {
		s.unknown("")
		return
	}
	level = formLevel{prefix: p.Name[:s.end+len(part)]}
}

func (s *formSource) nextElement() bool {
	level := &s.open[len(s.open)-1]
	if s.fail == nil && !level.empty && s.pos < len(s.params) && strings.HasPrefix(s.name(), level.prefix) {
		segment, _, _ := strings.Cut(s.name()[len(level.prefix):], ".")
		level.count++
		if segment == strconv.Itoa(level.count) {
			s.end = len(level.prefix) + len(segment)
			return true
		}
		s.stop(apierr.MalformedInput, "The list elements of %s must be numbered from 1 without gaps.",
			clip(strings.TrimSuffix(level.prefix, "."), maxName))
	}
	s.open = s.open[:len(s.open)-1]
	return false
}

func (s *formSource) null() bool { return false }

func (s *formSource) text() string {
	if s.fail != nil {
		return ""
	}
	p := s.params[s.pos]
	if s.end != len(p.Name) {
		s.unknown("")
		return ""
	}
	s.pos++
	return p.Value
}

func (s *formSource) integer(bits int) int64 {
	v := s.text()
	n, err := strconv.ParseInt(v, 10, bits)
	if err != nil {
		s.malformed("an integer")
	}
	return n
}

func (s *formSource) boolean() bool {
	switch s.text() {
	case "true":
		return true
	case "false":
		return false
	}
	s.malformed("true or false")
	return false
}

func (s *formSource) timestamp() time.Time {
	t, err := time.Parse(time.RFC3339, s.text())
	if err != nil {
		s.malformed("a timestamp in the form of ISO 8601")
	}
	return t
}

// malformed fails for the value that text has just taken. The value itself is
// not repeated: it may belong to a sensitive member.
func (s *formSource) malformed(want string) {
	if s.fail == nil {
		s.stop(apierr.MalformedInput, "The value of the parameter %s must be %s.", clip(s.params[s.pos-1].Name, maxName), want)
	}
}

func (s *formSource) unknown(string) {
	if s.fail == nil {
		s.stop(apierr.InvalidQueryParameter, "The parameter %s is not recognized.", clip(s.name(), maxName))
	}
}

func (s *formSource) repeated(string) {
	if s.fail == nil {
		s.stop(apierr.InvalidQueryParameter, "The parameter %s contradicts another one.", clip(s.name(), maxName))
	}
}
