package policy

import "strings"

// A program is a pattern with variables, written as one string: tokens one
// after the other, literal text as it is, all else behind a mark, which is a
// byte that no text has because it is not UTF-8.
//
//	mark *                         any run of characters
//	mark ?                         one character
//	mark { key mark }              the variable's value, of which there must be one
//	mark { key mark , text mark }  the same, or text if there is no value
//	mark :                         the end of a part of an ARN
const mark = '\xff'

// endOfPart stands between the parts of an ARN.
const endOfPart = "\xff:"

// maxVariables is how many variables one string may hold, so that a decision
// can keep their values without allocating.
const maxVariables = 16

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
	fallback string // the variable's default
	falls    bool   // whether it has one
}

// encode writes tokens as a program.
func encode(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		switch t.kind {
		case starToken:
			b.WriteString("\xff*")
		case questionToken:
			b.WriteString("\xff?")
		case variableToken:
			b.WriteString("\xff{" + t.text)
			if t.falls {
				b.WriteString("\xff," + t.fallback)
			}
			b.WriteString("\xff}")
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// joinLiterals is the text of tokens of which none stands for other text.
func joinLiterals(tokens []token) (text string, ok bool) {
	for _, t := range tokens {
		if t.kind != literalToken {
			return "", false
		}
		text += t.text
	}
	return text, true
}

// cutToken reads the first token of a program, which is not empty.
func cutToken(program string) (t token, rest string) {
	if program[0] != mark {
		end := strings.IndexByte(program, mark)
		if end < 0 {
			end = len(program)
		}
		return token{text: program[:end]}, program[end:]
	}
	switch program[1] {
	case '*':
		return token{kind: starToken}, program[2:]
	case '?':
		return token{kind: questionToken}, program[2:]
	}
	t.kind = variableToken
	t.text, rest, _ = strings.Cut(program[2:], "\xff")
	if t.falls = rest[0] == ','; t.falls {
		t.fallback, rest, _ = strings.Cut(rest[1:], "\xff")
	}
	return t, rest[1:]
}

// runProgram is arn.Wildcard over tokens: only the last star is ever retried.
func runProgram(program, s string, fold bool, ctx Context) bool {
	var values [maxVariables]string
	if !resolve(program, ctx, &values) {
		return false
	}
	rest, left, v := program, s, 0
	var starRest, starLeft string
	starV := -1
	for {
		if rest == "" && left == "" {
			return true
		}
		if rest != "" {
			t, after := cutToken(rest)
			if t.kind == starToken {
				if after == "" {
					return true
				}
				starRest, starLeft, starV = after, left, v
				rest = after
				continue
			}
			if t.kind == variableToken {
				t.text = values[v]
			}
			if n, ok := t.consume(left, fold); ok {
				if t.kind == variableToken {
					v++
				}
				rest, left = after, left[n:]
				continue
			}
		}
		if starV < 0 || starLeft == "" {
			return false
		}
		starLeft = starLeft[runeLen(starLeft):]
		rest, left, v = starRest, starLeft, starV
	}
}

// consume matches a token other than a star at the start of s and returns how
// many bytes it took.
func (t *token) consume(s string, fold bool) (int, bool) {
	switch {
	case t.kind == questionToken:
		return runeLen(s), s != ""
	case fold:
		return foldPrefix(s, t.text)
	}
	return len(t.text), strings.HasPrefix(s, t.text)
}

// resolve looks up the variables in order. It reports false if one of them has
// neither a value nor a default.
func resolve(program string, ctx Context, values *[maxVariables]string) bool {
	for v := 0; ; v++ {
		at := strings.Index(program, "\xff{")
		if at < 0 {
			return true
		}
		t, rest := cutToken(program[at:])
		value, ok := variable(t.text, ctx)
		if !ok {
			if !t.falls {
				return false
			}
			value = t.fallback
		}
		values[v], program = value, rest
	}
}
