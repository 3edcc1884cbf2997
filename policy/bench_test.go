package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"rolecall.dev/rolecall/policy"
)

// manyStatements is an identity policy of n statements with wildcards, of which
// the last alone allows the request of benchRequest.
func manyStatements(t testing.TB, n int) *policy.Documents {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range n - 1 {
		fmt.Fprintf(&b, `{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"arn:aws:s3:::bucket-%d/home/*"},`, i)
	}
	b.WriteString(`{"Effect":"Allow","Action":["s3:Get*","s3:Put*"],"Resource":"arn:aws:s3:::data/reports/*"}]}`)
	return &policy.Documents{Identity: []*policy.Policy{parse(t, policy.Identity, b.String())}}
}

// manyConditions is manyStatements with conditions and a variable in each.
func manyConditions(t testing.TB, n int) *policy.Documents {
	var b strings.Builder
	b.WriteString(`{"Version":"2012-10-17","Statement":[`)
	for i := range n {
		action := "s3:List*"
		if i == n-1 {
			action = "s3:Get*"
		}
		fmt.Fprintf(&b, `{"Effect":"Allow","Action":["%s","s3:GetObject"],"Resource":"arn:aws:s3:::data/*",
			"Condition":{"StringLike":{"aws:username":["x%d*","${aws:PrincipalTag/team}*"]},
			"IpAddress":{"aws:SourceIp":["10.%d.0.0/16","203.0.113.0/24"]},"Bool":{"aws:SecureTransport":"true"}}}`, action, i, i)
		if i < n-1 {
			b.WriteByte(',')
		}
	}
	b.WriteString(`]}`)
	return &policy.Documents{Identity: []*policy.Policy{parse(t, policy.Identity, b.String())}}
}

func benchRequest() *policy.Request {
	return &policy.Request{
		Principal: policy.Principal{
			Type: policy.User, ARN: "arn:aws:iam::111122223333:user/alice", Account: "111122223333",
		},
		Action:          "s3:GetObject",
		Resource:        "arn:aws:s3:::data/reports/2024/05/data.json",
		ResourceAccount: "111122223333",
		Context: policy.MakeValues(map[string][]string{
			"aws:username":          {"alice"},
			"aws:PrincipalTag/team": {"ali"},
			"aws:SourceIp":          {"203.0.113.7"},
			"aws:SecureTransport":   {"true"},
			"aws:CurrentTime":       {"2024-05-05T05:05:05Z"},
			"aws:PrincipalArn":      {"arn:aws:iam::111122223333:user/alice"},
		}),
	}
}

func parse(t testing.TB, kind policy.Kind, document string) *policy.Policy {
	t.Helper()
	p, err := policy.Parse(kind, document)
	if err != nil {
		t.Fatalf("Parse(%s, %s) = %v", kind, document, err)
	}
	return p
}

func BenchmarkAuthorize(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("statements=%d", n), func(b *testing.B) {
			benchmarkAuthorize(b, manyStatements(b, n))
		})
	}
	b.Run("conditions=10", func(b *testing.B) {
		benchmarkAuthorize(b, manyConditions(b, 10))
	})
}

func benchmarkAuthorize(b *testing.B, docs *policy.Documents) {
	req := benchRequest()
	b.ReportAllocs()
	for b.Loop() {
		if !policy.Authorize(req, docs).Allowed() {
			b.Fatal("denied")
		}
	}
}

func TestAuthorizeDoesNotAllocate(t *testing.T) {
	req := benchRequest()
	for name, docs := range map[string]*policy.Documents{
		"one":        manyStatements(t, 1),
		"ten":        manyStatements(t, 10),
		"hundred":    manyStatements(t, 100),
		"conditions": manyConditions(t, 10),
	} {
		if got := testing.AllocsPerRun(100, func() { policy.Authorize(req, docs) }); got != 0 {
			t.Errorf("%s: Authorize allocates %v times a run, want 0", name, got)
		}
	}
}
