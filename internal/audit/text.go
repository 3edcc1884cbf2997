package audit

import (
	"time"
	"unicode/utf8"
)

// Limits on a single text, in bytes before escaping. CloudTrail keeps 1 KB of
// userAgent and errorMessage; AWS's longest ARN has 2048 characters.
const (
	maxText  = 1024
	maxName  = 2048
	maxValue = 16 << 10
)

// cut marks a text that was longer than its limit.
const cut = "…[truncated]"

// clip returns the longest prefix of s of at most limit bytes that does not
// end within a character.
func clip(s string, limit int) string {
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// appendText writes s as a JSON string of valid UTF-8 on one line. Bytes that
// are not UTF-8 become U+FFFD.
func appendText(b []byte, s string, limit int) []byte {
	long := len(s) > limit
	if long {
		s = clip(s, limit)
	}
	n := plainPrefix(s)
	b = append(b, '"')
	b = append(b, s[:n]...)
	if n < len(s) {
		b = appendEscaped(b, s[n:])
	}
	if long {
		b = append(b, cut...)
	}
	return append(b, '"')
}

func appendEscaped(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		if plainByte(s[i]) {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || mustEscape(r) {
			b = append(b, s[start:i]...)
			b = appendRune(b, r)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// plainPrefix returns the length of a prefix of s that is ASCII with nothing to
// escape: as a rule all of s. It stops short by up to seven bytes.
func plainPrefix(s string) int {
	const ones = 0x0101010101010101
	i := 0
	for ; i+8 <= len(s); i += 8 {
		p := s[i : i+8]
		x := uint64(p[0]) | uint64(p[1])<<8 | uint64(p[2])<<16 | uint64(p[3])<<24 |
			uint64(p[4])<<32 | uint64(p[5])<<40 | uint64(p[6])<<48 | uint64(p[7])<<56
		// Each term has a high bit set somewhere if a byte is, in this order,
		// not ASCII, a control, DEL, a quote or a backslash.
		if (x|(x-' '*ones)|(x+ones)|(x^'"'*ones-ones)|(x^'\\'*ones-ones))&(0x80*ones) != 0 {
			return i
		}
	}
	for i < len(s) && plainByte(s[i]) {
		i++
	}
	return i
}

func plainByte(c byte) bool { return c >= ' ' && c < 0x7f && c != '"' && c != '\\' }

// mustEscape is true for what JSON requires, and for characters that would
// end a line or steer the terminal of someone reading the file: DEL, the C1
// controls, the line separators and the marks that reorder text.
func mustEscape(r rune) bool {
	switch {
	case r < ' ', r == '"', r == '\\', r >= 0x7f && r <= 0x9f:
		return true
	case r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

func appendRune(b []byte, r rune) []byte {
	const digits = "0123456789abcdef"
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, '\\', 'n')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}

// appendKey writes a member's name, which must need no escaping, and the comma
// before it unless the object has just been opened.
func appendKey(b []byte, name string) []byte {
	if b[len(b)-1] == '{' {
		b = append(b, '"')
	} else {
		b = append(b, ',', '"')
	}
	b = append(b, name...)
	return append(b, '"', ':')
}

// appendKeyText is appendKey for a name that comes from elsewhere.
func appendKeyText(b []byte, name string) []byte {
	return append(appendText(appendComma(b), name, maxName), ':')
}

func appendComma(b []byte) []byte {
	if last := b[len(b)-1]; last != '{' && last != '[' {
		b = append(b, ',')
	}
	return b
}

// appendMember writes a member with a text, unless the text is empty.
func appendMember(b []byte, name, value string, limit int) []byte {
	if value == "" {
		return b
	}
	return appendText(appendKey(b, name), value, limit)
}

// appendTime writes t as CloudTrail does, in whole seconds of UTC.
func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339)
	return append(b, '"')
}
