package policy_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/conformance"
)

const (
	defaultCases     = "../conformance/policy/cases.jsonl"
	expectedFailures = "../conformance/policy/expected-failures.txt"

	// floor is how many cases the default corpus has at least: a truncated one
	// must not pass.
	floor = 1508
)

var casesFlag = flag.String("cases", defaultCases, "file of policy evaluation cases")

// TestConformance runs a file of cases. The failures of the default corpus must
// be exactly those listed beside it.
func TestConformance(t *testing.T) {
	cases, err := conformance.ReadFile(*casesFlag)
	if err != nil {
		t.Fatal(err)
	}
	expected := map[string]bool{}
	if *casesFlag == defaultCases {
		if len(cases) < floor {
			t.Fatalf("%s has %d cases, want at least %d", *casesFlag, len(cases), floor)
		}
		expected = readExpectedFailures(t)
	}
	passed, failed := 0, 0
	for i := range cases {
		c := &cases[i]
		t.Run(c.Group+"/"+c.ID, func(t *testing.T) {
			r := conformance.Run(c)
			if r.Passed() {
				passed++
			} else {
				failed++
			}
			switch {
			case !r.Passed() && !expected[c.ID]:
				t.Errorf("%s", r)
			case r.Passed() && expected[c.ID]:
				t.Errorf("%s passes, but is among the expected failures", c.ID)
			}
		})
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
}

// readExpectedFailures reads "ID reason" lines; "#" begins a comment.
func readExpectedFailures(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(expectedFailures)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		if id, _, _ := strings.Cut(strings.TrimSpace(line), " "); id != "" && !strings.HasPrefix(id, "#") {
			ids[id] = true
		}
	}
	return ids
}
