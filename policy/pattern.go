package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rolecall.dev/rolecall/arn"
)

// class sorts patterns by how they are matched, cheapest first.
type class uint8

const (
	matchNothing class = iota
	matchAll           // *
	matchLiteral       // abc
	matchPrefix        // abc*
	matchSuffix        // *abc
	matchWild          // a*b?c
	matchProgram       // with variables, or with ${*} beside a wildcard

	// Of names only:
	matchParts        // part by part, each as matchWild
	matchHeadProgram  // five literal parts, then a program
	matchPartsProgram // six programs
)

// pattern is one compiled string of a policy. Up to matchSuffix, text is what to
// compare with (without the star); for matchWild and matchParts it is the
// pattern itself; else it is a program.
//
//	home/*            matchPrefix  "home/"
//	home/${*}         matchLiteral "home/*"
//	home/${aws:username}/*
//	                  matchProgram literal "home/", variable aws:username, literal "/", star
type pattern struct {
	text  span
	class class
	fold  bool // without regard to case; only for literals and programs
}

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

// pattern compiles a string. ok is false if a variable in it is not well formed.
func (p *parser) pattern(v *node, wild, vars, fold bool) (out pattern, ok bool) {
	out.fold = fold
	if vars && strings.Contains(v.text, "${") {
		return p.patternOfTokens(v.text, wild, fold)
	}
	text := v.text
	if !wild || strings.IndexByte(text, '*') < 0 && strings.IndexByte(text, '?') < 0 {
		out.class, out.text = matchLiteral, p.part(v, 0, len(text))
		return out, true
	}
	end := len(strings.TrimRight(text, "*"))
	start := len(text) - len(strings.TrimLeft(text, "*"))
	switch {
	case end == 0:
		out.class = matchAll
	case !strings.ContainsAny(text[:end], "*?"):
		out.class, out.text = matchPrefix, p.part(v, 0, end)
	case !strings.ContainsAny(text[start:], "*?"):
		out.class, out.text = matchSuffix, p.part(v, start, len(text))
	default:
		out.class, out.text = matchWild, p.part(v, 0, len(text))
	}
	return out, true
}

func (p *parser) patternOfTokens(text string, wild, fold bool) (pattern, bool) {
	tokens, ok := tokenize(text, wild, true)
	if literal, plain := joinLiterals(tokens); plain {
		return pattern{class: matchLiteral, fold: fold, text: p.add(literal)}, ok
	}
	return pattern{class: matchProgram, fold: fold, text: p.add(encode(tokens))}, ok
}

// match reports whether pat covers all of s. A variable without a value makes a
// pattern that covers nothing.
func (t *texts) match(pat *pattern, s string, ctx Context) bool {
	text := t.text(pat.text)
	switch pat.class {
	case matchAll:
		return true
	case matchLiteral:
		return text == s || pat.fold && strings.EqualFold(text, s)
	case matchPrefix:
		return strings.HasPrefix(s, text)
	case matchSuffix:
		return strings.HasSuffix(s, text)
	case matchWild:
		return arn.Wildcard(text, s)
	case matchProgram:
		return runProgram(text, s, pat.fold, ctx)
	}
	return false
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
