package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rolecall.dev/rolecall/arn"
)

// class sorts patterns by how cheaply they can be matched.
type class uint8

const (
	matchNothing class = iota
	matchAll           // *
	matchLiteral       // abc
	matchPrefix        // abc*
	matchSuffix        // *abc
	matchWild          // a*b?c
	matchTokens        // with variables, or with ${*} beside a wildcard
)

// pattern is one compiled string of a policy. For the first five classes text
// is what to compare with (without the star); for matchWild it is the pattern.
//
//	home/*            matchPrefix  "home/"
//	home/${*}         matchLiteral "home/*"
//	home/${aws:username}/*
//	                  matchTokens  literal "home/", variable aws:username, literal "/", star
type pattern struct {
	class  class
	fold   bool // without regard to case; only for literal and tokens
	text   string
	tokens *[]token
}

type tokenKind uint8

const (
	literalToken tokenKind = iota
	starToken
	questionToken
	variableToken
)

type token struct {
	kind     tokenKind
	text     string // the literal, or the variable's key in lower case
	fallback *string
}

// maxVariables is how many variables one string may hold, so that a decision
// can keep their values without allocating.
const maxVariables = 16

// outcome is the answer of a comparison. A comparison that cannot be made (a
// date that is no date) is bad: it satisfies no Allow and spares nobody a Deny.
type outcome uint8

const (
	no outcome = iota
	yes
	bad
)

func is(b bool) outcome {
	if b {
		return yes
	}
	return no
}

// classify turns tokens into the cheapest pattern that does the same.
func classify(tokens []token, fold bool) pattern {
	stars, questions, variables := 0, 0, 0
	var literal strings.Builder
	special := false // a literal that looks like a wildcard
	for _, t := range tokens {
		switch t.kind {
		case starToken:
			stars++
		case questionToken:
			questions++
		case variableToken:
			variables++
		case literalToken:
			literal.WriteString(t.text)
			special = special || strings.ContainsAny(t.text, "*?")
		}
	}
	switch {
	case variables > 0 || special && stars+questions > 0:
		kept := slices.Clone(tokens)
		return pattern{class: matchTokens, fold: fold, tokens: &kept}
	case stars+questions == 0:
		return pattern{class: matchLiteral, fold: fold, text: literal.String()}
	case stars == len(tokens):
		return pattern{class: matchAll}
	case stars == 1 && questions == 0 && tokens[len(tokens)-1].kind == starToken:
		return pattern{class: matchPrefix, text: literal.String()}
	case stars == 1 && questions == 0 && tokens[0].kind == starToken:
		return pattern{class: matchSuffix, text: literal.String()}
	}
	return pattern{class: matchWild, text: source(tokens)}
}

// source writes tokens without variables as pattern text again.
func source(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		switch t.kind {
		case starToken:
			b.WriteByte('*')
		case questionToken:
			b.WriteByte('?')
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// match reports whether p covers all of s. A variable without a value makes a
// pattern that covers nothing.
func (p *pattern) match(s string, ctx Context) bool {
	switch p.class {
	case matchAll:
		return true
	case matchLiteral:
		return p.text == s || p.fold && strings.EqualFold(p.text, s)
	case matchPrefix:
		return strings.HasPrefix(s, p.text)
	case matchSuffix:
		return strings.HasSuffix(s, p.text)
	case matchWild:
		return arn.Wildcard(p.text, s)
	case matchTokens:
		return p.matchTokens(s, ctx)
	}
	return false
}

// matchTokens is arn.Wildcard over tokens: only the last star is ever retried.
func (p *pattern) matchTokens(s string, ctx Context) bool {
	tokens := *p.tokens
	var values [maxVariables]string
	if !resolve(tokens, ctx, values[:]) {
		return false
	}
	t, i, v := 0, 0, 0
	starT, starI, starV := -1, 0, 0
	for {
		if t < len(tokens) && tokens[t].kind == starToken {
			starT, starI, starV = t, i, v
			t++
			continue
		}
		if t == len(tokens) && i == len(s) {
			return true
		}
		if t < len(tokens) {
			text := tokens[t].text
			if tokens[t].kind == variableToken {
				text = values[v]
			}
			if n, ok := p.consume(tokens[t].kind, text, s[i:]); ok {
				if tokens[t].kind == variableToken {
					v++
				}
				t++
				i += n
				continue
			}
		}
		if starT < 0 || starI >= len(s) {
			return false
		}
		starI += runeLen(s[starI:])
		t, i, v = starT+1, starI, starV
	}
}

// consume matches one token other than a star at the start of s and returns
// how many bytes it took.
func (p *pattern) consume(kind tokenKind, text, s string) (int, bool) {
	switch {
	case kind == questionToken:
		return runeLen(s), s != ""
	case p.fold:
		return foldPrefix(s, text)
	}
	return len(text), strings.HasPrefix(s, text)
}

// resolve looks up the variables in order. It reports false if one of them has
// neither a value nor a default.
func resolve(tokens []token, ctx Context, values []string) bool {
	v := 0
	for i := range tokens {
		if tokens[i].kind != variableToken {
			continue
		}
		found, ok := variable(tokens[i].text, ctx)
		if !ok {
			if tokens[i].fallback == nil {
				return false
			}
			found = *tokens[i].fallback
		}
		values[v] = found
		v++
	}
	return true
}

// foldPrefix is strings.HasPrefix without regard to case. It returns the length
// of what matched, which may differ from prefix's.
func foldPrefix(s, prefix string) (int, bool) {
	n := 0
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(s[n:])
		if size == 0 || !equalFold(got, want) {
			return 0, false
		}
		n += size
	}
	return n, true
}

func equalFold(a, b rune) bool {
	if a == b {
		return true
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

func runeLen(s string) int {
	_, size := utf8.DecodeRuneInString(s)
	return size
}
