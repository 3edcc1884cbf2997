package policy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"rolecall.dev/rolecall/policy"
)

// generator makes small random policies and requests over few words, so that
// they often meet.
type generator struct{ *rand.Rand }

func pick[T any](g generator, list ...T) T { return list[g.IntN(len(list))] }

func (g generator) action() string {
	return pick(g, "s3:GetObject", "s3:PutObject", "sqs:SendMessage", "iam:PassRole")
}

func (g generator) actionPattern() string {
	return pick(g, "*", "s3:*", "S3:get*", "s3:*Object", "s3:?etObject", "sqs:SendMessage", "iam:*", g.action())
}

func (g generator) resource() string {
	return pick(g, "*", "arn:aws:s3:::b", "arn:aws:s3:::b/k", "arn:aws:s3:::b/x/k", "arn:aws:sqs:us-east-1:111122223333:q",
		"arn:aws:s3:::a:b/k", "arn:aws:iam::111122223333:role/r")
}

func (g generator) resourcePattern() string {
	return pick(g, "*", "arn:aws:s3:::b/*", "arn:aws:s3:::*", "arn:aws:s3:*:*:b/k", "arn:aws:s3:::b/*/k", "arn:aws:s3:::?/k",
		"arn:*:sqs:*:111122223333:*", "arn:aws:iam::*:role/*", "arn:aws:s3:::b/k")
}

func (g generator) condition() map[string]any {
	op := pick(g, "StringEquals", "StringNotEquals", "StringLike", "StringNotLike") + pick(g, "", "IfExists")
	if g.IntN(4) == 0 {
		return map[string]any{"Null": map[string]any{g.key(): pick(g, "true", "false")}}
	}
	return map[string]any{op: map[string]any{g.key(): pick[any](g, "x", "x*", []string{"x", "yy"}, "?", "*")}}
}

func (g generator) key() string { return pick(g, "aws:Username", "aws:PrincipalTag/Team", "s3:prefix") }

func (g generator) statement(effect string) map[string]any {
	s := map[string]any{"Effect": effect}
	s[pick(g, "Action", "Action", "Action", "NotAction")] = []string{g.actionPattern(), g.actionPattern()}
	s[pick(g, "Resource", "Resource", "Resource", "NotResource")] = []string{g.resourcePattern(), g.resourcePattern()}
	if g.IntN(2) == 0 {
		s["Condition"] = g.condition()
	}
	return s
}

func (g generator) statements(n int) []any {
	var list []any
	for range n {
		list = append(list, g.statement(pick(g, "Allow", "Allow", "Deny")))
	}
	return list
}

func document(statements []any) string {
	data, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err)
	}
	return string(data)
}

func (g generator) context() map[string][]string {
	m := map[string][]string{}
	for _, key := range []string{"aws:username", "aws:principaltag/team", "s3:prefix"} {
		if g.IntN(2) == 0 {
			m[key] = []string{pick(g, "x", "xy", "yy", "z", "")}
		}
	}
	return m
}

func (g generator) request() (*policy.Request, refRequest) {
	r := refRequest{g.action(), g.resource(), g.context()}
	return &policy.Request{
		Principal:       policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/alice", Account: "111122223333"},
		Action:          r.action,
		Resource:        r.resource,
		ResourceAccount: "111122223333",
		Context:         policy.MakeValues(r.context),
	}, r
}

// FuzzReference compares the compiled evaluator with the naive one, also on
// policies long enough to be indexed, and holds the properties of a decision.
func FuzzReference(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		for range 20 {
			checkReference(t, g, pick(g, 1, 3, 8, 30))
		}
	})
}

func checkReference(t *testing.T, g generator, n int) {
	t.Helper()
	statements := g.statements(n)
	req, ref := g.request()
	decide := func(statements []any) (string, *policy.Documents) {
		docs := &policy.Documents{Identity: []*policy.Policy{parse(t, policy.Identity, document(statements))}}
		return policy.Authorize(req, docs).Effect.String(), docs
	}
	got, docs := decide(statements)
	where := fmt.Sprintf("%s\n%+v", document(statements), ref)
	if want := refIdentity([]string{document(statements)}, ref); got != want {
		t.Fatalf("Authorize = %s, the reference says %s\n%s", got, want, where)
	}
	checkExplain(t, req, docs)
	if more, _ := decide(append(statements[:n:n], g.statement("Deny"))); got != "allow" && more == "allow" {
		t.Fatalf("adding a Deny turned %s into %s\n%s", got, more, where)
	}
	if less, _ := decide(narrowed(statements)); less == "allow" && got != "allow" {
		t.Fatalf("narrowing the Allows turned %s into %s\n%s", got, less, where)
	}
	if more, _ := decide(append(statements[:n:n], g.statement("Allow"))); got == "explicit_deny" && more != got {
		t.Fatalf("adding an Allow turned %s into %s\n%s", got, more, where)
	}
}

// narrowed gives every Allow with a Resource one name of it only.
func narrowed(statements []any) []any {
	var list []any
	for _, s := range statements {
		m := maps.Clone(s.(map[string]any))
		if names, ok := m["Resource"].([]string); ok && m["Effect"] == "Allow" {
			m["Resource"] = names[0]
		}
		list = append(list, m)
	}
	return list
}

// checkExplain reports an Explanation that does not agree with Authorize.
func checkExplain(t *testing.T, req *policy.Request, docs *policy.Documents) {
	t.Helper()
	d, x := policy.Authorize(req, docs), policy.Explain(req, docs)
	if x.Decision != d {
		t.Fatalf("Explain decides %v, Authorize %v", x.Decision, d)
	}
	if x.Summary == "" {
		t.Fatalf("Explain has no summary for %v", d)
	}
	denies, allows := false, false
	for _, p := range x.Policies {
		denies = denies || p.Denies
		allows = allows || p.Allows && (p.Kind == policy.Identity || p.Kind == policy.Resource || p.Kind == policy.Trust)
		if p.Denies && d.Effect != policy.ExplicitDeny {
			t.Fatalf("Explain shows a Deny in a %s policy, the decision is %v", p.Kind, d)
		}
	}
	if denies != (d.Effect == policy.ExplicitDeny) {
		t.Fatalf("Explain shows denies=%v, the decision is %v", denies, d)
	}
	if d.Effect == policy.Allow && d.By != 0 && !allows {
		t.Fatalf("Explain shows no allow, the decision is %v", d)
	}
}
