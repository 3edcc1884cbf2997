package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/policy"
)

const trustText = `{ "Version": "2012-10-17",
  "Statement": [ {"Effect":"Allow", "Action":"sts:AssumeRole",
     "Principal": { "AWS" : [ "arn:aws:iam::111122223333:user\/alice" , "111122223333"],
                    "Service": "ec2.amazonaws.com" } } , {"Effect":"Deny","Action":"sts:*","Principal":"*"} ] }
`

func TestMapPrincipals(t *testing.T) {
	t.Parallel()
	const id = "AIDAAAAAAAAAAAAAAAAAA"
	got, err := policy.MapPrincipals(trustText, func(kind, value string) (string, error) {
		if kind == "AWS" && strings.HasSuffix(value, "user/alice") {
			return id, nil
		}
		return value, nil
	})
	want := strings.Replace(trustText, `arn:aws:iam::111122223333:user\/alice`, id, 1)
	if err != nil || got != want {
		t.Errorf("MapPrincipals = %s, %v\nwant %s", got, err, want)
	}
	if p := parse(t, policy.Trust, got); policy.Principals(p)[0].Value != id {
		t.Errorf("Principals = %v, want %s first", policy.Principals(p), id)
	}
	refuse := errors.New("no such user")
	if _, err := policy.MapPrincipals(trustText, func(string, string) (string, error) { return "", refuse }); !errors.Is(err, refuse) {
		t.Errorf("MapPrincipals = %v, want the function's error", err)
	}
	var e *policy.Error
	if _, err := policy.MapPrincipals("{", nil); !errors.As(err, &e) {
		t.Errorf("MapPrincipals of broken JSON = %v, want an *Error", err)
	}
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	want := []policy.PrincipalValue{
		{Kind: "AWS", Value: "arn:aws:iam::111122223333:user/alice"},
		{Kind: "AWS", Value: "111122223333"},
		{Kind: "Service", Value: "ec2.amazonaws.com"},
		{Kind: "AWS", Value: "*"},
	}
	if diff := cmp.Diff(want, policy.Principals(parse(t, policy.Trust, trustText))); diff != "" {
		t.Errorf("Principals (-want +got):\n%s", diff)
	}
}

// TestPrincipalByID holds that unique ids and ids with a session name mean the
// user, the role's sessions, and the one session.
func TestPrincipalByID(t *testing.T) {
	t.Parallel()
	const role, user = "AROAAAAAAAAAAAAAAAAAA", "AIDAAAAAAAAAAAAAAAAAA"
	session := policy.Principal{Type: policy.RoleSession, Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/r/me",
		Role: "arn:aws:iam::111122223333:role/r", ID: role, Session: "me"}
	alice := policy.Principal{Type: policy.User, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/alice", ID: user}
	unknown := alice
	unknown.ID = ""
	for _, c := range []struct {
		value  string
		caller policy.Principal
		want   policy.Effect
	}{
		{role, session, policy.Allow},
		{role + ":me", session, policy.Allow},
		{role + ":you", session, policy.ImplicitDeny},
		{user, session, policy.ImplicitDeny},
		{user, alice, policy.Allow},
		{user + "A", alice, policy.ImplicitDeny},
		{user[:20], alice, policy.ImplicitDeny},
		{user, unknown, policy.ImplicitDeny},
	} {
		trust := parse(t, policy.Trust, statement(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"`+c.value+`"}`))
		req := &policy.Request{Principal: c.caller, Action: "sts:AssumeRole",
			Resource: "arn:aws:iam::111122223333:role/x", ResourceAccount: "111122223333"}
		if got := policy.Authorize(req, &policy.Documents{Resource: trust}); got.Effect != c.want {
			t.Errorf("Principal %s, caller %s (%s:%s): got %v, want %v", c.value, c.caller.ARN, c.caller.ID, c.caller.Session, got.Effect, c.want)
		}
	}
}
