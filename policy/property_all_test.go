package policy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"rolecall.dev/rolecall/policy"
)

const (
	home    = "111122223333"
	foreign = "444455556666"
)

// caller is one of every sort, some twice: with and without what the rules make
// a difference of.
func (g generator) caller() policy.Principal {
	const role = "arn:aws:iam::" + home + ":role/"
	const session = "arn:aws:sts::" + home + ":assumed-role/r/s"
	return pick(g,
		policy.Principal{Type: policy.User, ARN: "arn:aws:iam::" + home + ":user/alice", Account: home, ID: "AIDAAAAAAAAAAAAAAAAAA"},
		policy.Principal{Type: policy.User, ARN: "arn:aws:iam::" + foreign + ":user/bob", Account: foreign, ID: "AIDABBBBBBBBBBBBBBBBB"},
		policy.Principal{Type: policy.RoleSession, ARN: session, Account: home, Role: role + "r", ID: "AROAAAAAAAAAAAAAAAAAA", Session: "s"},
		policy.Principal{Type: policy.RoleSession, ARN: session, Account: home, Role: role + "aws-service-role/x.amazonaws.com/r"},
		policy.Principal{Type: policy.FederatedUser, ARN: "arn:aws:sts::" + home + ":federated-user/f", Account: home, User: "arn:aws:iam::" + home + ":user/alice"},
		policy.Principal{Type: policy.Root, ARN: "arn:aws:iam::" + home + ":root", Account: home},
		policy.Principal{Type: policy.Root, ARN: "arn:aws:iam::" + foreign + ":root", Account: foreign},
		policy.Principal{Type: policy.Service, ARN: "ec2.amazonaws.com"},
		policy.Principal{Type: policy.Federated, ARN: "accounts.google.com", Account: home},
		policy.Principal{Type: policy.Anonymous},
	)
}

// withPrincipal adds a Principal or NotPrincipal to a statement. It often names
// the caller.
func (g generator) withPrincipal(s map[string]any, c policy.Principal, mayNegate bool) map[string]any {
	aws := []string{home, foreign, "arn:aws:iam::" + home + ":root", "arn:aws:iam::" + home + ":user/alice"}
	if g.IntN(2) == 0 && c.Account != "" && c.Type != policy.Federated && c.Type != policy.Root {
		aws = []string{c.ARN, c.ARN}
		for _, name := range []string{c.Role, c.User, c.ID} {
			if name != "" {
				aws = append(aws, name)
			}
		}
		if c.ID != "" && c.Session != "" {
			aws = append(aws, c.ID+":"+c.Session)
		}
	}
	element := "Principal"
	if mayNegate && g.IntN(4) == 0 {
		element = "NotPrincipal"
		aws = append(aws, c.Account)
		aws = slices.DeleteFunc(aws, func(v string) bool { return v == "" })
		s[element] = map[string]any{"AWS": aws}
		return s
	}
	s[element] = pick[any](g, "*", map[string]any{"AWS": pick(g, aws...)}, map[string]any{"AWS": []string{pick(g, aws...), pick(g, aws...)}},
		map[string]any{"Service": "ec2.amazonaws.com"}, map[string]any{"Federated": "accounts.google.com"})
	return s
}

// situation is a request with documents of all kinds, still as statements.
type situation struct {
	caller policy.Principal
	owner  string
	ref    refRequest
	trust  bool
	quiet  bool                    // nobody denies, so that more than a Deny decides
	lists  map[policy.Kind][][]any // by kind, the policies; nil: none
}

var allKinds = []policy.Kind{
	policy.Identity, policy.Resource, policy.Boundary, policy.Session, policy.SCP, policy.RCP, policy.Endpoint,
}

func (g generator) situation() situation {
	x := situation{caller: g.caller(), owner: pick(g, home, home, foreign, ""), trust: g.IntN(4) == 0, quiet: g.IntN(3) > 0, lists: map[policy.Kind][][]any{}}
	x.ref = refRequest{g.action(), g.resource(), g.context()}
	switch {
	case x.trust:
		x.ref.action, x.ref.resource = "sts:AssumeRole", "arn:aws:iam::"+home+":role/r"
	case g.IntN(4) == 0:
		x.ref.action, x.ref.resource = "kms:Decrypt", "arn:aws:kms:us-east-1:"+home+":key/k"
	}
	for _, kind := range allKinds {
		if x.quiet && kind == policy.RCP || kind != policy.Resource && g.IntN(2) == 0 || kind == policy.Resource && !x.trust && g.IntN(3) == 0 {
			continue
		}
		for range x.policies(g, kind) {
			var list []any
			for range pick(g, 1, 1, 2, 2, 20) {
				list = append(list, g.statementOf(kind, &x, ""))
			}
			x.lists[kind] = append(x.lists[kind], list)
		}
	}
	return x
}

// policies is how many policies of a kind there are.
func (x *situation) policies(g generator, kind policy.Kind) int {
	if kind == policy.Boundary || kind == policy.Resource || kind == policy.Endpoint {
		return 1
	}
	return pick(g, 1, 2)
}

