package policy_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/conformance"
	"rolecall.dev/rolecall/policy"
)

const (
	defaultCases     = "../conformance/policy/cases.jsonl"
	expectedFailures = "../conformance/policy/expected-failures.txt"
	documentedCases  = "../conformance/policy/documented.jsonl"

	// floor and documentedFloor are how many cases the two corpora have at least:
	// a truncated one must not pass.
	floor           = 1508
	documentedFloor = 304
)

var casesFlag = flag.String("cases", defaultCases, "file of policy evaluation cases")

// TestConformance runs a file of cases. The failures of the default corpus must
// be exactly those listed beside it.
func TestConformance(t *testing.T) {
	cases := readCases(t, *casesFlag)
	expected := map[string]bool{}
	if *casesFlag == defaultCases {
		expected = readExpectedFailures(t)
	}
	passed, failed := conformance.RunAll(cases, func(r conformance.Result) {
		t.Run(r.Case.Group+"/"+r.Case.ID, func(t *testing.T) {
			switch known := expected[r.Case.ID]; {
			case !r.Passed() && !known:
				t.Error(r)
			case r.Passed() && known:
				t.Errorf("%s passes, but is among the expected failures", r.Case.ID)
			}
		})
		delete(expected, r.Case.ID)
	})
	for id := range expected {
		t.Errorf("%s is among the expected failures, but there is no such case", id)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
}

// TestDocumented runs the cases that were written from the pages of AWS's
// documentation which they name. None may fail.
func TestDocumented(t *testing.T) {
	t.Parallel()
	cases := readCases(t, documentedCases)
	passed, _ := conformance.RunAll(cases, func(r conformance.Result) {
		if !r.Passed() {
			t.Error(r)
		}
	})
	if passed < documentedFloor {
		t.Errorf("%d cases pass, want at least %d", passed, documentedFloor)
	}
}

// readCases reads a file of cases. Only TestConformance takes the one that the
// command line names: its outcome is that of the cases, while the other tests
// hold the engine against what is known of the default corpus.
func readCases(t *testing.T, name string) []conformance.Case {
	t.Helper()
	cases, err := conformance.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if name == defaultCases && len(cases) < floor {
		t.Fatalf("%s has %d cases, want at least %d", name, len(cases), floor)
	}
	return cases
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

// TestConformanceRewritten runs the cases with every policy printed and parsed
// again, with its statements in another order, and with them repeated until they
// are many enough to be indexed: nothing of it may change a decision.
func TestConformanceRewritten(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for name, edit := range map[string]func([]json.RawMessage) []json.RawMessage{
		"printed": func(s []json.RawMessage) []json.RawMessage { return s },
		"shuffled": func(s []json.RawMessage) []json.RawMessage {
			r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
			return s
		},
		"repeated": func(s []json.RawMessage) []json.RawMessage { return slices.Repeat(s, 20) },
	} {
		for _, c := range readCases(t, defaultCases) {
			if c.Request == nil {
				continue
			}
			req, docs, err := c.Compile(func(d string) string { return editStatements(t, d, edit) })
			if err != nil {
				t.Errorf("%s: %s: %v", name, c.ID, err)
				continue
			}
			if got := policy.Authorize(req, docs).Effect.String(); got != c.Want {
				t.Errorf("%s: %s: got %s, want %s", name, c.ID, got, c.Want)
			}
		}
	}
}

// editStatements changes the list of a document's statements, whose Sids are
// dropped so that they may repeat.
func editStatements(t *testing.T, document string, edit func([]json.RawMessage) []json.RawMessage) string {
	t.Helper()
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(document), &doc); err != nil {
		t.Fatal(err)
	}
	var list []json.RawMessage
	if json.Unmarshal(doc["Statement"], &list) != nil {
		list = []json.RawMessage{doc["Statement"]}
	}
	for i := range list {
		var s map[string]json.RawMessage
		if err := json.Unmarshal(list[i], &s); err != nil {
			t.Fatal(err)
		}
		delete(s, "Sid")
		list[i], _ = json.Marshal(s)
	}
	doc["Statement"], _ = json.Marshal(edit(list))
	out, _ := json.Marshal(doc)
	return string(out)
}

// TestConformanceReasons holds Explain and Decision.By against the kinds that
// the cases give as their reason.
func TestConformanceReasons(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t, defaultCases) {
		if c.Request == nil {
			continue
		}
		req, docs, err := c.Compile(nil)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		checkExplain(t, req, docs)
		d := policy.Authorize(req, docs)
		if names := reasonNames(d); len(c.Why) > 0 && !slices.ContainsFunc(c.Why, func(w string) bool { return slices.Contains(names, w) }) {
			t.Errorf("%s: decided %v by %v, want one of %q", c.ID, d.Effect, d.By, c.Why)
		}
	}
}

// reasonNames are the words that the cases may use for a decision's kind.
func reasonNames(d policy.Decision) []string {
	grants := d.By == policy.Identity || d.By == policy.Resource || d.By == policy.Trust
	switch {
	case d.Effect == policy.Allow && d.By == 0:
		return []string{"root", "no_permission_needed"}
	case d.Effect == policy.ImplicitDeny && grants:
		return []string{"no_grant"}
	case d.By == policy.Trust:
		return []string{"resource"}
	}
	return []string{d.By.String()}
}

// TestConformanceDenyAnywhere adds a policy that denies everything, as each kind
// in turn, to every case: nothing may be allowed then. What no policy reaches is
// left out.
func TestConformanceDenyAnywhere(t *testing.T) {
	t.Parallel()
	const body = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	const withPrincipal = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}}`
	add := map[policy.Kind]func(*policy.Documents){
		policy.Identity: func(d *policy.Documents) { d.Identity = append(d.Identity, parse(t, policy.Identity, body)) },
		policy.Session:  func(d *policy.Documents) { d.Session = append(d.Session, parse(t, policy.Session, body)) },
		policy.Boundary: func(d *policy.Documents) { d.Boundary = parse(t, policy.Boundary, body) },
		policy.Resource: func(d *policy.Documents) { d.Resource = parse(t, policy.Resource, withPrincipal) },
		policy.Endpoint: func(d *policy.Documents) { d.Endpoint = parse(t, policy.Endpoint, withPrincipal) },
		policy.SCP: func(d *policy.Documents) {
			d.SCPs = append(d.SCPs, []*policy.Policy{parse(t, policy.SCP, body)})
		},
		policy.RCP: func(d *policy.Documents) {
			d.RCPs = append(d.RCPs, []*policy.Policy{parse(t, policy.RCP, withPrincipal)})
		},
	}
	for _, c := range readCases(t, defaultCases) {
		if c.Request == nil || c.Request.Action == "sts:GetCallerIdentity" {
			continue
		}
		for kind, edit := range add {
			req, docs, err := c.Compile(nil)
			if err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
			if (kind == policy.SCP || kind == policy.RCP) && strings.Contains(req.Principal.Role, "aws-service-role") {
				continue
			}
			edit(docs)
			if got := policy.Authorize(req, docs); got.Effect != policy.ExplicitDeny {
				t.Errorf("%s with a %s policy that denies all: got %v, want explicit_deny", c.ID, kind, got.Effect)
			}
			checkExplain(t, req, docs)
		}
	}
}
