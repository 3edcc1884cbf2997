package conformance

import (
	"encoding/json"
	"fmt"
	"strings"

	"rolecall.dev/rolecall/policy"
)

// Result is what came of a case.
type Result struct {
	Case *Case
	Got  string // in the words of Case.Want, or the error that stopped the case
}

// Passed reports whether the case came out as documented.
func (r Result) Passed() bool { return r.Got == r.Case.Want }

// String tells what failed, with input, got and want.
func (r Result) String() string {
	s := fmt.Sprintf("%s: got %s, want %s", r.Case.ID, r.Got, r.Case.Want)
	for _, more := range []string{r.Case.Note, r.Case.Reason} {
		if more != "" {
			s += "; " + more
		}
	}
	return s
}

// Run decides a case.
func Run(c *Case) Result {
	if c.Group == "validate" {
		return Result{c, c.validate()}
	}
	req, docs, err := c.Compile(nil)
	if err != nil {
		return Result{c, err.Error()}
	}
	return Result{c, policy.Authorize(req, docs).Effect.String()}
}

// RunAll runs every case and hands its result to each, in order. It returns how
// many passed and failed.
func RunAll(cases []Case, each func(Result)) (passed, failed int) {
	for i := range cases {
		r := Run(&cases[i])
		if r.Passed() {
			passed++
		} else {
			failed++
		}
		if each != nil {
			each(r)
		}
	}
	return passed, failed
}

func (c *Case) validate() string {
	kind, _ := policy.ParseKind(c.Kind)
	text := string(c.Policy)
	if c.Text != nil {
		text = *c.Text
	}
	if _, err := policy.Parse(kind, text); err != nil {
		return "invalid"
	}
	return "valid"
}

// Compile turns a decision case into what policy.Authorize takes. Each document
// goes through edit first, unless edit is nil.
func (c *Case) Compile(edit func(document string) string) (*policy.Request, *policy.Documents, error) {
	if err := c.Request.checkContext(); err != nil {
		return nil, nil, err
	}
	k := compiler{edit: edit}
	resource := policy.Resource
	if strings.HasPrefix(strings.ToLower(c.Request.Action), "sts:") {
		resource = policy.Trust
	}
	p := c.Policies
	docs := &policy.Documents{
		Identity: k.list(policy.Identity, p.Identity),
		Boundary: k.one(policy.Boundary, p.Boundary),
		Session:  k.list(policy.Session, p.Session),
		Resource: k.one(resource, p.Resource),
		SCPs:     k.levels(policy.SCP, p.SCPs),
		RCPs:     k.levels(policy.RCP, p.RCPs),
		Endpoint: k.one(policy.Endpoint, p.Endpoint),
	}
	return c.Request.compile(), docs, k.err
}

// checkContext refuses keys that differ by case only: they are one key, and
// which of the values counts would be chance.
func (r *Request) checkContext() error {
	seen := map[string]bool{}
	for key := range r.Context {
		lower := strings.ToLower(key)
		if seen[lower] {
			return fmt.Errorf("context key %q comes twice", lower)
		}
		seen[lower] = true
	}
	return nil
}

func (r *Request) compile() *policy.Request {
	kind, _ := policy.ParsePrincipalType(r.Principal.Type)
	return &policy.Request{
		Principal: policy.Principal{
			Type:    kind,
			ARN:     r.Principal.ARN,
			Account: r.Principal.Account,
			Role:    r.Principal.Role,
			User:    r.Principal.User,
		},
		Action:          r.Action,
		Resource:        r.Resource,
		ResourceAccount: r.ResourceAccount,
		Context:         policy.MakeValues(r.Context),
	}
}

// compiler parses documents and keeps the first error.
type compiler struct {
	edit func(string) string
	err  error
}

func (k *compiler) one(kind policy.Kind, raw json.RawMessage) *policy.Policy {
	if raw == nil || k.err != nil {
		return nil
	}
	document := string(raw)
	if k.edit != nil {
		document = k.edit(document)
	}
	p, err := policy.Parse(kind, document)
	if err != nil {
		k.err = fmt.Errorf("%s policy: %w", kind, err)
	}
	return p
}

func (k *compiler) list(kind policy.Kind, raw []json.RawMessage) []*policy.Policy {
	var list []*policy.Policy
	for _, r := range raw {
		list = append(list, k.one(kind, r))
	}
	return list
}

func (k *compiler) levels(kind policy.Kind, raw [][]json.RawMessage) [][]*policy.Policy {
	var levels [][]*policy.Policy
	for _, r := range raw {
		levels = append(levels, k.list(kind, r))
	}
	return levels
}
