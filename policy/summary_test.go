package policy_test

import (
	"testing"

	"rolecall.dev/rolecall/policy"
)

const (
	summaryUser = "arn:aws:iam::111122223333:user/alice"
	summaryRole = "arn:aws:iam::111122223333:role/r"
)

// ask is a request of alice's for an object of her account's, or for a role.
func ask(context ...string) *policy.Request {
	req := &policy.Request{
		Principal: policy.Principal{Type: policy.User, ARN: summaryUser, Account: "111122223333"},
		Action:    "s3:GetObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: "111122223333",
	}
	keys := map[string][]string{}
	for i := 0; i+1 < len(context); i += 2 {
		keys[context[i]] = append(keys[context[i]], context[i+1])
	}
	req.Context = policy.MakeValues(keys)
	return req
}

func assume(context ...string) *policy.Request {
	req := ask(context...)
	req.Action, req.Resource = "sts:AssumeRole", summaryRole
	return req
}

// stranger is the same request from another account.
func stranger(req *policy.Request) *policy.Request {
	req.Principal.ARN, req.Principal.Account = "arn:aws:iam::444455556666:user/bob", "444455556666"
	return req
}

// TestSummaries holds the sentences that name the smallest missing thing.
func TestSummaries(t *testing.T) {
	t.Parallel()
	one := func(kind policy.Kind, body string) *policy.Policy { return parse(t, kind, statement(body)) }
	identity := func(body string) *policy.Policy { return one(policy.Identity, body) }
	docs := func(identity ...*policy.Policy) *policy.Documents { return &policy.Documents{Identity: identity} }
	get := func(condition string) *policy.Policy {
		return identity(`"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{` + condition + `}`)
	}
	all := identity(`"Effect":"Allow","Action":"*","Resource":"*"`)
	other := identity(`"Effect":"Allow","Action":"s3:PutObject","Resource":"*"`)
	trust := func(principal, condition string) *policy.Documents {
		return &policy.Documents{Identity: []*policy.Policy{all}, Resource: one(policy.Trust,
			`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"`+principal+`"}`+condition)}
	}
	externalID := `,"Condition":{"StringEquals":{"sts:ExternalId":"x-17"}}`
	bucket := func(rest string) *policy.Policy {
		return one(policy.Resource, `"Effect":"Allow","Action":"s3:GetObject","Resource":"*",`+rest)
	}
	const none = "no identity-based policy allows s3:GetObject on arn:aws:s3:::b/k"
	const requires = "the identity-based policy requires "
	const forIt = " for s3:GetObject on arn:aws:s3:::b/k, the request has "
	for name, c := range map[string]struct {
		req  *policy.Request
		docs *policy.Documents
		want string
	}{
		"nothing":            {ask(), docs(), none},
		"another action":     {ask(), docs(other), none},
		"another resource":   {ask(), docs(identity(`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::c/*"`)), none},
		"key missing":        {ask(), docs(get(`"Bool":{"aws:MultiFactorAuthPresent":true}`)), requires + "aws:MultiFactorAuthPresent" + forIt + "none"},
		"key differs":        {ask("s3:prefix", "b"), docs(get(`"StringEquals":{"s3:prefix":["a","c"]}`)), requires + "s3:prefix to be a or c" + forIt + "b"},
		"pattern":            {ask("s3:prefix", "b"), docs(get(`"StringLike":{"s3:prefix":"a*"}`)), requires + "s3:prefix to be like a*" + forIt + "b"},
		"negated":            {ask("k:k", "a"), docs(get(`"StringNotEquals":{"k:k":"a"}`)), requires + "k:k not to be a" + forIt + "a"},
		"number":             {ask("k:k", "7"), docs(get(`"NumericLessThanEquals":{"k:k":5}`)), requires + "k:k to be at most 5" + forIt + "7"},
		"number more":        {ask("k:k", "3"), docs(get(`"NumericGreaterThan":{"k:k":5}`)), requires + "k:k to be more than 5" + forIt + "3"},
		"date":               {ask("aws:CurrentTime", "2031-01-01T00:00:00Z"), docs(get(`"DateLessThan":{"aws:CurrentTime":"2030-01-01"}`)), requires + "aws:CurrentTime to be before 2030-01-01" + forIt + "2031-01-01T00:00:00Z"},
		"bad date":           {ask("k:k", "soon"), docs(get(`"DateGreaterThanEquals":{"k:k":"2030-01-01"}`)), requires + "k:k to be at or after 2030-01-01" + forIt + "soon"},
		"address":            {ask("aws:SourceIp", "192.0.2.1"), docs(get(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`)), requires + "aws:SourceIp to be in 10.0.0.0/8" + forIt + "192.0.2.1"},
		"not address":        {ask("aws:SourceIp", "10.0.0.1"), docs(get(`"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`)), requires + "aws:SourceIp not to be in 10.0.0.0/8" + forIt + "10.0.0.1"},
		"arn":                {ask("k:k", "arn:aws:sns:::a"), docs(get(`"ArnLike":{"k:k":"arn:aws:sqs:*"}`)), requires + "k:k to be like arn:aws:sqs:*" + forIt + "arn:aws:sns:::a"},
		"null true":          {ask("k:k", "a"), docs(get(`"Null":{"k:k":"true"}`)), requires + "no k:k" + forIt + "a"},
		"null false":         {ask(), docs(get(`"Null":{"k:k":"false"}`)), requires + "k:k" + forIt + "none"},
		"every value":        {ask("aws:TagKeys", "a", "aws:TagKeys", "b"), docs(get(`"ForAllValues:StringEquals":{"aws:TagKeys":"a"}`)), requires + "every aws:TagKeys to be a" + forIt + "a, b"},
		"one value":          {ask("aws:TagKeys", "a"), docs(get(`"ForAnyValue:StringEquals":{"aws:TagKeys":"b"}`)), requires + "one aws:TagKeys to be b" + forIt + "a"},
		"explicit deny":      {ask(), docs(all, identity(`"Sid":"No","Effect":"Deny","Action":"s3:*","Resource":"*"`)), `the identity-based policy denies s3:GetObject on arn:aws:s3:::b/k in statement "No"`},
		"boundary":           {ask(), &policy.Documents{Identity: []*policy.Policy{all}, Boundary: other}, "the permissions boundary does not allow s3:GetObject on arn:aws:s3:::b/k"},
		"boundary condition": {ask(), &policy.Documents{Identity: []*policy.Policy{all}, Boundary: get(`"StringEquals":{"k:k":"a"}`)}, "the permissions boundary requires k:k" + forIt + "none"},
		"session":            {ask(), &policy.Documents{Identity: []*policy.Policy{all}, Session: []*policy.Policy{other}}, "no session policy allows s3:GetObject on arn:aws:s3:::b/k"},
		"endpoint": {ask(), &policy.Documents{Identity: []*policy.Policy{all}, Endpoint: one(policy.Endpoint, `"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"`)},
			"the VPC endpoint policy does not allow s3:GetObject on arn:aws:s3:::b/k"},
		"scp, second level":        {ask(), &policy.Documents{Identity: []*policy.Policy{all}, SCPs: [][]*policy.Policy{{all}, {other}, {all}}}, "no service control policy at level 2 allows s3:GetObject on arn:aws:s3:::b/k"},
		"scp, third of several":    {ask(), &policy.Documents{Identity: []*policy.Policy{all}, SCPs: [][]*policy.Policy{{all}, {other, all}, {other, other}}}, "no service control policy at level 3 allows s3:GetObject on arn:aws:s3:::b/k"},
		"scp condition":            {ask(), &policy.Documents{Identity: []*policy.Policy{all}, SCPs: [][]*policy.Policy{{all}, {get(`"StringEquals":{"k:k":"a"}`)}}}, "the service control policy requires k:k" + forIt + "none"},
		"other side's policy":      {stranger(ask()), docs(all), "no resource-based policy allows s3:GetObject on arn:aws:s3:::b/k"},
		"other side names another": {stranger(ask()), &policy.Documents{Identity: []*policy.Policy{all}, Resource: bucket(`"Principal":{"AWS":"777788889999"}`)}, "the resource-based policy does not name arn:aws:iam::444455556666:user/bob for s3:GetObject on arn:aws:s3:::b/k"},
		"anonymous": {&policy.Request{Principal: policy.Principal{Type: policy.Anonymous}, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"}, &policy.Documents{Resource: bucket(`"Principal":{"AWS":"777788889999"}`)},
			"the resource-based policy does not name anonymous callers for s3:GetObject on arn:aws:s3:::b/k"},
		"either side": {ask(), &policy.Documents{Resource: bucket(`"Principal":{"AWS":"` + summaryUser + `"},"Condition":{"StringEquals":{"k:k":"a"}}`)},
			none + ", and the resource-based policy requires k:k" + forIt + "none"},
		"external id missing":  {stranger(assume()), trust("444455556666", externalID), "the trust policy requires sts:ExternalId, the request has none"},
		"external id differs":  {stranger(assume("sts:ExternalId", "x-18")), trust("444455556666", externalID), "the trust policy requires sts:ExternalId to be x-17, the request has x-18"},
		"not trusted":          {stranger(assume()), trust("777788889999", ""), "the trust policy does not name arn:aws:iam::444455556666:user/bob"},
		"trusted for less":     {func() *policy.Request { r := stranger(assume()); r.Action = "sts:TagSession"; return r }(), trust("444455556666", ""), "the trust policy does not allow sts:TagSession on " + summaryRole},
		"own account's role":   {assume(), trust("777788889999", ""), "the trust policy does not name " + summaryUser},
		"trust before own":     {assume(), &policy.Documents{Resource: trust("111122223333", externalID).Resource}, "no identity-based policy allows sts:AssumeRole on " + summaryRole + ", and the trust policy requires sts:ExternalId, the request has none"},
		"nobody asks":          {&policy.Request{Action: "s3:GetObject", Resource: "*"}, docs(all), "the request has no caller, no action or no resource that can be decided on"},
		"federated, no policy": {federatedAsk(), docs(all), "no session policy allows s3:GetObject on arn:aws:s3:::b/k"},
	} {
		x := policy.Explain(c.req, c.docs)
		if x.Summary != c.want || x.Decision.Allowed() {
			t.Errorf("%s: %s\ngot  %s\nwant %s", name, x.Decision.Effect, x.Summary, c.want)
		}
	}
}

func federatedAsk() *policy.Request {
	req := ask()
	req.Principal = policy.Principal{Type: policy.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/f", Account: "111122223333", User: summaryUser}
	return req
}
