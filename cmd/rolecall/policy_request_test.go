package main

import (
	"testing"

	"rolecall.dev/rolecall/policy"
)

func TestCallerOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]policy.Principal{
		"anonymous":                            {Type: policy.Anonymous},
		"ec2.amazonaws.com":                    {Type: policy.Service, ARN: "ec2.amazonaws.com"},
		"accounts.google.com":                  {Type: policy.Federated, ARN: "accounts.google.com"},
		"cognito-identity.amazonaws.com":       {Type: policy.Federated, ARN: "cognito-identity.amazonaws.com"},
		"arn:aws:iam::111122223333:root":       {Type: policy.Root, ARN: "arn:aws:iam::111122223333:root", Account: "111122223333"},
		"arn:aws:iam::111122223333:user/p/bob": {Type: policy.User, ARN: "arn:aws:iam::111122223333:user/p/bob", Account: "111122223333"},
		"arn:aws:iam::111122223333:role/p/r": {
			Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/r/session", Account: "111122223333",
			Role: "arn:aws:iam::111122223333:role/p/r", Session: "session",
		},
		"arn:aws:sts::111122223333:assumed-role/r/s": {
			Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/r/s", Account: "111122223333",
			Role: "arn:aws:iam::111122223333:role/r", Session: "s",
		},
		"arn:aws:sts::111122223333:federated-user/f": {Type: policy.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/f", Account: "111122223333"},
		"arn:aws:iam::111122223333:saml-provider/i":  {Type: policy.Federated, ARN: "arn:aws:iam::111122223333:saml-provider/i", Account: "111122223333"},
	} {
		if got, err := callerOf(name); err != nil || got != want {
			t.Errorf("callerOf(%q) = %+v, %v, want %+v", name, got, err, want)
		}
	}
	for _, name := range []string{"", "bob", "*", "arn:aws:s3:::b", "arn:aws:iam::111122223333:group/g", "http://idp.example.com"} {
		if got, err := callerOf(name); err == nil {
			t.Errorf("callerOf(%q) = %+v", name, got)
		}
	}
}

func TestRequestOfFlags(t *testing.T) {
	t.Parallel()
	q := question{
		principal: "arn:aws:iam::111122223333:user/bob", action: "s3:GetObject", resource: "arn:aws:s3:::b/k",
		context: []string{"aws:TagKeys=a", "AWS:tagkeys=b", "k:x=1=2"},
	}
	req, err := q.request()
	if err != nil {
		t.Fatal(err)
	}
	if req.ResourceAccount != "111122223333" {
		t.Errorf("the resource's account is %q, want the caller's", req.ResourceAccount)
	}
	for key, want := range map[string]string{
		"aws:tagkeys": "a b", "k:x": "1=2", "aws:username": "bob",
		"aws:principalarn": q.principal, "aws:principalaccount": "111122223333",
	} {
		values, _ := req.Context.Lookup(key)
		got := ""
		for i, v := range values {
			if i > 0 {
				got += " "
			}
			got += v
		}
		if got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	q.resource = "arn:aws:sqs:eu-west-1:444455556666:q"
	if req, err = q.request(); err != nil || req.ResourceAccount != "444455556666" {
		t.Errorf("the account of %s is %q, %v", q.resource, req.ResourceAccount, err)
	}
}
