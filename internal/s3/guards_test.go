package s3_test

import (
	"flag"
	"testing"

	"rolecall.dev/rolecall/internal/mutation"
)

var mutate = flag.Bool("mutate", false, "disable each guard in testdata/guards.txt and expect its tests to fail (minutes)")

// leastGuards is how many guards there are at least.
const leastGuards = 150

// TestGuards disables one guard at a time and runs the tests that hold it.
// Without -mutate it looks only whether the guards are still where the list has
// them.
func TestGuards(t *testing.T) {
	t.Parallel()
	list, err := mutation.Read("../..", "testdata/guards.txt")
	if err != nil {
		t.Fatal(err)
	}
	list.Check(t, leastGuards)
	if *mutate {
		list.Try(t)
	}
}
