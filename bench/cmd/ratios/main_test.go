package main

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/bench"
)

func TestTableSaysWhatIsMissed(t *testing.T) {
	t.Parallel()
	met := bench.Figure{Name: "met", Ours: 10, Theirs: 100, Target: 1. / 6}
	slow := bench.Figure{Name: "slow", Ours: 20, Theirs: 100, Target: 1. / 6}
	allocates := bench.Figure{Name: "allocates", Ours: 10, Theirs: 100, Target: 1. / 6, Allocations: 1, NoAllocation: true}
	for _, c := range []struct {
		figures []bench.Figure
		want    string // the error
		missed  int
	}{
		{[]bench.Figure{met}, "", 0},
		{[]bench.Figure{met, slow}, "1 targets missed", 1},
		{[]bench.Figure{slow, met, allocates}, "2 targets missed", 2},
	} {
		var out strings.Builder
		got := ""
		if err := table(&out, c.figures); err != nil {
			got = err.Error()
		}
		if got != c.want || strings.Count(out.String(), "MISSED") != c.missed {
			t.Errorf("table of %d figures: error %q, want %q, and %d times MISSED in\n%s", len(c.figures), got, c.want, c.missed, out.String())
		}
	}
}
