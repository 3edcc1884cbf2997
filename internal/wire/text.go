package wire

import (
	"strings"
	"unicode/utf8"
)

// appendXMLText appends s as character data. What XML 1.0 cannot carry becomes
// U+FFFD; a carriage return is escaped, since a parser would turn it into a
// line feed.
func appendXMLText(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		if xmlPlain[s[i]] {
			i++
			continue
		}
		replacement, size := xmlReplacement(s[i:])
		if replacement != "" {
			b = append(b, s[start:i]...)
			b = append(b, replacement...)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// xmlPlain holds true for the ASCII characters that stand for themselves.
var xmlPlain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = !strings.ContainsRune(`<>&"`, c)
	}
	t['\t'], t['\n'] = true, true
	return t
}()

// xmlReplacement returns what stands for the first character of s, "" for
// itself, and the size of that character.
func xmlReplacement(s string) (string, int) {
	switch r, size := utf8.DecodeRuneInString(s); {
	case r == '<':
		return "&lt;", size
	case r == '>':
		return "&gt;", size
	case r == '&':
		return "&amp;", size
	case r == '"':
		return "&quot;", size
	case r == '\r':
		return "&#xD;", size
	case r < ' ', r == utf8.RuneError && size == 1, r == 0xFFFE, r == 0xFFFF:
		return "\uFFFD", size
	default:
		return "", size
	}
}

// appendJSONString appends s in quotes, with U+FFFD for what is not UTF-8.
func appendJSONString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, s[start:i]...)
			b = append(b, '\\', c)
			i++
			start = i
		case c < ' ':
			b = append(b, s[start:i]...)
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			i++
			start = i
		case c < utf8.RuneSelf:
			i++
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(b, s[start:i]...)
				b = append(b, "\uFFFD"...)
				start = i + size
			}
			i += size
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}
