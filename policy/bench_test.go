package policy_test

import (
	"encoding/json"
	"fmt"
	"runtime"
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

// BenchmarkAuthorizeActions grows the number of statements over 500 actions.
func BenchmarkAuthorizeActions(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprintf("statements=%d", n), func(b *testing.B) {
			benchmarkAuthorize(b, manyActions(b, n))
		})
	}
}

// manyActions is an identity policy of n statements over 500 actions, each for
// a bucket of its own, of which the first allows the request of benchRequest.
func manyActions(t testing.TB, n int) *policy.Documents {
	var doc strings.Builder
	doc.WriteString(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`)
	for i := range n - 1 {
		action := "GetObject"
		if i%500 != 0 {
			action = fmt.Sprintf("Action%d", i%500)
		}
		fmt.Fprintf(&doc, `,{"Effect":"Allow","Action":"s3:%s","Resource":"arn:aws:s3:::bucket%d/*"}`, action, i)
	}
	doc.WriteString(`]}`)
	return &policy.Documents{Identity: []*policy.Policy{parse(t, policy.Identity, doc.String())}}
}

// BenchmarkParse compares parsing and compiling with reading the JSON alone.
func BenchmarkParse(b *testing.B) {
	document := manyConditions(b, 10).Identity[0].Document()
	b.Run("policy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := policy.Parse(policy.Identity, document); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal([]byte(document), &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMemory reports what a compiled role policy of five statements keeps
// alive, its document included.
func BenchmarkMemory(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkMemory(b, manyStatements(b, 5).Identity[0].Document()) })
	b.Run("conditions", func(b *testing.B) { benchmarkMemory(b, manyConditions(b, 5).Identity[0].Document()) })
}

func benchmarkMemory(b *testing.B, document string) {
	var before, after runtime.MemStats
	const n = 2000
	for b.Loop() {
		policies := make([]*policy.Policy, n)
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range policies {
			policies[i] = parse(b, policy.Identity, strings.Replace(document, "data", fmt.Sprintf("d%d", i), 5))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/policy")
		runtime.KeepAlive(policies)
	}
	b.ReportMetric(float64(len(document)), "B/document")
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
