package bench

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/cedar-policy/cedar-go"
	minio "github.com/minio/pkg/v3/policy"

	"rolecall.dev/rolecall/policy"
)

// Decider decides one prepared request by one compiled policy.
type Decider func() bool

// Engine is one implementation: it compiles a Case's policy and returns what
// prepares requests for it.
type Engine struct {
	Name    string
	Compile func(Case) (func(Request) Decider, error)
}

// Engines are ours, first, and the others.
func Engines() []Engine {
	return []Engine{{"rolecall", rolecall}, {"minio", minioPkg}, {"cedar", cedarGo}}
}

// Alike reports, as an error, the first request of c that some engine decides
// otherwise than c says.
func Alike(c Case) error {
	for _, e := range Engines() {
		prepare, err := e.Compile(c)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", c.Name, e.Name, err)
		}
		if !prepare(c.Allowed)() {
			return fmt.Errorf("%s: %s denies %+v", c.Name, e.Name, c.Allowed)
		}
		for _, r := range c.Denied {
			if prepare(r)() {
				return fmt.Errorf("%s: %s allows %+v", c.Name, e.Name, r)
			}
		}
	}
	return nil
}

func rolecall(c Case) (func(Request) Decider, error) {
	compiled, err := policy.Parse(policy.Identity, c.Document)
	if err != nil {
		return nil, err
	}
	docs := &policy.Documents{Identity: []*policy.Policy{compiled}}
	return func(r Request) Decider {
		req := ourRequest(r)
		return func() bool { return policy.Authorize(req, docs).Allowed() }
	}, nil
}

func ourRequest(r Request) *policy.Request {
	const account = "111122223333"
	user := "arn:aws:iam::" + account + ":user/" + r.User
	return &policy.Request{
		Principal:       policy.Principal{Type: policy.User, ARN: user, Account: account},
		Action:          r.Action,
		Resource:        "arn:aws:s3:::" + r.Bucket + "/" + r.Object,
		ResourceAccount: account,
		Context: policy.MakeValues(map[string][]string{
			"aws:username":        {r.User},
			"aws:SourceIp":        {r.SourceIP},
			"aws:SecureTransport": {strconv.FormatBool(r.Secure)},
			"aws:CurrentTime":     {"2024-05-05T05:05:05Z"},
			"aws:PrincipalArn":    {user},
		}),
	}
}

func minioPkg(c Case) (func(Request) Decider, error) {
	compiled, err := minio.ParseConfig(strings.NewReader(c.Document))
	if err != nil {
		return nil, err
	}
	return func(r Request) Decider {
		args := minio.Args{
			AccountName: r.User, Action: minio.Action(r.Action), BucketName: r.Bucket, ObjectName: r.Object,
			ConditionValues: map[string][]string{
				"username":        {r.User},
				"SourceIp":        {r.SourceIP},
				"SecureTransport": {strconv.FormatBool(r.Secure)},
				"CurrentTime":     {"2024-05-05T05:05:05Z"},
			},
		}
		return func() bool { return compiled.IsAllowed(args) }
	}, nil
}

func cedarGo(c Case) (func(Request) Decider, error) {
	compiled, err := cedar.NewPolicySetFromBytes("case.cedar", []byte(c.Cedar))
	if err != nil {
		return nil, err
	}
	return func(r Request) Decider {
		req, entities := cedarRequest(r)
		return func() bool {
			decision, _ := cedar.Authorize(compiled, entities, req)
			return decision == cedar.Allow
		}
	}, nil
}

// cedarRequest puts what our language reads from names into attributes, and the
// patterns that cover an action into its parents: Cedar's own ways.
func cedarRequest(r Request) (cedar.Request, cedar.EntityMap) {
	user := cedar.NewEntityUID("User", cedar.String(r.User))
	action := cedar.NewEntityUID("Action", cedar.String(r.Action))
	object := cedar.NewEntityUID("Object", cedar.String(r.Bucket+"/"+r.Object))
	var covering []cedar.EntityUID
	for _, pattern := range []string{"Get", "Put", "List"} {
		if strings.HasPrefix(r.Action, "s3:"+pattern) {
			covering = append(covering, cedar.NewEntityUID("Action", cedar.String("s3:"+pattern+"*")))
		}
	}
	folder, _, _ := strings.Cut(r.Object, "/")
	entities := cedar.EntityMap{
		user:   {UID: user, Attributes: cedar.NewRecord(cedar.RecordMap{"name": cedar.String(r.User)})},
		action: {UID: action, Parents: cedar.NewEntityUIDSet(covering...)},
		object: {UID: object, Attributes: cedar.NewRecord(cedar.RecordMap{
			"name":   cedar.String(r.Bucket + "/" + r.Object),
			"bucket": cedar.String(r.Bucket),
			"folder": cedar.String(folder),
		})},
	}
	address := cedar.IPAddr(netip.PrefixFrom(netip.MustParseAddr(r.SourceIP), 32))
	return cedar.Request{
		Principal: user, Action: action, Resource: object,
		Context: cedar.NewRecord(cedar.RecordMap{"sourceIp": address, "secureTransport": cedar.Boolean(r.Secure)}),
	}, entities
}
