package findings

import "strings"

// placeholders looks at the policy variables in a string, where they may stand:
//
//	"${" ( "*" | "?" | "$" | key [ "," "'" default "'" ] ) "}"
func (v *validator) placeholders(at value) {
	text := at.Text()
	if !strings.Contains(text, "${") {
		return
	}
	if !v.variables {
		v.report(variableUnsupportedInVersion, at)
		return
	}
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			return
		}
		text = text[start+len("${"):]
		end := strings.IndexByte(text, '}')
		if next := strings.Index(text, "${"); end < 0 || next >= 0 && next < end {
			v.report(missingBraceInVariable, at)
			return
		}
		v.placeholder(at, text[:end])
		text = text[end+1:]
	}
}

func (v *validator) placeholder(at value, inner string) {
	if inner == "*" || inner == "?" || inner == "$" {
		return
	}
	key, fallback, hasDefault := strings.Cut(inner, ",")
	fallback = strings.TrimSpace(fallback)
	switch {
	case strings.TrimSpace(key) == "":
		v.report(emptyVariable, at)
	case strings.ContainsAny(key, " \t"):
		v.report(unsupportedSpaceInVariable, at)
	case strings.ContainsAny(key, "*?'{$"):
		v.report(unsupportedSymbolInVariable, at, key[strings.IndexAny(key, "*?'{$"):][:1])
	case hasDefault && (len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\''):
		v.report(missingQuoteInVariable, at)
	}
}
