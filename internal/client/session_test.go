package client

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/sigv4"
)

func exampleSession() *Session {
	return &Session{
		Credentials:    sigv4.Credentials{AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG", SessionToken: "AQoD+/=="},
		Expiration:     time.Date(2026, 11, 22, 17, 44, 5, 0, time.UTC),
		AssumedRoleID:  "AROACLKWSDQRAOEXAMPLE:example",
		AssumedRoleARN: "arn:aws:sts::123456789012:assumed-role/example-role/example",
	}
}

func TestSessionWrite(t *testing.T) {
	t.Parallel()
	percent := int32(6)
	full := exampleSession()
	full.PackedPolicySize, full.SourceIdentity = &percent, "alice"
	const keys = `"AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG",
"SessionToken": "AQoD+/==",
"Expiration": "2026-11-22T17:44:05Z"
}`
	const user = `"AssumedRoleUser": {
"AssumedRoleId": "AROACLKWSDQRAOEXAMPLE:example",
"Arn": "arn:aws:sts::123456789012:assumed-role/example-role/example"
}`
	for name, c := range map[string]struct {
		session *Session
		format  Format
		want    string
	}{
		"env":                  {full, Env, "export AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG\nexport AWS_SESSION_TOKEN=AQoD+/==\n"},
		"json":                 {exampleSession(), JSON, "{\n\"Credentials\": {\n" + keys + ",\n" + user + "\n}\n"},
		"json with all it has": {full, JSON, "{\n\"Credentials\": {\n" + keys + ",\n" + user + ",\n\"PackedPolicySize\": 6,\n\"SourceIdentity\": \"alice\"\n}\n"},
		"process":              {full, Process, "{\n\"Version\": 1,\n" + keys + "\n"},
	} {
		var b strings.Builder
		if err := c.session.Write(&b, c.format); err != nil {
			t.Fatal(err)
		}
		got := strings.ReplaceAll(b.String(), "    ", "")
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestParseFormat(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"env", "json", "process"} {
		if f, err := ParseFormat(name); err != nil || string(f) != name {
			t.Errorf("ParseFormat(%q) = %q, %v", name, f, err)
		}
	}
	for _, name := range []string{"", "ENV", "yaml"} {
		if f, err := ParseFormat(name); err == nil {
			t.Errorf("ParseFormat(%q) = %q, want an error", name, f)
		}
	}
}

func TestAnswerWithoutCredentials(t *testing.T) {
	t.Parallel()
	for name, out := range map[string]*sts.AssumeRoleOutput{
		"nothing":        {},
		"no user":        {Credentials: &types.Credentials{}},
		"no credentials": {AssumedRoleUser: &types.AssumedRoleUser{}},
	} {
		if s, err := newSession(out); err == nil {
			t.Errorf("%s: newSession gives %v, want an error", name, s)
		}
	}
}
