package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
		want  string // lines joined by |
	}{
		{"", 5, ""},
		{"short", 5, "short"},
		{"two words", 5, "two|words"},
		{"two  spaces", 6, "two|spaces"},
		{"longer words", 4, "long|er|word|s"},
		{"arn:aws:iam::123456789012:role/example", 31, "arn:aws:iam::123456789012:role/|example"},
		{"in arn:aws:iam::1:role/x", 10, "in|arn:aws:|iam::1:|role/x"},
	} {
		if got := wrap(c.text, c.width); !slices.Equal(got, strings.Split(c.want, "|")) {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized", 30)
	f.Add("::::////    ", 2)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < 1 || width > 200 {
			return
		}
		lines := wrap(text, width)
		for _, line := range lines {
			if len(line) > width {
				t.Errorf("wrap(%q, %d) has the line %q", text, width, line)
			}
		}
		bare := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := bare(strings.Join(lines, "")), bare(strings.TrimSpace(text)); got != want {
			t.Errorf("wrap(%q, %d) = %q loses text", text, width, lines)
		}
	})
}

func TestTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	out := &table{w: &b}
	out.begin(&stage{url: "http://127.0.0.1:1", team: "111122223333", data: "444455556666"})
	out.row(row{Step: 1, Action: "AssumeRole", Input: "arn:aws:iam::444455556666:role/example-role", Output: "a session", Result: allowed, Credentials: issued, OK: true})
	out.row(row{Step: 2, Action: "ListBuckets", Input: "the credentials", Output: "want success, got: AccessDenied", Result: "FAILED", Credentials: used})
	const want = `Throwaway server http://127.0.0.1:1: account 111122223333 has users, 444455556666 a bucket.

step  action              input                           output                           result
----  ------------------  ------------------------------  -------------------------------  --------
      credentials: None
1     AssumeRole          arn:aws:iam::444455556666:      a session                        allowed
                          role/example-role
      credentials: None > Issued
2     ListBuckets         the credentials                 want success, got: AccessDenied  FAILED
      credentials: None > Issued > Used
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
