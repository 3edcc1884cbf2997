package server

import (
	"runtime/debug"
	"testing"
)

// The collector is the process's, so this test is not parallel.
func TestRelaxCollector(t *testing.T) {
	const before = 123
	defer debug.SetGCPercent(debug.SetGCPercent(before))
	for _, c := range []struct {
		set  string // the variable of the operator's that is set
		want int
	}{{"", collectAt}, {"GOGC", before}, {"GOMEMLIMIT", before}} {
		debug.SetGCPercent(before)
		RelaxCollector(func(name string) string {
			if name == c.set {
				return "1"
			}
			return ""
		})
		if got := debug.SetGCPercent(before); got != c.want {
			t.Errorf("with %q set the collector runs at %d %%, want %d %%", c.set, got, c.want)
		}
	}
}
