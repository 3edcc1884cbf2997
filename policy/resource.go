package policy

import (
	"strings"

	"rolecall.dev/rolecall/arn"
)

// Wildcards in an ARN stay inside the part they stand in; only the last part,
// the resource, may hold colons. Most patterns need no division into parts:
//
//	*                         matchAll
//	arn:aws:s3:::b/k          matchLiteral
//	arn:aws:s3:::b/*          matchPrefix "arn:aws:s3:::b/"
//	arn:aws:sqs:*:1234:x-*    matchParts
//	arn:aws:s3:::b/${aws:username}/*
//	                          matchHeadProgram "arn:aws:s3:::", then the rest
//	${aws:PrincipalArn}       matchProgram, in conditions only

// arnParts is an ARN with the places of its first five colons.
type arnParts struct {
	text   string
	colons [5]int
}

// split divides s. It reports false if s is no ARN.
func (p *arnParts) split(s string) bool {
	if !strings.HasPrefix(s, "arn:") {
		return false
	}
	p.text = s
	n := 0
	for i := len("arn"); i < len(s); i++ {
		if s[i] == ':' {
			p.colons[n] = i
			if n++; n == len(p.colons) {
				return true
			}
		}
	}
	return false
}

// part is one of the six parts.
func (p *arnParts) part(i int) string {
	switch i {
	case 0:
		return p.text[:p.colons[0]]
	case 5:
		return p.text[p.colons[4]+1:]
	}
	return p.text[p.colons[i-1]+1 : p.colons[i]]
}

// name compiles "*" or an ARN with wildcards and variables. An ARN that ends
// early with a star ("arn:aws:s3:*") has stars for the parts left out. ok is
// false if v is neither.
func (p *parser) name(v *node, vars bool) (out pattern, ok bool) {
	if v.text == "*" {
		return pattern{class: matchAll}, true
	}
	vars = vars && strings.Contains(v.text, "${")
	split := splitColons(v.text, 6, vars)
	if split[0] != "arn" || len(split) < 3 || len(split) < 6 && split[len(split)-1] != "*" {
		return out, false
	}
	if vars {
		return p.nameOfTokens(split)
	}
	if len(split) < 6 {
		return pattern{class: matchParts, text: p.add(v.text + strings.Repeat(":*", 6-len(split)))}, true
	}
	end := len(strings.TrimRight(v.text, "*"))
	switch {
	case !strings.ContainsAny(v.text, "*?"):
		return pattern{class: matchLiteral, text: p.part(v, 0, len(v.text))}, true
	case end >= len(v.text)-len(split[5]) && !strings.ContainsAny(v.text[:end], "*?"):
		return pattern{class: matchPrefix, text: p.part(v, 0, end)}, true
	}
	return pattern{class: matchParts, text: p.part(v, 0, len(v.text))}, true
}

// nameOfTokens compiles an ARN with variables, divided into its parts.
func (p *parser) nameOfTokens(split []string) (pattern, bool) {
	for len(split) < 6 {
		split = append(split, "*")
	}
	var programs []string
	head, literals := "", 0 // the parts before the first that is not literal
	for i, part := range split {
		tokens, ok := tokenize(part, true, true)
		if !ok {
			return pattern{}, false
		}
		programs = append(programs, encode(tokens))
		if text, plain := joinLiterals(tokens); plain && literals == i {
			head, literals = head+text+":", i+1
		}
	}
	switch {
	case literals == 6:
		return pattern{class: matchLiteral, text: p.add(strings.TrimSuffix(head, ":"))}, true
	case literals == 5:
		return pattern{class: matchHeadProgram, text: p.add(head + endOfPart + programs[5])}, true
	}
	return pattern{class: matchPartsProgram, text: p.add(strings.Join(programs, endOfPart))}, true
}

// nameInVariable compiles a value that is one variable, which stands for a whole
// ARN. Its text is plain, so that there are no parts to compare one by one.
func (p *parser) nameInVariable(text string) (pattern, bool) {
	tokens, ok := tokenize(text, true, true)
	if !ok || len(tokens) != 1 || tokens[0].kind != variableToken {
		return pattern{}, false
	}
	return pattern{class: matchProgram, text: p.add(encode(tokens))}, true
}

// matchName reports whether pat covers the name s, which divides into parts.
// divided is false for "*", the resource of an action that has none.
func (t *texts) matchName(pat *pattern, s string, parts *arnParts, divided bool, ctx Context) bool {
	text := t.text(pat.text)
	switch pat.class {
	case matchAll:
		return true
	case matchLiteral:
		return s == text
	case matchPrefix:
		return strings.HasPrefix(s, text)
	}
	if !divided {
		return false
	}
	switch pat.class {
	case matchParts:
		return parts.matchWild(text)
	case matchHeadProgram:
		head, program, _ := strings.Cut(text, endOfPart)
		return strings.HasPrefix(s, head) && runProgram(program, s[len(head):], false, ctx)
	case matchProgram:
		return runProgram(text, s, false, ctx)
	}
	return parts.matchPrograms(text, ctx)
}

// matchWild compares part by part with a pattern without variables.
func (p *arnParts) matchWild(pattern string) bool {
	for i := range 5 {
		part, rest, _ := strings.Cut(pattern, ":")
		if pattern = rest; !matchPart(part, p.part(i)) {
			return false
		}
	}
	return matchPart(pattern, p.part(5))
}

func matchPart(pattern, part string) bool {
	return pattern == "*" || pattern == part || arn.Wildcard(pattern, part)
}

// matchPrograms compares part by part with six programs.
func (p *arnParts) matchPrograms(programs string, ctx Context) bool {
	for i := range 6 {
		program, rest, _ := strings.Cut(programs, endOfPart)
		if programs = rest; !runProgram(program, p.part(i), false, ctx) {
			return false
		}
	}
	return true
}

// literalPrefix is text that every name pat covers starts with.
func (t *texts) literalPrefix(pat *pattern) string {
	text := t.text(pat.text)
	switch pat.class {
	case matchLiteral, matchPrefix:
		return text
	case matchParts:
		return text[:strings.IndexAny(text, "*?")]
	case matchHeadProgram:
		head, program, _ := strings.Cut(text, endOfPart)
		end := strings.IndexByte(program, mark)
		return head + program[:max(end, 0)]
	}
	return ""
}
