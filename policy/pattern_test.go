package policy

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

// compilePattern compiles text, which stands in a document between quotes.
func compilePattern(text string, fold bool) (match func(s string, ctx Context) bool, c class, ok bool) {
	p := parser{document: `"` + text + `"`}
	v := node{kind: stringNode, text: text, end: int32(len(p.document))}
	pat, ok := p.pattern(&v, !fold, true, fold)
	where := texts{p.document, p.extra.String()}
	return func(s string, ctx Context) bool { return where.match(&pat, s, ctx) }, pat.class, ok
}

func TestPattern(t *testing.T) {
	t.Parallel()
	ctx := MakeValues(map[string][]string{"aws:username": {"al*"}, "aws:TagKeys": {"one"}, "two": {"a", "b"}, "empty": {""}})
	for _, c := range []struct {
		pattern string
		fold    bool
		s       string
		want    bool
	}{
		{"*", false, "", true},
		{"", false, "", true},
		{"", false, "a", false},
		{"a?c", false, "aéc", true},
		{"a?c", false, "ac", false},
		{"*a*b", false, "xaxxb", true},
		{"${aws:username}", false, "al*", true},
		{"${aws:username}", false, "alice", false}, // what a variable stands for is plain text
		{"${AWS:UserName}/*", false, "al*/x", true},
		{"*/${aws:username}?", false, "a/al*/al*!", true},
		{"${*}*${?}", false, "*abc?", true},
		{"${*}*${?}", false, "xabc?", false},
		{"${$}{x}", false, "${x}", true},
		{"${none}", false, "", false},
		{"${none, 'd*'}", false, "d*", true},
		{"${none, ''}x", false, "x", true},
		{"${empty, 'd'}x", false, "x", true},
		{"${aws:TagKeys}", false, "one", false}, // multi-valued keys are no variables
		{"${two}", false, "a", false},
		{"HOME/${aws:username}", true, "home/AL*", true},
		{"HOME/${aws:username}", true, "home/ALx", false},
		{"straße", true, "STRAßE", true},
		{"h*", true, "hello", false},
	} {
		match, class, ok := compilePattern(c.pattern, c.fold)
		if got := match(c.s, ctx); !ok || got != c.want {
			t.Errorf("%q (fold %v) matches %q: %v, want %v (class %d, ok %v)", c.pattern, c.fold, c.s, got, c.want, class, ok)
		}
	}
}

func TestTokenizeRejects(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"${", "${}", "${a", "${ }", "${a, b}", "${a, 'b}", "${a*}", strings.Repeat("${a}", maxVariables+1)} {
		if tokens, ok := tokenize(text, true, true); ok {
			t.Errorf("tokenize(%q) = %v, want it refused", text, tokens)
		}
		if _, ok := tokenize(text, true, false); !ok {
			t.Errorf("tokenize(%q) without variables is refused", text)
		}
	}
}

// TestPatternIsLinear would not end if a pattern were exponential.
func TestPatternIsLinear(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("a", 2000)
	for _, text := range []string{strings.Repeat("*a", 1000) + "b", strings.Repeat("*a", 1000) + "${v}b", strings.Repeat("*?", 1000) + "${*}"} {
		match, _, _ := compilePattern(text, false)
		if match(s, MakeValues(map[string][]string{"v": {"a"}})) {
			t.Errorf("%.20q… matches, want not", text)
		}
	}
}

