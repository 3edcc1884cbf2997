package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The models' expressions are Java's, and a value must match as a whole. They
// are translated into the syntax of package regexp where the two differ:
//
//	\uXXXX  is always four digits in Java: "\u10000" is U+1000 and a "0"
//	\s      has the vertical tab in Java
//	.       leaves out five line terminators in Java, one in Go
//	(?!x)   does not exist in Go: see equivalents

// equivalents holds, for expressions that package regexp cannot take, one that
// accepts the same strings together with the length limits of their shapes.
func equivalents() map[string]string {
	return map[string]string{
		// No two hyphens in a row: AccountAlias, 3 to 63 characters.
		`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`: `[a-z0-9]+(?:-[a-z0-9]+)*`,
	}
}

// span is an inclusive range of characters.
type span struct{ lo, hi rune }

// charClass is a bracket expression or an escape that stands for one.
type charClass struct {
	spans      []span
	categories []string
	negated    bool
}

// simple returns the class of an expression that is one class repeated, and
// whether it needs a character.
func simple(source string) (c *charClass, nonEmpty, ok bool) {
	s := strings.TrimSuffix(strings.TrimPrefix(source, "^"), "$")
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = s[1 : len(s)-1]
	}
	if !strings.HasPrefix(s, "[") {
		return nil, false, false
	}
	c, rest, err := parseClass(s)
	if err != nil || c.negated || rest != "+" && rest != "*" {
		return nil, false, false
	}
	return c, rest == "+", true
}

// translate returns an anchored expression for package regexp.
func translate(source string) (string, error) {
	out, ok := equivalents()[source]
	if !ok {
		var err error
		if out, err = translateParts(source); err != nil {
			return "", fmt.Errorf("pattern %q: %w", source, err)
		}
	}
	out = "^(?:" + out + ")$"
	if _, err := regexp.Compile(out); err != nil {
		return "", fmt.Errorf("pattern %q: %w", source, err)
	}
	return out, nil
}

func translateParts(s string) (string, error) {
	var b strings.Builder
	for s != "" {
		switch {
		case strings.HasPrefix(s, "(?"):
			return "", fmt.Errorf("unsupported group at %q", s)
		case s[0] == '[':
			c, rest, err := parseClass(s)
			if err != nil {
				return "", err
			}
			b.WriteString(c.expr())
			s = rest
		case s[0] == '\\':
			c, rest, err := parseEscape(s)
			if err != nil {
				return "", err
			}
			b.WriteString(c.expr())
			s = rest
		case s[0] == '.':
			b.WriteString(`[^\n\r\x{85}\x{2028}\x{2029}]`)
			s = s[1:]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return b.String(), nil
}

// parseClass reads a bracket expression from the start of s.
func parseClass(s string) (*charClass, string, error) {
	c := &charClass{}
	rest := s[1:]
	if strings.HasPrefix(rest, "^") {
		c.negated, rest = true, rest[1:]
	}
	for !strings.HasPrefix(rest, "]") {
		if rest == "" || rest[0] == '[' || strings.HasPrefix(rest, "&&") {
			return nil, "", fmt.Errorf("unsupported class %q", s)
		}
		item, after, err := parseItem(rest)
		if err != nil {
			return nil, "", err
		}
		if lo, ok := item.single(); ok && len(after) > 1 && after[0] == '-' && after[1] != ']' {
			end, afterEnd, err := parseItem(after[1:])
			if err != nil {
				return nil, "", err
			}
			hi, ok := end.single()
			if !ok || hi < lo {
				return nil, "", fmt.Errorf("bad range in class %q", s)
			}
			item, after = &charClass{spans: []span{{lo, hi}}}, afterEnd
		}
		c.spans = append(c.spans, item.spans...)
		c.categories = append(c.categories, item.categories...)
		rest = after
	}
	return c, rest[1:], nil
}

// parseItem reads one character or escape inside a class.
func parseItem(s string) (*charClass, string, error) {
	if s[0] == '\\' {
		return parseEscape(s)
	}
	if s[0] >= 0x80 {
		return nil, "", fmt.Errorf("unsupported character in %q", s)
	}
	return char(rune(s[0])), s[1:], nil
}

func char(r rune) *charClass { return &charClass{spans: []span{{r, r}}} }

// parseEscape reads a backslash and what belongs to it.
func parseEscape(s string) (*charClass, string, error) {
	space := []span{{'\t', '\r'}, {' ', ' '}}
	switch c := s[1]; {
	case c == 'd':
		return &charClass{spans: []span{{'0', '9'}}}, s[2:], nil
	case c == 'w':
		return &charClass{spans: []span{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}, s[2:], nil
	case c == 's':
		return &charClass{spans: space}, s[2:], nil
	case c == 'S':
		return &charClass{spans: complement(space)}, s[2:], nil
	case c == 'u' && len(s) >= 6:
		r, err := strconv.ParseUint(s[2:6], 16, 16)
		return char(rune(r)), s[6:], err
	case c == 'p' && len(s) >= 5 && s[2] == '{' && s[4] == '}':
		return &charClass{categories: []string{s[3:4]}}, s[5:], nil
	case c < 0x80 && !isAlnum(c):
		return char(rune(c)), s[2:], nil
	}
	return nil, "", fmt.Errorf("unsupported escape at %q", s)
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// single returns the character of a class that has just one.
func (c *charClass) single() (rune, bool) {
	if len(c.spans) != 1 || len(c.categories) > 0 || c.spans[0].lo != c.spans[0].hi {
		return 0, false
	}
	return c.spans[0].lo, true
}

// merged returns the spans in order, without overlaps.
func merged(spans []span) []span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo - b.lo) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.lo <= out[n-1].hi+1 {
			out[n-1].hi = max(out[n-1].hi, s.hi)
			continue
		}
		out = append(out, s)
	}
	return out
}

// complement returns the characters that are in none of the spans.
func complement(spans []span) []span {
	var out []span
	next := rune(0)
	for _, s := range merged(spans) {
		if s.lo > next {
			out = append(out, span{next, s.lo - 1})
		}
		next = s.hi + 1
	}
	return append(out, span{next, 0x10FFFF})
}

// expr spells the class for package regexp.
func (c *charClass) expr() string {
	if r, ok := c.single(); ok && !c.negated {
		return regexp.QuoteMeta(string(r))
	}
	var b strings.Builder
	b.WriteByte('[')
	if c.negated {
		b.WriteByte('^')
	}
	for _, s := range merged(c.spans) {
		b.WriteString(classChar(s.lo))
		if s.hi > s.lo {
			b.WriteString("-" + classChar(s.hi))
		}
	}
	for _, name := range c.categories {
		b.WriteString(`\p{` + name + `}`)
	}
	b.WriteByte(']')
	return b.String()
}

func classChar(r rune) string {
	if r < 0x80 && isAlnum(byte(r)) {
		return string(r)
	}
	return fmt.Sprintf(`\x{%X}`, r)
}
