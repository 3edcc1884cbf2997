package arn_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"rolecall.dev/rolecall/arn"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		want arn.ARN
	}{
		{"arn:aws:iam::111122223333:role/team/x", arn.ARN{Partition: "aws", Service: "iam", Account: "111122223333", Resource: "role/team/x"}},
		{"arn:aws:s3:::b/a:b:c", arn.ARN{Partition: "aws", Service: "s3", Resource: "b/a:b:c"}},
		{"arn:aws-cn:sqs:cn-north-1:1:q", arn.ARN{Partition: "aws-cn", Service: "sqs", Region: "cn-north-1", Account: "1", Resource: "q"}},
	} {
		got, err := arn.Parse(c.s)
		if err != nil || got != c.want || got.String() != c.s {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", c.s, got, err, c.want)
		}
	}
	for _, s := range []string{"", "arn", "arn:aws:s3", "arn:aws:s3:::", "arn::s3:::b", "arn:aws::::b", "ARN:aws:s3:::b", "arn:aws:s3:::a\nb"} {
		if got, err := arn.Parse(s); !errors.Is(err, arn.ErrInvalid) {
			t.Errorf("Parse(%q) = %+v, %v, want ErrInvalid", s, got, err)
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ resource, kind, path, name string }{
		{"role/x", "role", "/", "x"},
		{"role/team/ops/x", "role", "/team/ops/", "x"},
		{"root", "root", "", "root"},
		{"function:f", "function", "", "function:f"},
	} {
		a := arn.ARN{Partition: "aws", Service: "iam", Resource: c.resource}
		if a.ResourceType() != c.kind || a.Path() != c.path || a.Name() != c.name {
			t.Errorf("%s: type %q, path %q, name %q, want %+v", c.resource, a.ResourceType(), a.Path(), a.Name(), c)
		}
	}
}

func TestConstructors(t *testing.T) {
	t.Parallel()
	const account = arn.AccountID("111122223333")
	for want, got := range map[string]arn.ARN{
		"arn:aws:iam::111122223333:root":                   arn.Root("aws", account),
		"arn:aws:iam::111122223333:user/alice":             arn.User("aws", account, "", "alice"),
		"arn:aws:iam::111122223333:group/ops/g":            arn.Group("aws", account, "/ops/", "g"),
		"arn:aws:iam::111122223333:role/team/x":            arn.Role("aws", account, "/team/", "x"),
		"arn:aws:iam::111122223333:policy/p":               arn.Policy("aws", account, "/", "p"),
		"arn:aws:iam::111122223333:instance-profile/web":   arn.InstanceProfile("aws", account, "/", "web"),
		"arn:aws:iam::111122223333:oidc-provider/h/p":      arn.OIDCProvider("aws", account, "h/p"),
		"arn:aws:iam::111122223333:saml-provider/ADFS":     arn.SAMLProvider("aws", account, "ADFS"),
		"arn:aws:iam::111122223333:mfa/phone":              arn.MFADevice("aws", account, "", "phone"),
		"arn:aws:sts::111122223333:assumed-role/x/me":      arn.AssumedRole("aws", account, "x", "me"),
		"arn:aws:sts::111122223333:federated-user/alice":   arn.FederatedUser("aws", account, "alice"),
		"arn:aws-us-gov:iam::111122223333:user/a/b/carlos": arn.User("aws-us-gov", account, "/a/b/", "carlos"),
	} {
		if got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParseAccountID(t *testing.T) {
	t.Parallel()
	if id, err := arn.ParseAccountID("000000000001"); err != nil || id.String() != "000000000001" {
		t.Errorf("ParseAccountID = %q, %v", id, err)
	}
	for _, s := range []string{"", "11112222333", "1111222233334", "11112222333x", "-11122223333", "１１１１"} {
		if id, err := arn.ParseAccountID(s); !errors.Is(err, arn.ErrInvalid) {
			t.Errorf("ParseAccountID(%q) = %q, %v, want ErrInvalid", s, id, err)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", true},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b", false},
		{"arn:*:sqs:*:111122223333:q?", "arn:aws:sqs:eu-west-1:111122223333:q1", true},
		{"arn:aws:s3:*:*:private/key", "arn:aws:s3:::b/a:private/key", false},
		{"arn:aws:s3:::B", "arn:aws:s3:::b", false},
	} {
		p, err1 := arn.Parse(c.pattern)
		a, err2 := arn.Parse(c.s)
		if err1 != nil || err2 != nil || a.Match(p) != c.want {
			t.Errorf("%s matches %s: %v, want %v (%v, %v)", c.s, c.pattern, a.Match(p), c.want, err1, err2)
		}
	}
}

func TestWildcardIsLinear(t *testing.T) {
	t.Parallel()
	if arn.Wildcard(strings.Repeat("*a", 2000)+"b", strings.Repeat("a", 4000)) {
		t.Error("matches, want not")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("arn:aws:iam::111122223333:role/x")
	f.Add("arn:aws:s3:::a:b")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := arn.Parse(s)
		if err != nil {
			return
		}
		if a.String() != s || !a.Match(a) && !strings.ContainsAny(s, "*?") {
			t.Fatalf("Parse(%q) = %+v prints as %q", s, a, a)
		}
	})
}

func FuzzWildcard(f *testing.F) {
	f.Add("a*b?c", "aXbYc")
	f.Add("*", "")
	f.Add("*?*", "é")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 100 || len(s) > 200 {
			return
		}
		pattern, s = strings.ToValidUTF8(pattern, ""), strings.ToValidUTF8(s, "")
		expr := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
		want := regexp.MustCompile("(?s)^" + expr + "$").MatchString(s)
		if got := arn.Wildcard(pattern, s); got != want {
			t.Fatalf("Wildcard(%q, %q) = %v, want %v", pattern, s, got, want)
		}
		if got := arn.Wildcard(pattern, []byte(s)); got != want {
			t.Fatalf("Wildcard(%q, bytes of %q) = %v, want %v", pattern, s, got, want)
		}
	})
}

func ExampleParse() {
	a, err := arn.Parse("arn:aws:iam::111122223333:role/team/deploy")
	fmt.Println(a.Account, a.ResourceType(), a.Path(), a.Name(), err)
	// Output:
	// 111122223333 role /team/ deploy <nil>
}