// FuzzPattern compares every class of pattern with a regular expression.
func FuzzPattern(f *testing.F) {
	f.Add("a*b?c", "aXbYc", "v")
	f.Add("${v}*${*}", "vx*", "v")
	f.Add("*?*${v, 'd'}", "abv", "b")
	f.Fuzz(func(t *testing.T, text, s, value string) {
		if len(text) > 200 || len(s) > 200 {
			return
		}
		text, s, value = strings.ToValidUTF8(text, ""), strings.ToValidUTF8(s, ""), strings.ToValidUTF8(value, "")
		tokens, ok := tokenize(text, true, true)
		if !ok {
			return
		}
		var expr strings.Builder
		ctx := MakeValues(map[string][]string{"v": {value}})
		missing := false
		for _, k := range tokens {
			switch k.kind {
			case starToken:
				expr.WriteString(".*")
			case questionToken:
				expr.WriteString(".")
			case literalToken:
				expr.WriteString(regexp.QuoteMeta(k.text))
			case variableToken:
				found, ok := variable(k.text, ctx)
				if !ok && k.falls {
					found, ok = k.fallback, true
				}
				missing = missing || !ok
				expr.WriteString(regexp.QuoteMeta(found))
			}
		}
		want := !missing && regexp.MustCompile("(?s)^(?:"+expr.String()+")$").MatchString(s)
		match, class, _ := compilePattern(text, false)
		if got := match(s, ctx); got != want {
			t.Fatalf("%q matches %q with v=%q: %v, want %v (class %d)", text, s, value, got, want, class)
		}
	})
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	ordered := []string{"-100", "-9.5", "-9", "-0.1", "0", "0.05", "0.5", "1", "9", "10", "9007199254740992", "9007199254740993"}
	for i, a := range ordered {
		for j, b := range ordered {
			x, ok1 := parseDecimal(a)
			y, ok2 := parseDecimal(b)
			if got := x.compare(y); !ok1 || !ok2 || got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("compare(%s, %s) = %d", a, b, got)
			}
		}
	}
	for _, same := range [][2]string{{"10", "10.0"}, {"-0", "0"}, {"+1", "001"}, {".0", "x"}} {
		x, ok1 := parseDecimal(same[0])
		y, ok2 := parseDecimal(same[1])
		if ok1 && ok2 && x.compare(y) != 0 {
			t.Errorf("compare(%s, %s) = %d, want 0", same[0], same[1], x.compare(y))
		}
	}
	for _, s := range []string{"", "-", ".", "1.", ".5", "1e3", "0x1", " 1", "1 ", "1_0", "٣", strings.Repeat("1", 65)} {
		if _, ok := parseDecimal(s); ok {
			t.Errorf("parseDecimal(%q) is accepted", s)
		}
	}
}

func TestInstant(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2024":                          "2024-01-01T00:00:00Z",
		"2024-04":                       "2024-04-01T00:00:00Z",
		"2024-02-29":                    "2024-02-29T00:00:00Z",
		"2024-04-01T02:00+02:00":        "2024-04-01T00:00:00Z",
		"2024-04-01T00:00:00.25Z":       "2024-04-01T00:00:00.25Z",
		"2024-04-01T00:00:00-0130":      "2024-04-01T01:30:00Z",
		"2024-04-01T00:00:00":           "2024-04-01T00:00:00Z",
		"1711929600":                    "2024-04-01T00:00:00Z",
		"-1":                            "1969-12-31T23:59:59Z",
		"2024-04-01T00:00:00.123456789": "2024-04-01T00:00:00.123456789Z",
	} {
		got, ok := parseInstant(s)
		if text := time.Unix(got.seconds, int64(got.nanos)).UTC().Format(time.RFC3339Nano); !ok || text != want {
			t.Errorf("parseInstant(%q) = %s, %v, want %s", s, text, ok, want)
		}
	}
	for _, s := range []string{"", "now", "2024-13", "2023-02-29", "2024-04-01T25:00Z", "2024-04-01T00:00:00+2", "2024T00:00Z",
		"2024-04-01T", "2024-04-01 00:00", "99999999999999999999", "2024-04-01T00:00:00.Z", "--1"} {
		if got, ok := parseInstant(s); ok {
			t.Errorf("parseInstant(%q) = %v, want it refused", s, got)
		}
	}
}

func TestBase64(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"": true, "AAEC": true, "aGVsbG8=": true, "aGVsbG9=": false, "AA==": true, "AB==": false,
		"A===": false, "AAE": false, "A=AA": false, "AA E": false, "-_-_": false} {
		if got := isBase64(s); got != want {
			t.Errorf("isBase64(%q) = %v, want %v", s, got, want)
		}
	}
}

// FuzzJSON holds the reader against encoding/json: what it accepts, that
// accepts too, with the same strings.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":["b\u00e9\n",1.5e3,true,null,{}]}`, `[]`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, "\xff", `01`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := readJSON(text)
		if err != nil {
			if err.pos < 0 || err.pos > len(text) || err.detail == "" {
				t.Fatalf("readJSON(%q): error %+v", text, err)
			}
			return
		}
		if !json.Valid([]byte(text)) {
			t.Fatalf("readJSON(%q) accepts what is not JSON", text)
		}
		checkStrings(t, text, &root)
	})
}

func checkStrings(t *testing.T, text string, n *node) {
	t.Helper()
	if n.kind == stringNode {
		var want string
		if err := json.Unmarshal([]byte(text[n.pos:n.end]), &want); err != nil || n.text != want {
			t.Fatalf("string %s is read as %q, want %q (%v)", text[n.pos:n.end], n.text, want, err)
		}
	}
	for i := range n.items {
		checkStrings(t, text, &n.items[i])
	}
}