// statementOf makes a statement that a kind may have. It mostly allows, so that
// some requests come through all kinds, unless effect says otherwise.
func (g generator) statementOf(kind policy.Kind, x *situation, effect string) map[string]any {
	if effect == "" && x.quiet {
		effect = "Allow"
	} else if effect == "" {
		effect = pick(g, "Allow", "Allow", "Allow", "Allow", "Allow", "Deny")
	}
	if kind == policy.RCP {
		effect = "Deny"
	}
	s := g.statement(effect)
	if effect == "Allow" && g.IntN(2) == 0 {
		s = map[string]any{"Effect": effect, "Action": "*", "Resource": []string{"*", "arn:aws:s3:::b/*"}}
	}
	switch kind {
	case policy.RCP:
		s["Principal"], s["Action"] = "*", g.actionPattern()
		delete(s, "NotAction")
	case policy.Resource, policy.Endpoint:
		s = g.withPrincipal(s, x.caller, !(kind == policy.Resource && x.trust))
	}
	if kind == policy.Resource && x.trust {
		delete(s, "Resource")
		delete(s, "NotResource")
		delete(s, "NotAction")
		s["Action"] = pick(g, "*", "sts:*", "sts:AssumeRole", "sts:TagSession")
	}
	return s
}

// documents compiles the situation, and gives it to the reference as text.
func (x *situation) documents(t *testing.T) (*policy.Documents, refDocs) {
	t.Helper()
	compile := func(kind policy.Kind) (list []*policy.Policy, texts []string) {
		as := kind
		if kind == policy.Resource && x.trust {
			as = policy.Trust
		}
		for _, statements := range x.lists[kind] {
			texts = append(texts, document(statements))
			list = append(list, parse(t, as, document(statements)))
		}
		return list, texts
	}
	one := func(kind policy.Kind) (*policy.Policy, string) {
		list, texts := compile(kind)
		if len(list) == 0 {
			return nil, ""
		}
		return list[0], texts[0]
	}
	levels := func(kind policy.Kind) (all [][]*policy.Policy, texts [][]string) {
		list, text := compile(kind)
		for i := range list {
			all, texts = append(all, list[i:i+1]), append(texts, text[i:i+1])
		}
		return all, texts
	}
	docs, ref := &policy.Documents{}, refDocs{trust: x.trust}
	docs.Identity, ref.identity = compile(policy.Identity)
	docs.Session, ref.session = compile(policy.Session)
	docs.Boundary, ref.boundary = one(policy.Boundary)
	docs.Resource, ref.resource = one(policy.Resource)
	docs.Endpoint, ref.endpoint = one(policy.Endpoint)
	docs.SCPs, ref.scps = levels(policy.SCP)
	docs.RCPs, ref.rcps = levels(policy.RCP)
	return docs, ref
}

// FuzzReferenceAll compares decisions of all kinds of policy, by callers of all
// sorts, with the reference, and holds the properties of a decision.
func FuzzReferenceAll(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := generator{rand.New(rand.NewPCG(seed, 2))}
		for range 5 {
			x := g.situation()
			x.check(t, g)
		}
	})
}

func (x *situation) request() *policy.Request {
	return &policy.Request{
		Principal: x.caller, Action: x.ref.action, Resource: x.ref.resource, ResourceAccount: x.owner,
		Context: policy.MakeValues(x.ref.context),
	}
}

func (x *situation) check(t *testing.T, g generator) {
	t.Helper()
	docs, ref := x.documents(t)
	req := x.request()
	got := policy.Authorize(req, docs).Effect.String()
	where := fmt.Sprintf("%+v\nof %q: %+v\n%+v", x.caller, x.owner, x.ref, ref)
	if want := refDecide(x.caller, x.owner, x.ref, ref); got != want {
		t.Fatalf("Authorize = %s, the reference says %s\n%s", got, want, where)
	}
	checkExplain(t, req, docs)
	for _, kind := range allKinds {
		if len(x.lists[kind]) == 0 {
			continue
		}
		if after := x.with(t, kind, func(s []any) []any { return append(s, g.statementOf(kind, x, "Deny")) }); got != "allow" && after == "allow" {
			t.Fatalf("adding a Deny to the %s policy turned %s into %s\n%s", kind, got, after, where)
		}
		if after := x.with(t, kind, func(s []any) []any { return append(s, g.statementOf(kind, x, "Allow")) }); got == "explicit_deny" && after != got {
			t.Fatalf("adding an Allow to the %s policy turned %s into %s\n%s", kind, got, after, where)
		}
		if after := x.with(t, kind, narrowed); got != "allow" && after == "allow" {
			t.Fatalf("narrowing the Allows of the %s policy turned %s into %s\n%s", kind, got, after, where)
		}
	}
}

// with decides with the first policy of a kind changed.
func (x *situation) with(t *testing.T, kind policy.Kind, edit func([]any) []any) string {
	t.Helper()
	before := x.lists[kind]
	x.lists[kind] = append([][]any{edit(slices.Clone(before[0]))}, before[1:]...)
	docs, _ := x.documents(t)
	x.lists[kind] = before
	return policy.Authorize(x.request(), docs).Effect.String()
}
