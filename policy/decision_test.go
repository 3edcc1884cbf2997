package policy_test

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/policy"
)

func TestDecisionMessage(t *testing.T) {
	t.Parallel()
	const action = "s3:GetObject"
	for _, c := range []struct {
		d    policy.Decision
		want string
	}{
		{policy.Decision{Effect: policy.Allow, By: policy.Identity}, ""},
		{policy.Decision{}, "because no identity-based policy allows the s3:GetObject action"},
		{policy.Decision{By: policy.Resource}, "because no resource-based policy allows the s3:GetObject action"},
		{policy.Decision{By: policy.Boundary}, "because no permissions boundary allows the s3:GetObject action"},
		{policy.Decision{By: policy.Session}, "because no session policy allows the s3:GetObject action"},
		{policy.Decision{By: policy.SCP}, "because no service control policy allows the s3:GetObject action"},
		{policy.Decision{By: policy.Endpoint}, "because no VPC endpoint policy allows the s3:GetObject action"},
		{policy.Decision{By: policy.Trust}, "because no role trust policy allows the s3:GetObject action"},
		{policy.Decision{Effect: policy.ExplicitDeny, By: policy.Identity}, "with an explicit deny in an identity-based policy"},
		{policy.Decision{Effect: policy.ExplicitDeny, By: policy.RCP}, "with an explicit deny in a resource control policy"},
		{policy.Decision{Effect: policy.ExplicitDeny, By: policy.Trust}, "with an explicit deny in the role trust policy"},
	} {
		if got := c.d.Message(action); got != c.want {
			t.Errorf("%v by %v: Message = %q, want %q", c.d.Effect, c.d.By, got, c.want)
		}
	}
}

// TestFailClosed holds what is denied although nobody said so.
func TestFailClosed(t *testing.T) {
	t.Parallel()
	all := parse(t, policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"*"`))
	open := parse(t, policy.Resource, statement(`"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"`))
	trust := parse(t, policy.Trust, statement(`"Effect":"Allow","Action":"sts:*","Principal":"*"`))
	allBut := parse(t, policy.Resource, statement(`"Effect":"Allow","Action":"*","Resource":"*","NotPrincipal":{"AWS":"444455556666"}`))
	for name, edit := range map[string]func(*policy.Request, *policy.Documents){
		"no caller":               func(r *policy.Request, _ *policy.Documents) { r.Principal.Type = 0 },
		"caller of no known type": func(r *policy.Request, _ *policy.Documents) { r.Principal.Type = 99 },
		"no action":               func(r *policy.Request, _ *policy.Documents) { r.Action = "" },
		"action without service":  func(r *policy.Request, _ *policy.Documents) { r.Action = ":Get:Object" },
		"endless action":          func(r *policy.Request, _ *policy.Documents) { r.Action += string(make([]byte, 200)) },
		"resource that is no ARN": func(r *policy.Request, _ *policy.Documents) { r.Resource = "bucket" },
		"unknown owner":           func(r *policy.Request, _ *policy.Documents) { r.ResourceAccount = "" },
		"no documents":            func(_ *policy.Request, d *policy.Documents) { *d = policy.Documents{} },
		"empty level of control policies": func(_ *policy.Request, d *policy.Documents) {
			d.SCPs = [][]*policy.Policy{{all}, {}}
		},
		"identity policy in a resource's place": func(_ *policy.Request, d *policy.Documents) {
			*d = policy.Documents{Resource: all}
		},
		"everyone trusted, outside identity": func(r *policy.Request, d *policy.Documents) {
			r.Principal = policy.Principal{Type: policy.Federated, ARN: "accounts.google.com", Account: "111122223333"}
			r.Action, r.Resource = "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/r"
			*d = policy.Documents{Resource: trust}
		},
		"root assumes a role": func(r *policy.Request, d *policy.Documents) {
			r.Principal = policy.Principal{Type: policy.Root, ARN: "arn:aws:iam::111122223333:root", Account: "111122223333"}
			r.Action, r.Resource = "sts:AssumeRole", "arn:aws:iam::111122223333:role/r"
			*d = policy.Documents{Resource: trust}
		},
		"anonymous caller asks who it is": func(r *policy.Request, _ *policy.Documents) {
			r.Principal = policy.Principal{Type: policy.Anonymous}
			r.Action, r.Resource = "sts:GetCallerIdentity", "*"
		},
		"everyone but one trusted, outside identity": func(r *policy.Request, d *policy.Documents) {
			r.Principal = policy.Principal{Type: policy.Federated, ARN: "accounts.google.com", Account: "111122223333"}
			*d = policy.Documents{Resource: allBut}
		},
		"anonymous caller without a resource policy": func(r *policy.Request, _ *policy.Documents) {
			r.Principal = policy.Principal{Type: policy.Anonymous}
		},
	} {
		req, docs := benchRequest(), &policy.Documents{Identity: []*policy.Policy{all}}
		edit(req, docs)
		if got := policy.Authorize(req, docs); got.Effect != policy.ImplicitDeny {
			t.Errorf("%s: got %v, want implicit_deny", name, got.Effect)
		}
		checkExplain(t, req, docs)
	}
	if got := policy.Authorize(benchRequest(), &policy.Documents{Resource: open}); got.Effect != policy.Allow {
		t.Errorf("open resource: got %v, want allow", got.Effect)
	}
	if got := policy.Authorize(benchRequest(), nil); got.Effect != policy.ImplicitDeny {
		t.Errorf("nil documents: got %v, want implicit_deny", got.Effect)
	}
}

// TestUnreadableContext holds that a value which an operator cannot read
// satisfies no Allow and spares nobody a Deny, whichever way the operator goes.
func TestUnreadableContext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ condition, value string }{
		{`"NumericLessThan":{"k":10}`, "ten"},
		{`"NumericNotEquals":{"k":10}`, "ten"},
		{`"DateGreaterThan":{"k":"2024-01-01"}`, "yesterday"},
		{`"DateNotEquals":{"k":"2024-01-01"}`, "yesterday"},
		{`"NotIpAddress":{"k":"10.0.0.0/8"}`, "10.0.0.256"},
		{`"IpAddress":{"k":"10.0.0.0/8"}`, "fe80::1%eth0"},
		{`"ArnNotLike":{"k":"arn:aws:sns:*:*:*"}`, "arn:aws"},
		{`"Bool":{"k":"true"}`, "1"},
		{`"BinaryEquals":{"k":"AAEC"}`, "AAE"},
		{`"ForAllValues:NumericEquals":{"k":1}`, "x"},
		{`"ForAnyValue:NumericNotEquals":{"k":1}`, "x"},
	} {
		req := benchRequest()
		req.Context = policy.MakeValues(map[string][]string{"k": {c.value}})
		docs := func(body string) *policy.Documents {
			return &policy.Documents{Identity: []*policy.Policy{parse(t, policy.Identity, statement(body))}}
		}
		if got := policy.Authorize(req, docs(allowGet+`,"Condition":{`+c.condition+`}`)); got.Effect != policy.ImplicitDeny {
			t.Errorf("Allow if %s, k=%q: got %v, want implicit_deny", c.condition, c.value, got.Effect)
		}
		deny := `"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{` + c.condition + `}`
		if got := policy.Authorize(req, docs(deny)); got.Effect != policy.ExplicitDeny {
			t.Errorf("Deny if %s, k=%q: got %v, want explicit_deny", c.condition, c.value, got.Effect)
		}
	}
}

