package bench

import (
	"fmt"
	"strings"
)

// Request is what every engine can be asked: a user wants to do something with
// an object of a bucket.
type Request struct {
	User     string
	Action   string // s3:GetObject
	Bucket   string
	Object   string
	SourceIP string
	Secure   bool
}

// Case is one policy in two languages, with a request that it allows by its
// last statement and requests that it denies.
type Case struct {
	Name     string
	Document string // in the language of AWS's Identity and Access Management
	Cedar    string // the same, as far as it concerns the requests
	Allowed  Request
	Denied   []Request
}

// Wildcards is a policy of n statements with wildcards in actions and resources,
// of which the last alone allows the request.
func Wildcards(n int) Case {
	statement := `{"Effect":"Allow","Action":["s3:Get*","s3:%s*"],"Resource":"arn:aws:s3:::%s/*"}`
	permit := `permit (principal, action in [Action::"s3:Get*", Action::"s3:%s*"], resource)` +
		` when { resource.name like "%s/*" };`
	var document, cedar []string
	for i := range n - 1 {
		bucket := fmt.Sprintf("bucket-%d/home", i)
		document = append(document, fmt.Sprintf(statement, "List", bucket))
		cedar = append(cedar, fmt.Sprintf(permit, "List", bucket))
	}
	document = append(document, fmt.Sprintf(statement, "Put", "data/reports"))
	cedar = append(cedar, fmt.Sprintf(permit, "Put", "data/reports"))
	c := Case{
		Name: fmt.Sprintf("wildcards/statements=%d", n), Document: join(document), Cedar: strings.Join(cedar, "\n"),
		Allowed: request("data", "reports/2024/05/data.json"),
		Denied:  []Request{request("data", "report/data.json"), request("other", "reports/data.json")},
	}
	c.Denied = append(c.Denied, c.Allowed)
	c.Denied[2].Action = "s3:DeleteObject"
	return c
}

// Conditions is a policy of n statements that all have the request's action, a
// variable in the resource and three conditions. The address lies in a range of
// the last statement only.
func Conditions(n int) Case {
	const statement = `{"Effect":"Allow","Action":["s3:Get*","s3:ListBucket"],"Resource":"arn:aws:s3:::data/${aws:username}/*",` +
		`"Condition":{"StringLike":{"aws:username":["x%d*","ali*"]},` +
		`"IpAddress":{"aws:SourceIp":["10.%d.0.0/16","%s"]},"Bool":{"aws:SecureTransport":"true"}}}`
	const permit = `permit (principal, action in [Action::"s3:Get*", Action::"s3:ListBucket"], resource) when {` +
		` resource.bucket == "data" && resource.folder == principal.name` +
		` && (principal.name like "x%d*" || principal.name like "ali*")` +
		` && (context.sourceIp.isInRange(ip("10.%d.0.0/16")) || context.sourceIp.isInRange(ip("%s")))` +
		` && context.secureTransport };`
	var document, cedar []string
	for i := range n {
		other := "192.0.2.0/24"
		if i == n-1 {
			other = "203.0.113.0/24"
		}
		document = append(document, fmt.Sprintf(statement, i, i, other))
		cedar = append(cedar, fmt.Sprintf(permit, i, i, other))
	}
	allowed := request("data", "alice/2024/05/data.json")
	bob, away, plain := allowed, allowed, allowed
	bob.User, away.SourceIP, plain.Secure = "bob", "198.51.100.7", false
	return Case{
		Name: fmt.Sprintf("conditions/statements=%d", n), Document: join(document), Cedar: strings.Join(cedar, "\n"),
		Allowed: allowed,
		Denied:  []Request{bob, away, plain, request("data", "carol/data.json")},
	}
}

// Cases are the policies of which we know how fast we want to be.
func Cases() []Case {
	return []Case{Wildcards(1), Wildcards(10), Wildcards(100), Conditions(10)}
}

// ManyActions is a document of n statements over 500 actions, each for a bucket
// of its own, of which the first allows the request of Wildcards.
func ManyActions(n int) string {
	list := []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::data/*"}`}
	for i := range n - 1 {
		action := "GetObject"
		if i%500 != 0 {
			action = fmt.Sprintf("Action%d", i%500)
		}
		list = append(list, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:%s","Resource":"arn:aws:s3:::bucket%d/*"}`, action, i))
	}
	return join(list)
}

// Distinct is c's document as the i-th of many policies has it: its own bucket,
// all else alike.
func Distinct(c Case, i int) string {
	return strings.ReplaceAll(c.Document, ":::data", fmt.Sprintf(":::data-%d", i))
}

func request(bucket, object string) Request {
	return Request{
		User: "alice", Action: "s3:GetObject", Bucket: bucket, Object: object,
		SourceIP: "203.0.113.7", Secure: true,
	}
}

func join(statements []string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}
