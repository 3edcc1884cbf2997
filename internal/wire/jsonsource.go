package wire

import (
	"bytes"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"rolecall.dev/rolecall/internal/apierr"
)

// DecodeJSON reads the body of a JSON 1.1 request into in, which must be zero,
// and checks it. An empty body is an empty object. The error is a
// SerializationException for what is not strictly the JSON (RFC 8259) of that
// shape, unknown and repeated members and invalid UTF-8 included, or a
// ValidationException. Nesting cannot run away: it is bounded by the shape.
func DecodeJSON(body []byte, in Input) error {
	s := &jsonSource{b: bytes.Trim(body, " \t\r\n")}
	if len(s.b) == 0 {
		s.b = []byte("{}")
	}
	if !utf8.Valid(s.b) {
		return apierr.SerializationException.New("The request body is not valid UTF-8.")
	}
	err := decode(in, s, apierr.ValidationException)
	if s.fail == nil && s.pos != len(s.b) {
		return apierr.SerializationException.New("The request body goes on after its JSON object.")
	}
	return err
}

// jsonSource reads a JSON document. Invariant: after a value has been taken,
// pos is behind it.
type jsonSource struct {
	b   []byte
	pos int
	// fresh is true from the opening of an object or array to its first part.
	fresh bool
	fail  *apierr.Error
}

func (s *jsonSource) failure() *apierr.Error { return s.fail }

func (s *jsonSource) stop(format string, args ...any) {
	if s.fail == nil {
		s.fail = apierr.SerializationException.New(format, args...)
	}
	s.pos = len(s.b)
}

func (s *jsonSource) syntax() { s.stop("The request body is not valid JSON at byte %d.", s.pos) }

// peek skips white space and returns the byte at the cursor, 0 at the end.
func (s *jsonSource) peek() byte {
	for ; s.pos < len(s.b); s.pos++ {
		switch c := s.b[s.pos]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c
		}
	}
	return 0
}

// take consumes c and reports whether it was there.
func (s *jsonSource) take(c byte) bool {
	if s.peek() != c || s.pos == len(s.b) {
		return false
	}
	s.pos++
	return true
}

func (s *jsonSource) openStruct() { s.open('{', "a structure") }
func (s *jsonSource) openList()   { s.open('[', "a list") }

func (s *jsonSource) open(c byte, what string) {
	if !s.take(c) {
		s.stop("The request body has a value that is not %s at byte %d.", what, s.pos)
	}
	s.fresh = true
}

// more moves to the next part of an object or array that ends with c.
func (s *jsonSource) more(c byte) bool {
	if s.fail != nil {
		return false
	}
	fresh := s.fresh
	s.fresh = false
	if s.take(c) {
		return false
	}
	if !fresh && !s.take(',') {
		s.syntax()
		return false
	}
	return true
}

func (s *jsonSource) nextMember() (string, bool) {
	if !s.more('}') {
		return "", false
	}
	name := s.text()
	if s.fail == nil && !s.take(':') {
		s.syntax()
	}
	return name, s.fail == nil
}

func (s *jsonSource) nextElement() bool { return s.more(']') }

func (s *jsonSource) null() bool {
	s.peek()
	if !bytes.HasPrefix(s.b[s.pos:], []byte("null")) {
		return false
	}
	s.pos += len("null")
	return true
}

func (s *jsonSource) text() string {
	if !s.take('"') {
		s.stop("The request body has a value that is not a string at byte %d.", s.pos)
		return ""
	}
	start := s.pos
	for ; s.pos < len(s.b); s.pos++ {
		switch c := s.b[s.pos]; {
		case c == '"':
			s.pos++
			return string(s.b[start : s.pos-1])
		case c == '\\':
			return s.escaped(append([]byte(nil), s.b[start:s.pos]...))
		case c < ' ':
			s.syntax()
			return ""
		}
	}
	s.syntax()
	return ""
}

