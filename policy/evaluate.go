package policy

import "strings"

// evaluation is a request made ready: what every statement compares with. It
// lives on the stack of a decision.
type evaluation struct {
	req     *Request
	ctx     Context
	parts   arnParts        // of the resource
	divided bool            // the resource is an ARN, so parts is set
	bounded bool            // the caller has a permissions boundary
	lower   [maxAction]byte // the action in lower case
	length  int             // of the action
	colon   int             // where it stands in the action
}

// action is the action in lower case. (A slice kept in e would move e to the
// heap.)
func (e *evaluation) action() []byte { return e.lower[:e.length] }

// verdict is what a policy says to a request.
type verdict struct {
	allow level // the names by which Allow statements mean the caller
	deny  bool
}

// noContext is the Context of a request without one.
type noContext struct{}

func (noContext) Lookup(string) ([]string, bool) { return nil, false }

// begin makes a request ready. It reports false for one that cannot be decided
// on: no caller, no action, or a resource that is neither an ARN nor "*".
func (e *evaluation) begin(req *Request, docs *Documents) bool {
	e.req, e.ctx = req, req.Context
	if e.ctx == nil {
		e.ctx = noContext{}
	}
	e.bounded = docs.Boundary != nil
	if t := req.Principal.Type; t < User || t > Anonymous {
		return false
	}
	e.length, e.colon = len(req.Action), strings.IndexByte(req.Action, ':')
	if e.length > len(e.lower) || e.colon <= 0 {
		return false
	}
	lower := e.action()
	for i := range lower {
		c := req.Action[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	e.divided = e.parts.split(req.Resource)
	return e.divided || req.Resource == "*"
}

// run asks p. A nil policy says nothing.
func (p *Policy) run(e *evaluation) verdict {
	if p == nil {
		return verdict{}
	}
	return p.ask(e)
}

func (p *Policy) ask(e *evaluation) (v verdict) {
	if p.index != nil {
		p.runIndexed(e, &v)
		return v
	}
	for i := range p.statements {
		p.runStatement(&p.statements[i], e, &v)
	}
	return v
}

// runStatement adds what a statement says to v, unless v has it: by a second
// Allow that names nobody nothing changes.
func (p *Policy) runStatement(s *statement, e *evaluation, v *verdict) {
	if !s.deny && v.allow != 0 && s.principals == nil {
		return
	}
	by, _ := p.apply(s, e)
	if s.deny {
		v.deny = v.deny || by != 0
	} else {
		v.allow |= by
	}
}

func (p *Policy) runIndexed(e *evaluation, v *verdict) {
	p.runBucket(&p.index.others, e, v)
	p.runBucket(p.index.actions[string(e.action())], e, v)
	p.runBucket(p.index.services[string(e.lower[:e.colon])], e, v)
}

func (p *Policy) runBucket(b *bucket, e *evaluation, v *verdict) {
	if b == nil {
		return
	}
	for _, i := range b.others {
		p.runStatement(&p.statements[i], e, v)
	}
	resource := e.req.Resource
	for _, n := range b.lengths {
		if n > len(resource) {
			return
		}
		for _, i := range b.starts[resource[:n]] {
			p.runStatement(&p.statements[i], e, v)
		}
	}
}
