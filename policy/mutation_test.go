package policy_test

import (
	"flag"
	"testing"

	"rolecall.dev/rolecall/internal/mutation"
)

var mutate = flag.Bool("mutate", false, "break each rule in testdata/mutations.txt and expect the tests to fail (minutes)")

// leastBreaks is how many breaks there are at least.
const leastBreaks = 86

// TestMutations breaks one rule at a time and runs the tests. Without -mutate it
// looks only whether the rules are still where the list has them.
func TestMutations(t *testing.T) {
	t.Parallel()
	list, err := mutation.Read(".", "testdata/mutations.txt")
	if err != nil {
		t.Fatal(err)
	}
	list.Check(t, leastBreaks)
	if *mutate {
		list.Try(t)
	}
}
