package findings

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/policy"
)

// TestWorkIsBounded holds documents that are made to be slow to judge to the
// bound on work, and sees that their error is found all the same.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	many := func(value string, n int) string {
		return "[" + strings.Repeat(`"`+value+`",`, n-1) + `"` + value + `"]`
	}
	for name, members := range map[string]string{
		"unknown actions":   `"Action": ` + many("ec2:DescribeInstancesStatuses", 30_000) + `, "Resource": "*"`,
		"patterns":          `"Action": ` + many("ec2:*e*e*e*", 30_000) + `, "Resource": "*"`,
		"resources":         `"Action": "s3:*", "Resource": ` + many("arn:aws:s3:::"+strings.Repeat("*a", 1000), 400),
		"pairs":             `"Action": ` + many("ec2:*e*", 400) + `, "Resource": ` + many("arn:aws:ec2:us-east-1:111122223333:nothing/"+strings.Repeat("a?", 100), 400),
		"one long resource": `"Action": "s3:*", "Resource": "arn:aws:s3:::` + strings.Repeat("*a", 900_000) + `"`,
	} {
		v := validator{kind: policy.Identity, document: `{"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps", ` + members + `}]}`}
		v.run()
		if v.work <= maxWork {
			t.Errorf("%s: %d units of work, too few to try the bound", name, v.work)
		}
		if !v.hasError() {
			t.Errorf("%s: no error was found", name)
		}
	}
}
