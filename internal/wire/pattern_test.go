package wire

import "testing"

func TestPatternMatchesTheWholeValue(t *testing.T) {
	t.Parallel()
	class := &Class{ASCII: [2]uint64{0, 1<<('a'-64) | 1<<('b'-64)}, Ranges: [][2]rune{{0xE0, 0xFF}}, Categories: Number}
	for _, row := range []struct {
		pattern *Pattern
		value   string
		want    bool
	}{
		{&Pattern{Class: class}, "", true},
		{&Pattern{Class: class, NonEmpty: true}, "", false},
		{&Pattern{Class: class, NonEmpty: true}, "abab", true},
		{&Pattern{Class: class}, "abc", false},
		{&Pattern{Class: class}, "aàÿb", true},
		{&Pattern{Class: class}, "aàb-", false},
		{&Pattern{Class: class}, "àĀ", false},
		{&Pattern{Class: class}, "Ⅷ", true},
		{&Pattern{Class: class}, "λ", false},
		{&Pattern{Class: &Class{Categories: Letter}}, "λж中", true},
		{&Pattern{Class: &Class{Categories: Letter}}, "中１", false},
		{&Pattern{Class: &Class{Categories: Separator}}, "\u00a0\u2003", true},
		{&Pattern{Class: &Class{Categories: Separator}}, "\u200b", false},
		{&Pattern{Expr: "^(?:[0-9]{2})$"}, "12", true},
		{&Pattern{Expr: "^(?:[0-9]{2})$"}, "12\n", false},
		{&Pattern{Expr: "^(?:[0-9]{2})$"}, "123", false},
	} {
		if got := row.pattern.Match(row.value); got != row.want {
			t.Errorf("%+v %s: Match(%q) = %t, want %t", row.pattern.Class, row.pattern.Expr, row.value, got, row.want)
		}
	}
}

func TestHoldsAgreesWithBroken(t *testing.T) {
	t.Parallel()
	rules := []*StringRule{{}, {Min: 1}, {Max: 3}, {Min: 2, Max: 3}, {Enum: []string{"a", "bb"}}, {Min: 2, Pattern: &Pattern{Class: &Class{Categories: Letter}}}}
	for _, rule := range rules {
		for _, value := range []string{"", "a", "bb", "ccc", "dddd", "é", "éé", "ééé", "éééé"} {
			if holds, broken := rule.holds(value), rule.broken(value); holds != (len(broken) == 0) {
				t.Errorf("%+v: %q holds %t, but is broken by %q", rule, value, holds, broken)
			}
		}
	}
}
