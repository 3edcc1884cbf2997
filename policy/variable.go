package policy

import (
	"slices"
	"strings"
)

// multiValued are the keys that may have several values. As a variable such a
// key has no value, even when it happens to hold just one. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
var multiValued = [...]string{
	"aws:calledvia",
	"aws:principalorgpaths",
	"aws:tagkeys",
	"dynamodb:attributes",
	"dynamodb:leadingkeys",
	"sts:transitivetagkeys",
}

// variable is the value of a policy variable.
func variable(key string, ctx Context) (string, bool) {
	values, _ := ctx.Lookup(key)
	if len(values) != 1 || slices.Contains(multiValued[:], key) {
		return "", false
	}
	return values[0], true
}

// tokenize divides a string of a policy into tokens:
//
//	text     = { literal | "*" | "?" | variable }
//	variable = "${" ( "*" | "?" | "$" | key [ "," "'" default "'" ] ) "}"
//
// "*" and "?" are wildcards only if wild is set, and ${…} is special only if
// vars is set (Version 2012-10-17). What a variable stands for, and its default,
// are plain text. ok is false if a variable is not well formed. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
func tokenize(text string, wild, vars bool) (tokens []token, ok bool) {
	start, count := 0, 0
	flush := func(end int) {
		if end > start {
			tokens = append(tokens, token{text: text[start:end]})
		}
	}
	for i := 0; i < len(text); {
		switch {
		case wild && text[i] == '*':
			flush(i)
			if len(tokens) == 0 || tokens[len(tokens)-1].kind != starToken {
				tokens = append(tokens, token{kind: starToken})
			}
			i++
		case wild && text[i] == '?':
			flush(i)
			tokens = append(tokens, token{kind: questionToken})
			i++
		case vars && strings.HasPrefix(text[i:], "${"):
			flush(i)
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return nil, false
			}
			t, ok := parseVariable(text[i+2 : i+end])
			if t.kind == variableToken {
				count++
			}
			if !ok || count > maxVariables {
				return nil, false
			}
			tokens = append(tokens, t)
			i += end + 1
		default:
			i++
			continue
		}
		start = i
	}
	flush(len(text))
	return tokens, true
}

// parseVariable reads what stands between "${" and "}".
func parseVariable(inner string) (token, bool) {
	if inner == "*" || inner == "?" || inner == "$" {
		return token{text: inner}, true
	}
	key, rest, hasDefault := strings.Cut(inner, ",")
	key = strings.ToLower(strings.TrimSpace(key))
	t := token{kind: variableToken, text: key}
	if key == "" || strings.ContainsAny(key, "${*?'") {
		return t, false
	}
	if !hasDefault {
		return t, true
	}
	rest = strings.TrimSpace(rest)
	if len(rest) < 2 || rest[0] != '\'' || rest[len(rest)-1] != '\'' {
		return t, false
	}
	t.fallback, t.falls = rest[1:len(rest)-1], true
	return t, true
}

// splitColons cuts text into at most n parts at colons that are not inside a
// variable.
func splitColons(text string, n int, vars bool) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text) && len(parts) < n-1; i++ {
		if vars && strings.HasPrefix(text[i:], "${") {
			if end := strings.IndexByte(text[i:], '}'); end > 0 {
				i += end
				continue
			}
		}
		if text[i] == ':' {
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
