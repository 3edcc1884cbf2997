package findings

import (
	"testing"

	"rolecall.dev/rolecall/arn"
)

func TestOverlap(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "*", true}, {"", "?", false}, {"a", "a", true}, {"a", "b", false},
		{"a*", "*b", true}, {"a*", "b*", false}, {"a?c", "abc", true}, {"a?", "a", false}, {"*a*", "*b*", true},
		{"bucket", noSlash, true}, {"bucket/*", noSlash, false}, {"bucket*", noSlash, true}, {"*", noSlash, true},
		{"bucket/*", noSlash + "/*", true}, {"bucket", noSlash + "/*", false}, {"b*t", noSlash + "/*", true},
		{"user/*", "role/*", false}, {"*r/x", "user/*", true},
	} {
		if got := overlap(row.a, row.b); got != row.want {
			t.Errorf("overlap(%q, %q) = %v, want %v", row.a, row.b, got, row.want)
		}
		if got := overlap(row.b, row.a); got != row.want {
			t.Errorf("overlap(%q, %q) = %v, want %v", row.b, row.a, got, row.want)
		}
	}
}

// FuzzOverlap compares with a text that one of the patterns covers: what both
// cover makes them overlap.
func FuzzOverlap(f *testing.F) {
	f.Add("a*c", "?bc", "abc")
	f.Add("*", "arn:aws", "arn:aws")
	f.Fuzz(func(t *testing.T, a, b, text string) {
		for _, s := range []string{a, b, text} {
			for i := range len(s) {
				if s[i] == noSlash[0] || s[i] >= 0x80 {
					return // overlap is of bytes, and noSlash stands for none of a text
				}
			}
		}
		if arn.Wildcard(a, text) && arn.Wildcard(b, text) && !overlap(a, b) {
			t.Errorf("%q is covered by %q and by %q, which do not overlap", text, a, b)
		}
		if overlap(a, b) != overlap(b, a) {
			t.Errorf("overlap(%q, %q) depends on the order", a, b)
		}
	})
}
