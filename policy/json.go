package policy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits on a document before its meaning is looked at. IAM's own quotas are
// far lower; these bound time and memory for any bytes whatever.
const (
	maxDocument = 2 << 20 // bytes
	maxDepth    = 12      // objects and arrays inside one another; a policy needs seven
)

// nodeKind is the sort of a JSON value.
type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
)

// node is one JSON value with its place in the text. name is the key it stands
// under in an object; text is the decoded string, or the literal of a number or
// boolean. Both share the document's memory unless they hold escapes.
type node struct {
	kind     nodeKind
	pos, end int32 // the value's literal is document[pos:end]
	namePos  int32
	name     string
	text     string
	items    []node
}

// member returns the value under name, or nil.
func (n *node) member(name string) *node {
	for i := range n.items {
		if n.items[i].name == name {
			return &n.items[i]
		}
	}
	return nil
}

// jsonError is a fault in the JSON itself.
type jsonError struct {
	pos    int
	detail string
}

// reader reads RFC 8259 and nothing more: no comments, no trailing commas, no
// duplicate keys, no lone surrogates, no invalid UTF-8, no byte order mark.
type reader struct {
	text  string
	pos   int
	depth int
}

func readJSON(document string) (node, *jsonError) {
	if len(document) > maxDocument {
		return node{}, &jsonError{0, fmt.Sprintf("document is longer than %d bytes", maxDocument)}
	}
	r := reader{text: document}
	root, err := r.value()
	if err != nil {
		return node{}, err
	}
	r.space()
	if r.pos < len(r.text) {
		return node{}, r.fault("text after the end of the document")
	}
	return root, nil
}

func (r *reader) fault(format string, args ...any) *jsonError {
	return &jsonError{r.pos, fmt.Sprintf(format, args...)}
}

