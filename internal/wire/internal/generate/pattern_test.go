package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestTranslate(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		source      string
		yes, refuse []string
	}{
		{`\d{12}`, []string{"123456789012"}, []string{"12345678901", "1234567890123", "12345678901x"}},
		{`[^\s@]+@[^\s@]+\.[^\s@]+`, []string{"a@b.c", "é@ü.de"}, []string{"a@b", "a b@c.d", "a\v@b.c", "a@b@c.d"}},
		{`(\u002F)|(\u002F[\u0021-\u007E]+\u002F)`, []string{"/", "/a/", "/a/b/"}, []string{"", "a", "/a", "/ /", "//x"}},
		{`((/[A-Za-z0-9\.,\+@=_-]+)*)/`, []string{"/", "/a/", "/a+b/c-d/"}, []string{"", "//", "/a", "/a//"}},
		{`^o-[0-9a-z]{1,2}[0-9a-z-\/]*`, []string{"o-1", "o-1-/"}, []string{"o-1_", "xo-1"}},
		{`^(\d{2})|(ou-[a-z]{2})$`, []string{"12", "ou-ab"}, []string{"123", "12ou-ab", "xou-ab"}},
		{`a.b`, []string{"axb", "aéb"}, []string{"a\nb", "a\rb", "a\u2028b"}},
		{`[\u10000-\u10FFFF]x`, []string{"\u1000x", "0x", "Fx", "Ax"}, []string{"/x", "\U00010000x"}},
		{`[\s\S]{2}`, []string{"\n\v", "é😀"}, []string{"a"}},
		{`^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$`, []string{"abc", "a-b", "a-b-c"}, []string{"-ab", "ab-", "a--b", "A-b"}},
	} {
		expr, err := translate(row.source)
		if err != nil {
			t.Errorf("translate(%q): %v", row.source, err)
			continue
		}
		re := regexp.MustCompile(expr)
		for _, s := range row.yes {
			if !re.MatchString(s) {
				t.Errorf("%q became %q, which does not match %q", row.source, expr, s)
			}
		}
		for _, s := range row.refuse {
			if re.MatchString(s) {
				t.Errorf("%q became %q, which matches %q", row.source, expr, s)
			}
		}
	}
}

// TestClassesAgreeWithExpressions compares the two ways to match a repeated
// class for every pattern of the models and every character that could tell
// them apart.
func TestClassesAgreeWithExpressions(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, target := range targets() {
		data, err := os.ReadFile(filepath.Join(wireDir, target.model))
		if err != nil {
			t.Fatal(err)
		}
		m, err := parseModel(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range m.Shapes {
			class, _, ok := simple(s.Pattern)
			if !ok {
				continue
			}
			tried++
			literal, err := classLiteral(class)
			if err != nil {
				t.Errorf("%q: %v", s.Pattern, err)
				continue
			}
			expr, err := translate(s.Pattern)
			if err != nil {
				t.Errorf("%q: %v", s.Pattern, err)
				continue
			}
			compareASCII(t, s.Pattern, literal, regexp.MustCompile(expr))
		}
	}
	if tried < 50 {
		t.Errorf("%d patterns were compared, want 50 or more", tried)
	}
}

// compareASCII holds the bitmap in a class literal to what the expression
// matches.
func compareASCII(t *testing.T, source, literal string, re *regexp.Regexp) {
	t.Helper()
	words := regexp.MustCompile(`0x([0-9a-f]+), 0x([0-9a-f]+)\}`).FindStringSubmatch(literal)
	if words == nil {
		t.Errorf("%q: no bitmap in %s", source, literal)
		return
	}
	for r := range rune(0x80) {
		word := strings.Repeat("0", 16-len(words[1+r>>6])) + words[1+r>>6]
		digit := word[15-(r&63)/4]
		value := strings.IndexByte("0123456789abcdef", digit)
		if got, want := value>>(r&3)&1 == 1, re.MatchString(string(r)); got != want {
			t.Errorf("%q: the bitmap has %q %t, the expression %t", source, r, got, want)
		}
	}
}