// escaped reads the rest of a string that has escapes; out is what came before
// the first.
func (s *jsonSource) escaped(out []byte) string {
	for s.pos < len(s.b) {
		c := s.b[s.pos]
		s.pos++
		switch {
		case c == '"':
			return string(out)
		case c < ' ':
			s.syntax()
			return ""
		case c != '\\':
			out = append(out, c)
		default:
			r, ok := s.escape()
			if !ok {
				s.syntax()
				return ""
			}
			out = utf8.AppendRune(out, r)
		}
	}
	s.syntax()
	return ""
}

// escape reads what follows a backslash. A surrogate without its partner is
// not a character and is refused.
func (s *jsonSource) escape() (rune, bool) {
	if s.pos == len(s.b) {
		return 0, false
	}
	c := s.b[s.pos]
	s.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		return s.unicodeEscape()
	}
	return 0, false
}

func (s *jsonSource) unicodeEscape() (rune, bool) {
	hi, ok := s.hex4()
	if !ok || hi < 0xD800 || hi > 0xDFFF {
		return hi, ok
	}
	if hi > 0xDBFF || !bytes.HasPrefix(s.b[s.pos:], []byte(`\u`)) {
		return 0, false
	}
	s.pos += len(`\u`)
	lo, ok := s.hex4()
	if !ok || lo < 0xDC00 || lo > 0xDFFF {
		return 0, false
	}
	return 0x10000 + (hi-0xD800)<<10 + (lo - 0xDC00), true
}

func (s *jsonSource) hex4() (rune, bool) {
	if len(s.b)-s.pos < 4 {
		return 0, false
	}
	var r rune
	for _, c := range s.b[s.pos : s.pos+4] {
		if unhex[c] > 15 {
			return 0, false
		}
		r = r<<4 | rune(unhex[c])
	}
	s.pos += 4
	return r, true
}

// number takes the literal at the cursor:
//
//	[ "-" ] ( "0" | digit1-9 *digit ) [ "." 1*digit ] [ ("e" | "E") [ "+" | "-" ] 1*digit ]
func (s *jsonSource) number() (literal string, whole bool) {
	s.peek()
	start := s.pos
	if s.pos < len(s.b) && s.b[s.pos] == '-' {
		s.pos++
	}
	zero := s.pos < len(s.b) && s.b[s.pos] == '0'
	if zero {
		s.pos++
	}
	ok := zero || s.digits()
	whole = true
	if ok && s.pos < len(s.b) && s.b[s.pos] == '.' {
		s.pos++
		whole, ok = false, s.digits()
	}
	if ok && s.pos < len(s.b) && s.b[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.b) && (s.b[s.pos] == '+' || s.b[s.pos] == '-') {
			s.pos++
		}
		whole, ok = false, s.digits()
	}
	if !ok {
		s.stop("The request body has a value that is not a number at byte %d.", start)
		return "0", true
	}
	return string(s.b[start:s.pos]), whole
}

// digits takes one or more digits and reports whether there were any.
func (s *jsonSource) digits() bool {
	start := s.pos
	for s.pos < len(s.b) && s.b[s.pos] >= '0' && s.b[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

func (s *jsonSource) integer(bits int) int64 {
	literal, whole := s.number()
	n, err := strconv.ParseInt(literal, 10, bits)
	if !whole || err != nil {
		s.stop("The request body has a value that is not an integer of %d bits.", bits)
		return 0
	}
	return n
}

func (s *jsonSource) boolean() bool {
	s.peek()
	for _, literal := range [...]string{"true", "false"} {
		if bytes.HasPrefix(s.b[s.pos:], []byte(literal)) {
			s.pos += len(literal)
			return literal == "true"
		}
	}
	s.stop("The request body has a value that is not a boolean at byte %d.", s.pos)
	return false
}

// timestamp reads seconds since 1970 with an optional fraction, of which
// milliseconds count.
func (s *jsonSource) timestamp() time.Time {
	literal, _ := s.number()
	seconds, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.Abs(seconds) > 1e11 {
		s.stop("The request body has a timestamp that is out of range.")
		return time.Time{}
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
}

func (s *jsonSource) unknown(name string) {
	s.stop("The request body has the member %s, which the operation does not take.", clip(name, maxName))
}

func (s *jsonSource) repeated(name string) {
	s.stop("The request body has the member %s more than once.", clip(name, maxName))
}