func (r *reader) space() {
	for r.pos < len(r.text) {
		switch r.text[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

// peek is the byte at the cursor, or 0 at the end.
func (r *reader) peek() byte {
	if r.pos < len(r.text) {
		return r.text[r.pos]
	}
	return 0
}

func (r *reader) value() (node, *jsonError) {
	r.space()
	n := node{pos: int32(r.pos)}
	var err *jsonError
	switch c := r.peek(); {
	case c == '{':
		n.kind = objectNode
		n.items, err = r.sequence('}', true)
	case c == '[':
		n.kind = arrayNode
		n.items, err = r.sequence(']', false)
	case c == '"':
		n.kind = stringNode
		n.text, err = r.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = numberNode
		n.text, err = r.number()
	default:
		n.kind, n.text, err = r.word()
	}
	n.end = int32(r.pos)
	return n, err
}

// sequence reads an object or array up to its closing byte.
func (r *reader) sequence(closing byte, named bool) ([]node, *jsonError) {
	if r.depth++; r.depth > maxDepth {
		return nil, r.fault("nested more than %d deep", maxDepth)
	}
	defer func() { r.depth-- }()
	r.pos++
	var items []node
	var names nameSet
	for {
		r.space()
		if r.peek() == closing && len(items) == 0 {
			break
		}
		n, err := r.item(named, &names, items)
		if err != nil {
			return nil, err
		}
		items = append(items, n)
		r.space()
		if r.peek() != ',' {
			break
		}
		r.pos++
	}
	if r.peek() != closing {
		return nil, r.fault("expected ',' or '%c'", closing)
	}
	r.pos++
	return items, nil
}

func (r *reader) item(named bool, names *nameSet, before []node) (node, *jsonError) {
	if !named {
		return r.value()
	}
	at := r.pos
	if r.peek() != '"' {
		return node{}, r.fault("expected a quoted name")
	}
	name, err := r.str()
	if err != nil {
		return node{}, err
	}
	if names.add(name, before) {
		return node{}, &jsonError{at, "duplicate key " + strconv.Quote(name)}
	}
	r.space()
	if r.peek() != ':' {
		return node{}, r.fault("expected ':'")
	}
	r.pos++
	n, err := r.value()
	n.name, n.namePos = name, int32(at)
	return n, err
}

// nameSet finds repeated names: by looking through a few, by a map when many.
type nameSet struct{ many map[string]bool }

func (s *nameSet) add(name string, before []node) (repeated bool) {
	if s.many == nil {
		for i := range before {
			if before[i].name == name {
				return true
			}
		}
		if len(before) < 16 {
			return false
		}
		s.many = make(map[string]bool, 64)
		for i := range before {
			s.many[before[i].name] = true
		}
	}
	repeated = s.many[name]
	s.many[name] = true
	return repeated
}

func (r *reader) word() (nodeKind, string, *jsonError) {
	rest := r.text[r.pos:]
	for _, w := range []struct {
		text string
		kind nodeKind
	}{{"true", boolNode}, {"false", boolNode}, {"null", nullNode}} {
		if strings.HasPrefix(rest, w.text) {
			r.pos += len(w.text)
			return w.kind, w.text, nil
		}
	}
	if rest == "" {
		return 0, "", r.fault("unexpected end of the document")
	}
	return 0, "", r.fault("expected a value")
}

// number reads -?int frac? exp? and returns its literal.
func (r *reader) number() (string, *jsonError) {
	start := r.pos
	if r.peek() == '-' {
		r.pos++
	}
	if r.peek() == '0' {
		r.pos++
	} else if !r.digits() {
		return "", r.fault("expected a digit")
	}
	if r.peek() == '.' {
		r.pos++
		if !r.digits() {
			return "", r.fault("expected a digit")
		}
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		r.pos++
		if c := r.peek(); c == '+' || c == '-' {
			r.pos++
		}
		if !r.digits() {
			return "", r.fault("expected a digit")
		}
	}
	return r.text[start:r.pos], nil
}

func (r *reader) digits() bool {
	start := r.pos
	for c := r.peek(); c >= '0' && c <= '9'; c = r.peek() {
		r.pos++
	}
	return r.pos > start
}

// str reads a string literal. Without escapes the result is a part of the
// document.
func (r *reader) str() (string, *jsonError) {
	r.pos++
	start := r.pos
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; {
		case c == '"':
			r.pos++
			return r.text[start : r.pos-1], nil
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return "", r.fault("control character in a string")
		case c < utf8.RuneSelf:
			r.pos++
		default:
			if err := r.rune(); err != nil {
				return "", err
			}
		}
	}
	return "", r.fault("string without end")
}

func (r *reader) rune() *jsonError {
	c, size := utf8.DecodeRuneInString(r.text[r.pos:])
	if c == utf8.RuneError && size == 1 {
		return r.fault("invalid UTF-8")
	}
	r.pos += size
	return nil
}

// escaped goes on with a string that began at start, from its first backslash.
func (r *reader) escaped(start int) (string, *jsonError) {
	var b strings.Builder
	b.WriteString(r.text[start:r.pos])
	for r.pos < len(r.text) {
		switch c := r.text[r.pos]; {
		case c == '"':
			r.pos++
			return b.String(), nil
		case c == '\\':
			decoded, err := r.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(decoded)
		case c < ' ':
			return "", r.fault("control character in a string")
		default:
			from := r.pos
			if err := r.rune(); err != nil {
				return "", err
			}
			b.WriteString(r.text[from:r.pos])
		}
	}
	return "", r.fault("string without end")
}

func (r *reader) escape() (rune, *jsonError) {
	at := r.pos
	r.pos++
	c := r.peek()
	r.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		if u, ok := r.codePoint(); ok {
			return u, nil
		}
	}
	return 0, &jsonError{at, "bad escape in a string"}
}

// codePoint reads the digits of one \u, or of the two that make a surrogate
// pair.
func (r *reader) codePoint() (rune, bool) {
	high, ok := r.hex4()
	if !ok || !utf16.IsSurrogate(high) {
		return high, ok
	}
	if !strings.HasPrefix(r.text[r.pos:], `\u`) {
		return 0, false
	}
	r.pos += 2
	low, ok := r.hex4()
	full := utf16.DecodeRune(high, low)
	return full, ok && full != utf8.RuneError
}

func (r *reader) hex4() (rune, bool) {
	if r.pos+4 > len(r.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(r.text[r.pos:r.pos+4], 16, 16)
	if err != nil {
		return 0, false
	}
	r.pos += 4
	return rune(n), true
}
