package wire

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
)

func TestParseFormReadsParameters(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		parts []string
		want  []Param
	}{
		{nil, nil},
		{[]string{""}, nil},
		{[]string{"&&"}, nil},
		{[]string{"A=1"}, []Param{{"A", "1"}}},
		{[]string{"A"}, []Param{{"A", ""}}},
		{[]string{"A=b=c"}, []Param{{"A", "b=c"}}},
		{[]string{"A=x+y%20z%2B"}, []Param{{"A", "x y z+"}}},
		{[]string{"A=a;B=b"}, []Param{{"A", "a;B=b"}}},
		{[]string{"A=%e2%82%AC"}, []Param{{"A", "€"}}},
		{[]string{"B=2", "A=1"}, []Param{{"A", "1"}, {"B", "2"}}},
		{[]string{"T.member.10=c&T.member.2=b&T-x=d&T.member.1=a"},
			[]Param{{"T.member.1", "a"}, {"T.member.2", "b"}, {"T.member.10", "c"}, {"T-x", "d"}}},
	} {
		form, err := ParseForm(row.parts...)
		if err != nil {
			t.Errorf("ParseForm(%q): %v", row.parts, err)
			continue
		}
		if got := form.All(); !slices.Equal(got, row.want) {
			t.Errorf("ParseForm(%q) = %q, want %q", row.parts, got, row.want)
		}
	}
}

func TestParseFormRefuses(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		parts []string
		want  apierr.Kind
	}{
		{[]string{"A=%"}, apierr.MalformedQueryString},
		{[]string{"A=%4"}, apierr.MalformedQueryString},
		{[]string{"A=%4g"}, apierr.MalformedQueryString},
		{[]string{"%zz=1"}, apierr.MalformedQueryString},
		{[]string{"A=%ff"}, apierr.MalformedQueryString},
		{[]string{"A=\xff"}, apierr.MalformedQueryString},
		{[]string{"=1"}, apierr.MalformedQueryString},
		{[]string{"A=1&A=1"}, apierr.InvalidQueryParameter},
		{[]string{"A=1&%41=2"}, apierr.InvalidQueryParameter},
		{[]string{"A=1", "A=1"}, apierr.InvalidQueryParameter},
		{[]string{strings.Repeat("A=1&", MaxParameters+1)}, apierr.InvalidQueryParameter},
	} {
		if _, err := ParseForm(row.parts...); !errors.Is(err, row.want) {
			t.Errorf("ParseForm(%.40q) = %v, want %v", row.parts, err, row.want)
		}
	}
}

func TestFormGet(t *testing.T) {
	t.Parallel()
	form, err := ParseForm("Version=2011-06-15&Action=AssumeRole&Tags.member.2.Key=x")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Action": "AssumeRole", "Version": "2011-06-15", "Tags.member.2.Key": "x", "action": "", "Tags": ""} {
		if got, ok := form.Get(name); got != want || ok != (want != "") {
			t.Errorf("Get(%q) = %q, %t, want %q", name, got, ok, want)
		}
	}
}

func TestCompareNamesIsATotalOrder(t *testing.T) {
	t.Parallel()
	names := []string{"", ".", "1", "01", "2", "10", "1a", "a", "a.", "a.1", "a.1.b", "a.1a", "a.2", "a.10", "a.10.b", "a-", "ab", "a..b", "é"}
	for _, a := range names {
		for _, b := range names {
			ab, ba := sign(compareNames(a, b)), sign(compareNames(b, a))
			if ab != -ba || (ab == 0) != (a == b) {
				t.Errorf("compareNames(%q, %q) = %d, reversed %d", a, b, ab, ba)
			}
			for _, c := range names {
				if ab < 0 && compareNames(b, c) < 0 && compareNames(a, c) >= 0 {
					t.Errorf("compareNames: %q < %q < %q, but not %q < %q", a, b, c, a, c)
				}
			}
		}
	}
}

func sign(n int) int { return max(-1, min(1, n)) }
