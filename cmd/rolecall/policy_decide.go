package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rolecall.dev/rolecall/internal/conformance"
	"rolecall.dev/rolecall/policy"
)

// requestDenied is the exit code for a request that the policies deny.
const requestDenied exitCode = 3

// question is what policy decide is asked on the command line.
type question struct {
	identity, session, scps, rcps        []string // files
	resourcePolicy, boundary, endpoint   string   // files
	principal, action, resource, account string
	context                              []string // key=value
}

func (p *program) policyDecideCommand() *cobra.Command {
	var q question
	var asJSON bool
	c := &cobra.Command{
		Use:   "decide [CASE.json]",
		Short: "Decide one request and give the reasons",
		Long: `Decide one request and give the reasons: for every policy that is consulted, what each statement says and what keeps it from
applying. The request and its policies come from a file in the form of the cases of "policy test" (id and want may be left out;
"-" is standard input), or from the flags. Without a server, and so without what a server adds to a request: every condition key
is given with --context, except aws:PrincipalArn, aws:PrincipalAccount and aws:username, which the principal gives.

Exit codes: 0 the request is allowed; 3 it is denied; 1 something is not understood, or the answer is not what the case wants;
2 the command line was not understood.`,
		Args: func(c *cobra.Command, args []string) error { return q.check(c, args) },
		RunE: func(_ *cobra.Command, args []string) error { return p.policyDecide(&q, args, asJSON) },
	}
	f := c.Flags()
	f.StringVar(&q.principal, "principal", "", "the caller: an ARN of a user, role, session or root user, a service (ec2.amazonaws.com), an identity provider, or \"anonymous\"")
	f.StringVar(&q.action, "action", "", "what is asked, such as s3:GetObject")
	f.StringVar(&q.resource, "resource", "*", "the ARN of what it is asked of")
	f.StringVar(&q.account, "resource-account", "", "the account of the resource (default: that of its ARN, or else the principal's)")
	f.StringArrayVar(&q.context, "context", nil, "a condition key with a value, `KEY=VALUE`; may be repeated, also for one key")
	f.StringArrayVar(&q.identity, "identity", nil, "an identity policy, `FILE`; may be repeated")
	f.StringVar(&q.resourcePolicy, "resource-policy", "", "the resource's policy, `FILE`; for actions of STS the role's trust policy")
	f.StringVar(&q.boundary, "boundary", "", "the permissions boundary, `FILE`")
	f.StringArrayVar(&q.session, "session", nil, "a session policy, `FILE`; may be repeated")
	f.StringArrayVar(&q.scps, "scp", nil, "a service control policy, `FILE`; may be repeated, one for each level, root first")
	f.StringArrayVar(&q.rcps, "rcp", nil, "a resource control policy, `FILE`; the same")
	f.StringVar(&q.endpoint, "endpoint", "", "an endpoint's policy, `FILE`")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// check wants a file or the flags, not both.
func (q *question) check(c *cobra.Command, args []string) error {
	given, empty := 0, ""
	for _, name := range []string{"principal", "action", "resource", "resource-account", "context", "identity", "resource-policy", "boundary", "session", "scp", "rcp", "endpoint"} {
		flag := c.Flags().Lookup(name)
		if flag.Changed {
			given++
		}
		if flag.Changed && isEmpty(flag.Value) {
			empty = name
		}
	}
	switch {
	case len(args) > 1:
		return usageError{fmt.Errorf("unexpected argument %q", args[1])}
	case len(args) == 1 && given > 0:
		return usageError{errors.New("give a case file or flags, not both")}
	case empty != "":
		return usageError{fmt.Errorf("--%s has no value", empty)}
	case len(args) == 0 && (q.principal == "" || q.action == ""):
		return usageError{errors.New("decide what? give a case file, or --principal and --action")}
	}
	return nil
}

// isEmpty reports whether a flag was given "", as by a shell variable that is
// not set: a policy that is passed over could be the one that denies.
func isEmpty(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		return slices.Contains(list.GetSlice(), "")
	}
	return v.String() == ""
}

func (p *program) policyDecide(q *question, args []string, asJSON bool) error {
	var r *report
	var err error
	if len(args) == 1 {
		r, err = p.decideCase(args[0])
	} else {
		r, err = p.decideFlags(q)
	}
	if err != nil {
		return err
	}
	if asJSON {
		err = p.printJSON(r.json())
	} else {
		r.print(p.stdout)
	}
	switch {
	case err != nil:
		return err
	case r.want != "" && r.want != r.explanation.Decision.Effect.String():
		return fmt.Errorf("the case wants %s", r.want)
	case !r.explanation.Decision.Allowed():
		return requestDenied
	}
	return nil
}

func (p *program) decideCase(file string) (*report, error) {
	in, err := p.open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	c, err := conformance.ReadQuestion(file, in)
	if err != nil {
		return nil, err
	}
	req, docs, err := c.Compile(nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, describe(err))
	}
	return &report{request: req, explanation: policy.Explain(req, docs), want: c.Want}, nil
}

// describe adds the place to an error about a policy.
func describe(err error) error {
	var e *policy.Error
	if errors.As(err, &e) {
		return errors.New(e.Describe())
	}
	return err
}

func (p *program) decideFlags(q *question) (*report, error) {
	req, err := q.request()
	if err != nil {
		return nil, usageError{err}
	}
	d := documents{program: p, names: map[*policy.Policy]string{}}
	resource := policy.Resource
	if strings.HasPrefix(strings.ToLower(q.action), "sts:") {
		resource = policy.Trust
	}
	docs := &policy.Documents{
		Identity: d.list(policy.Identity, q.identity),
		Boundary: d.one(policy.Boundary, q.boundary),
		Session:  d.list(policy.Session, q.session),
		Resource: d.one(resource, q.resourcePolicy),
		SCPs:     d.levels(policy.SCP, q.scps),
		RCPs:     d.levels(policy.RCP, q.rcps),
		Endpoint: d.one(policy.Endpoint, q.endpoint),
	}
	if d.err != nil {
		return nil, d.err
	}
	return &report{request: req, explanation: policy.Explain(req, docs), names: d.names}, nil
}

// documents reads policies from files and keeps the first error.
type documents struct {
	program *program
	names   map[*policy.Policy]string
	err     error
}

func (d *documents) one(kind policy.Kind, file string) *policy.Policy {
	if file == "" || d.err != nil {
		return nil
	}
	text, err := d.program.readFile(file)
	if err != nil {
		d.err = err
		return nil
	}
	parsed, err := policy.Parse(kind, text)
	if err != nil {
		d.err = fmt.Errorf("%s:%w", file, describe(err))
		return nil
	}
	d.names[parsed] = file
	return parsed
}

func (d *documents) list(kind policy.Kind, files []string) []*policy.Policy {
	var list []*policy.Policy
	for _, file := range files {
		list = append(list, d.one(kind, file))
	}
	return list
}

func (d *documents) levels(kind policy.Kind, files []string) [][]*policy.Policy {
	var levels [][]*policy.Policy
	for _, file := range files {
		levels = append(levels, []*policy.Policy{d.one(kind, file)})
	}
	return levels
}
