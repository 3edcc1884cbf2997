package policy_test

import (
	"errors"
	"fmt"

	"rolecall.dev/rolecall/policy"
)

func ExampleAuthorize() {
	reader, err := policy.Parse(policy.Identity, `{
		"Version": "2012-10-17",
		"Statement": [
			{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::home/${aws:username}/*"},
			{"Effect": "Deny", "Action": "*", "Resource": "*",
			 "Condition": {"Bool": {"aws:SecureTransport": false}}}
		]
	}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	docs := &policy.Documents{Identity: []*policy.Policy{reader}}
	ask := func(object, tls string) policy.Decision {
		return policy.Authorize(&policy.Request{
			Principal: policy.Principal{
				Type:    policy.User,
				ARN:     "arn:aws:iam::111122223333:user/alice",
				Account: "111122223333",
			},
			Action:          "s3:GetObject",
			Resource:        "arn:aws:s3:::home/" + object,
			ResourceAccount: "111122223333",
			Context: policy.MakeValues(map[string][]string{
				"aws:username":        {"alice"},
				"aws:SecureTransport": {tls},
			}),
		}, docs)
	}
	fmt.Println(ask("alice/notes.txt", "true").Effect)
	fmt.Println(ask("bob/notes.txt", "true").Message("s3:GetObject"))
	fmt.Println(ask("alice/notes.txt", "false").Message("s3:GetObject"))
	// Output:
	// allow
	// because no identity-based policy allows the s3:GetObject action
	// with an explicit deny in an identity-based policy
}

func ExampleExplain() {
	trust, err := policy.Parse(policy.Trust, `{
		"Version": "2012-10-17",
		"Statement": {
			"Sid": "Partner", "Effect": "Allow", "Action": "sts:AssumeRole",
			"Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
			"Condition": {"StringEquals": {"sts:ExternalId": "x-17"}}
		}
	}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	x := policy.Explain(&policy.Request{
		Principal: policy.Principal{
			Type:    policy.User,
			ARN:     "arn:aws:iam::111122223333:user/alice",
			Account: "111122223333",
		},
		Action:          "sts:AssumeRole",
		Resource:        "arn:aws:iam::111122223333:role/contractor",
		ResourceAccount: "111122223333",
	}, &policy.Documents{Resource: trust})
	fmt.Println(x.Decision.Effect)
	for _, s := range x.Policies[0].Statements {
		fmt.Println(s.Sid, "fails by", s.Failed, "on", s.Condition.Key, "wants", s.Condition.Wanted, "has", s.Condition.Actual)
	}
	// Output:
	// implicit_deny
	// Partner fails by Condition on sts:ExternalId wants [x-17] has []
}

func ExampleParse() {
	_, err := policy.Parse(policy.Identity, `{
		"Version": "2012-10-17",
		"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "my-bucket"}
	}`)
	var e *policy.Error
	if errors.As(err, &e) {
		fmt.Println(e)
		fmt.Println(e.Describe())
	}
	// Output:
	// Resource my-bucket must be in ARN format or "*".
	// 3:66: Statement[0]: Resource my-bucket must be in ARN format or "*".
}

func ExampleMapPrincipals() {
	stored, err := policy.MapPrincipals(`{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}}}`,
		func(kind, value string) (string, error) {
			return "AIDAEXAMPLEEXAMPLE123", nil
		})
	fmt.Println(stored, err)
	// Output:
	// {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
	//   "Principal": {"AWS": "AIDAEXAMPLEEXAMPLE123"}}} <nil>
}
