package wire

import (
	"regexp"
	"sync"
	"unicode"
)

// Pattern is a constraint on the characters of a string. A value satisfies it
// if all of it matches. Values are made once, in generated tables; Match may be
// called concurrently.
type Pattern struct {
	// Source is the expression as the model spells it, for messages.
	Source string
	// Class is set for the common form of one class repeated, which is
	// matched without a regexp; Expr is set for all others.
	Class *Class
	// NonEmpty is true for a repeated class that needs one character.
	NonEmpty bool
	// Expr is the expression in the syntax of package regexp, anchored.
	Expr string

	once     sync.Once
	compiled *regexp.Regexp
}

// Match reports whether all of s matches. The first call for an Expr compiles
// it: hundreds of expressions at start would cost more than all requests of
// most processes.
func (p *Pattern) Match(s string) bool {
	if p.Class != nil {
		return (s != "" || !p.NonEmpty) && p.Class.contains(s)
	}
	p.once.Do(func() { p.compiled = regexp.MustCompile(p.Expr) })
	return p.compiled.MatchString(s)
}

// Class is a set of characters: a bitmap for ASCII, inclusive ranges and
// Unicode categories for the rest.
type Class struct {
	ASCII      [2]uint64
	Ranges     [][2]rune
	Categories Category
}

// Category is a set of Unicode general categories.
type Category uint8

// The categories that the models use.
const (
	Letter    Category = 1 << iota // \p{L}
	Number                         // \p{N}
	Separator                      // \p{Z}
)

func (c *Class) contains(s string) bool {
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b >= 0x80 {
			return c.containsRunes(s[i:])
		}
		if c.ASCII[b>>6]>>(b&63)&1 == 0 {
			return false
		}
	}
	return true
}

func (c *Class) containsRunes(s string) bool {
	for _, r := range s {
		if !c.containsRune(r) {
			return false
		}
	}
	return true
}

func (c *Class) containsRune(r rune) bool {
	if r < 0x80 {
		return c.ASCII[r>>6]>>(r&63)&1 == 1
	}
	for _, span := range c.Ranges {
		if span[0] <= r && r <= span[1] {
			return true
		}
	}
	return c.Categories&Letter != 0 && unicode.Is(unicode.L, r) ||
		c.Categories&Number != 0 && unicode.Is(unicode.N, r) ||
		c.Categories&Separator != 0 && unicode.Is(unicode.Z, r)
}
