package policy

import "strings"

// arnPattern is a compiled pattern for ARNs, whose wildcards stay inside the
// part they stand in; only the last part, the resource, may hold colons. Most
// patterns need no division into parts:
//
//   - matchAll
//     arn:aws:s3:::b/k         matchLiteral
//     arn:aws:s3:::b/*         matchPrefix "arn:aws:s3:::b/"
//     arn:aws:sqs:*:1234:x-*   parts
type arnPattern struct {
	class class // matchAll, matchLiteral, matchPrefix; otherwise parts
	text  string
	parts *[6]pattern
}

// arnParts is an ARN with the places of its first five colons.
type arnParts struct {
	text   string
	colons [5]int
}

func splitARN(s string) (parts arnParts, ok bool) {
	parts.text = s
	n := 0
	for i := 0; i < len(s) && n < len(parts.colons); i++ {
		if s[i] == ':' {
			parts.colons[n] = i
			n++
		}
	}
	return parts, n == len(parts.colons) && s[:parts.colons[0]] == "arn"
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

// compileARN compiles "*" or an ARN with wildcards and variables. An ARN that
// ends early with a star ("arn:aws:s3:*") has stars for the parts left out. ok
// is false if text is neither.
func compileARN(text string, vars bool) (p arnPattern, ok bool) {
	if text == "*" {
		return arnPattern{class: matchAll}, true
	}
	split := splitColons(text, 6, vars)
	if split[0] != "arn" || len(split) < 3 {
		return p, false
	}
	if len(split) < 6 && split[len(split)-1] != "*" {
		return p, false
	}
	for len(split) < 6 {
		split = append(split, "*")
	}
	var parts [6]pattern
	for i, part := range split {
		tokens, ok := tokenize(part, true, vars)
		if !ok {
			return p, false
		}
		parts[i] = classify(tokens, false)
	}
	return simplify(parts), true
}

// simplify joins parts that can be compared as one text.
func simplify(parts [6]pattern) arnPattern {
	var b strings.Builder
	for i := range 5 {
		if parts[i].class != matchLiteral {
			return arnPattern{parts: &parts}
		}
		b.WriteString(parts[i].text)
		b.WriteByte(':')
	}
	switch parts[5].class {
	case matchAll:
		return arnPattern{class: matchPrefix, text: b.String()}
	case matchLiteral, matchPrefix:
		return arnPattern{class: parts[5].class, text: b.String() + parts[5].text}
	}
	return arnPattern{parts: &parts}
}

// match reports whether p covers the name text, which divides into parts.
// divided is false for "*", the resource of an action that has none.
func (p *arnPattern) match(text string, parts *arnParts, divided bool, ctx Context) bool {
	switch p.class {
	case matchAll:
		return true
	case matchLiteral:
		return text == p.text
	case matchPrefix:
		return strings.HasPrefix(text, p.text)
	}
	if !divided || p.parts == nil {
		return false
	}
	for i := range p.parts {
		if !p.parts[i].match(parts.part(i), ctx) {
			return false
		}
	}
	return true
}

// literalPrefix is text that every name p covers starts with.
func (p *arnPattern) literalPrefix() string {
	switch p.class {
	case matchLiteral, matchPrefix:
		return p.text
	}
	if p.parts == nil {
		return ""
	}
	var b strings.Builder
	for i := range p.parts {
		part := &p.parts[i]
		if part.class != matchLiteral || i == 5 {
			if part.class == matchPrefix || part.class == matchLiteral {
				b.WriteString(part.text)
			}
			break
		}
		b.WriteString(part.text)
		b.WriteByte(':')
	}
	return b.String()
}