// TestExplainNamesWhatIsMissing holds the sentence that people read.
func TestExplainNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	trust := parse(t, policy.Trust, statement(`"Sid":"Partner","Effect":"Allow","Action":"sts:AssumeRole",
		"Principal":{"AWS":"444455556666"},"Condition":{"StringEquals":{"sts:ExternalId":"x-17"}}`))
	all := parse(t, policy.Identity, statement(`"Effect":"Allow","Action":"*","Resource":"*"`))
	req := &policy.Request{
		Principal: policy.Principal{Type: policy.User, ARN: "arn:aws:iam::444455556666:user/bob", Account: "444455556666"},
		Action:    "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/r", ResourceAccount: "111122223333",
	}
	x := policy.Explain(req, &policy.Documents{Identity: []*policy.Policy{all}, Resource: trust})
	want := "the trust policy requires sts:ExternalId, the request has none"
	if x.Summary != want {
		t.Errorf("Summary = %q, want %q", x.Summary, want)
	}
	if len(x.Policies) != 2 || x.Policies[0].Policy != trust || x.Policies[0].Statements[0].Condition == nil {
		t.Errorf("Policies = %+v, want the trust policy with its failed condition first", x.Policies)
	}
}

// TestSeveralValues holds what the cases leave out: set operators on a lone
// empty value, which is an empty set, and plain operators on several values.
func TestSeveralValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		condition string
		values    []string
		want      policy.Effect
	}{
		{`"ForAllValues:StringEquals":{"k":"a"}`, []string{""}, policy.Allow},
		{`"ForAnyValue:StringEquals":{"k":""}`, []string{""}, policy.ImplicitDeny},
		{`"ForAnyValue:StringNotEquals":{"k":"a"}`, []string{""}, policy.ImplicitDeny},
		{`"StringEquals":{"k":""}`, []string{""}, policy.Allow},
		{`"StringEquals":{"k":"a"}`, []string{"b", "a"}, policy.Allow},
		{`"StringNotEquals":{"k":"a"}`, []string{"b", "a"}, policy.ImplicitDeny},
		{`"StringNotEquals":{"k":"a"}`, []string{"b", "c"}, policy.Allow},
		{`"ForAnyValue:StringNotEquals":{"k":"a"}`, []string{"b", "a"}, policy.Allow},
		{`"Null":{"k":"true"}`, []string{}, policy.Allow},
		{`"Null":{"k":"false"}`, []string{""}, policy.Allow},
	} {
		req := benchRequest()
		req.Context = policy.MakeValues(map[string][]string{"k": c.values})
		docs := &policy.Documents{Identity: []*policy.Policy{parse(t, policy.Identity, statement(allowGet+`,"Condition":{`+c.condition+`}`))}}
		if got := policy.Authorize(req, docs); got.Effect != c.want {
			t.Errorf("%s, k=%q: got %v, want %v", c.condition, c.values, got.Effect, c.want)
		}
	}
}

// TestEveryNameCounts holds that a statement which names only the account does
// not keep a later one from naming the caller itself, with and without an index.
func TestEveryNameCounts(t *testing.T) {
	t.Parallel()
	req := benchRequest()
	named := func(who string) string {
		return `{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"AWS":"` + who + `"}}`
	}
	for _, n := range []int{1, 30} {
		account := strings.Repeat(named(req.Principal.Account)+",", n)
		for list, want := range map[string]policy.Effect{
			account + named(req.Principal.ARN): policy.Allow,
			account + named("444455556666"):    policy.ImplicitDeny,
		} {
			docs := &policy.Documents{Resource: parse(t, policy.Resource, `{"Version":"2012-10-17","Statement":[`+list+`]}`)}
			if got := policy.Authorize(req, docs); got.Effect != want {
				t.Errorf("%d statements that name the account: got %v, want %v of\n%s", n, got.Effect, want, list)
			}
		}
	}
}
