package policy_test

import (
	"errors"
	"strings"
	"testing"

	"rolecall.dev/rolecall/policy"
)

// statement wraps the body of one statement in a document.
func statement(body string) string {
	return `{"Version":"2012-10-17","Statement":[{` + body + `}]}`
}

const allowGet = `"Effect":"Allow","Action":"s3:GetObject","Resource":"*"`

func TestParseRejects(t *testing.T) {
	t.Parallel()
	const (
		syntax  = "Syntax errors in policy."
		badJSON = "This policy contains invalid Json"
		legacy  = "The policy failed legacy parsing"
	)
	for _, c := range []struct {
		name     string
		kind     policy.Kind
		document string
		want     string
	}{
		{"empty", policy.Identity, ``, syntax},
		{"empty trust", policy.Trust, ``, badJSON},
		{"no kind", 0, statement(allowGet), syntax},
		{"version", policy.Identity, `{"Version":"2013-10-17","Statement":[]}`, syntax},
		{"no statements", policy.Identity, `{"Version":"2012-10-17","Statement":[]}`, syntax},
		{"unknown element", policy.Identity, statement(allowGet + `,"Extra":1`), syntax},
		{"unknown element of a bucket policy", policy.Resource, statement(allowGet + `,"Extra":1`), "Unknown field Extra"},
		{"effect", policy.Identity, statement(`"Effect":"allow","Action":"s3:*","Resource":"*"`), syntax},
		{"vendor", policy.Identity, statement(`"Effect":"Allow","Action":"get","Resource":"*"`),
			"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."},
		{"colons", policy.Identity, statement(`"Effect":"Allow","Action":"s3:a:b","Resource":"*"`), "Actions/Condition can contain only one colon."},
		{"vendor wildcard", policy.Identity, statement(`"Effect":"Allow","Action":"s*:Get","Resource":"*"`), "Vendor s* is not valid"},
		{"no action", policy.Identity, statement(`"Effect":"Allow","Resource":"*"`), "Policy statement must contain actions."},
		{"empty actions", policy.Identity, statement(`"Effect":"Allow","Action":[],"Resource":"*"`), "Policy statement must contain actions."},
		{"no resource", policy.Identity, statement(`"Effect":"Allow","Action":"s3:*"`), "Policy statement must contain resources."},
		{"session deny without resource", policy.Session, statement(`"Effect":"Deny","Action":"s3:*"`), "Policy statement must contain resources."},
		{"resource", policy.Identity, statement(`"Effect":"Allow","Action":"s3:*","Resource":"bucket"`),
			`Resource bucket must be in ARN format or "*".`},
		{"short ARN", policy.Identity, statement(`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3::b"`), legacy},
		{"open variable", policy.Identity, statement(`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username"`), legacy},
		{"principal", policy.Identity, statement(allowGet + `,"Principal":"*"`), "Policy document should not specify a principal."},
		{"no principal", policy.Resource, statement(allowGet), "Missing required field Principal"},
		{"bad principal", policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"alice"}`),
			`Invalid principal in policy: "AWS":"alice"`},
		{"group as principal", policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111122223333:group/g"}`),
			`Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/g"`},
		{"trust resource", policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), "Has prohibited field Resource"},
		{"trust action", policy.Trust, statement(`"Effect":"Allow","Action":"s3:GetObject","Principal":"*"`),
			"AssumeRole policy may only specify STS AssumeRole actions."},
		{"sid", policy.Identity, statement(allowGet + `,"Sid":"a b"`),
			"Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"},
		{"same sid", policy.Identity, `{"Statement":[{"Sid":"a",` + allowGet + `},{"Sid":"a",` + allowGet + `}]}`,
			"Statement IDs (SID) in a single policy must be unique."},
		{"operator", policy.Identity, statement(allowGet + `,"Condition":{"StringIs":{"a":"b"}}`), syntax},
		{"date", policy.Identity, statement(allowGet + `,"Condition":{"DateLessThan":{"a":"soon"}}`), legacy},
		{"number", policy.Identity, statement(allowGet + `,"Condition":{"NumericEquals":{"a":1e400}}`), legacy},
		{"bool", policy.Identity, statement(allowGet + `,"Condition":{"Bool":{"a":"maybe"}}`), legacy},
		{"address", policy.Identity, statement(allowGet + `,"Condition":{"IpAddress":{"a":"1.2.3.4/33"}}`), legacy},
		{"null value", policy.Identity, statement(allowGet + `,"Condition":{"StringEquals":{"a":null}}`), syntax},
		{"deep", policy.Identity, strings.Repeat("[", 100000), syntax},
		{"surrogate", policy.Identity, statement(allowGet + `,"Sid":"\ud800"`), syntax},
		{"invalid UTF-8", policy.Identity, statement(allowGet + ",\"Sid\":\"\xff\""), syntax},
		{"control character", policy.Resource, statement(allowGet + ",\"Principal\":\"*\",\"Sid\":\"a\x01\""), badJSON},
		{"huge", policy.Identity, strings.Repeat(" ", 3<<20), syntax},
	} {
		p, err := policy.Parse(c.kind, c.document)
		var e *policy.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: Parse = %v, %v, want an *Error", c.name, p, err)
			continue
		}
		if e.Message != c.want {
			t.Errorf("%s: Parse: message %q, want %q (%s)", c.name, e.Message, c.want, e.Describe())
		}
	}
}

func TestParseErrorPosition(t *testing.T) {
	t.Parallel()
	document := "{\n  \"Statement\": [\n    {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"},\n    {\"Effect\": \"Allow\", \"Effect\": \"Deny\"}\n  ]\n}"
	_, err := policy.Parse(policy.Identity, document)
	var e *policy.Error
	if !errors.As(err, &e) || e.Line != 4 || e.Column != 25 {
		t.Fatalf("Parse = %#v, want an error at 4:25", err)
	}
	if want := `4:25: Syntax errors in policy. (duplicate key "Effect")`; e.Describe() != want {
		t.Errorf("Describe = %q, want %q", e.Describe(), want)
	}
}

func TestParseAccepts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind     policy.Kind
		document string
	}{
		{policy.Session, statement(`"Effect":"Allow","Action":"s3:*"`)},
		{policy.Identity, statement(allowGet + `,"Condition":{"NumericLessThan":{"s3:max-keys":10},"Bool":{"aws:SecureTransport":true}}`)},
		{policy.Identity, statement(allowGet + `,"Condition":{"StringEquals":{"127.0.0.1:8443:sub":"x"}}`)},
		{policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["AROAAAAAAAAAAAAAAAAAA:me","AIDAAAAAAAAAAAAAAAAAA"]}`)},
		{policy.Resource, statement(allowGet + `,"Principal":"*","Sid":"any thing"`)},
	} {
		if p, err := policy.Parse(c.kind, c.document); err != nil || p.Document() != c.document || p.Kind() != c.kind {
			t.Errorf("Parse(%s, %s) = %v, %v", c.kind, c.document, p, err)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	p := parse(t, policy.Identity, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",
		"Resource":"arn:aws:s3:::b/${aws:username}/*","Condition":{"StringEquals":{"s3:ExistingObjectTag/Team":"${aws:PrincipalTag/x, 'none'}"}}}]}`)
	for key, want := range map[string]bool{
		"aws:username": true, "AWS:UserName": true, "aws:principaltag/x": true, "s3:existingobjecttag/team": true,
		"aws:sourceip": false, "none": false,
	} {
		if got := p.Mentions(key); got != want {
			t.Errorf("Mentions(%q) = %v, want %v", key, got, want)
		}
	}
	docs := &policy.Documents{SCPs: [][]*policy.Policy{{nil}, {p}}}
	if !docs.Mentions("aws:UserName") || !docs.MentionsPrefix("s3:ExistingObjectTag/") || docs.Mentions("aws:SourceIp") {
		t.Error("Documents.Mentions does not agree with its one policy")
	}
	for prefix, want := range map[string]bool{"s3:ExistingObjectTag/": true, "aws:ResourceTag/": false, "z": false} {
		if got := p.MentionsPrefix(prefix); got != want {
			t.Errorf("MentionsPrefix(%q) = %v, want %v", prefix, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	if got := policy.Size("{ \"a\":\t\"é ü\"\r\n}"); got != 10 {
		t.Errorf("Size = %d, want 10", got)
	}
}

// FuzzParse asks that no document makes the parser panic, that what is accepted
// is accepted again, and that every error has a place in the document.
func FuzzParse(f *testing.F) {
	f.Add(uint8(policy.Identity), statement(allowGet))
	f.Add(uint8(policy.Trust), statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111122223333:root"}`))
	f.Add(uint8(policy.Session), statement(allowGet+`,"Condition":{"ForAnyValue:StringLikeIfExists":{"a:b":["${c, 'd'}*",1,true]}}`))
	f.Add(uint8(policy.Resource), `{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"*"},"NotAction":"*","NotResource":"arn:aws:s3:::a\u00e9"}}`)
	f.Fuzz(func(t *testing.T, kind uint8, document string) {
		p, err := policy.Parse(policy.Kind(kind), document)
		if err != nil {
			var e *policy.Error
			if !errors.As(err, &e) || e.Message == "" || e.Line < 1 || e.Column < 1 {
				t.Fatalf("Parse(%d, %q) = %#v, want an *Error with a place", kind, document, err)
			}
			return
		}
		same, err := policy.MapPrincipals(document, func(_, v string) (string, error) { return v, nil })
		if err != nil || same != document {
			t.Fatalf("MapPrincipals(%q) = %q, %v, want no change", document, same, err)
		}
		req := benchRequest()
		for _, docs := range []*policy.Documents{{Identity: []*policy.Policy{p}}, {Resource: p}, {Boundary: p, Session: []*policy.Policy{p}}} {
			checkExplain(t, req, docs)
		}
	})
}
