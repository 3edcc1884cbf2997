package policy

// Explanation is a Decision with its reasons.
type Explanation struct {
	Decision Decision

	// Summary is one sentence: who denied, or the smallest thing that is
	// missing, or who allowed.
	Summary string

	// Policies has an entry for every policy that was consulted, kind by kind.
	// It is empty when the action needs no permission, and for a request that
	// is not well formed.
	Policies []PolicyTrace
}

// PolicyTrace is what one policy said.
type PolicyTrace struct {
	Policy *Policy
	Kind   Kind // the part it played: that of the field of Documents
	Level  int  // for control policies, the level it hangs on, root first
	Index  int  // among the policies of its kind and level

	// Allows and Denies report whether a statement of that effect applied.
	Allows, Denies bool

	Statements []StatementTrace
}

// StatementTrace is how one statement compared with the request.
type StatementTrace struct {
	Index        int
	Sid          string
	Effect       Effect // Allow or ExplicitDeny
	Line, Column int    // in the policy's document, from 1
	Applies      bool

	// Failed is the first element that did not match: "Action", "Resource",
	// "Principal" or "Condition"; "" if the statement applies.
	Failed string

	// Condition is the condition that did not hold, if that is what failed.
	Condition *ConditionTrace
}

// ConditionTrace is one condition beside what the request has.
type ConditionTrace struct {
	Operator string
	Key      string   // as the policy writes it
	Wanted   []string // the policy's values, variables not replaced
	Actual   []string // the request's values
	Present  bool     // whether the request has the key

	// Unreadable is set if a value of the request cannot be compared by this
	// operator, so that the condition neither holds nor fails.
	Unreadable bool
}

var elementNames = [...]string{"Action", "Resource", "Principal", "Condition", ""}

// Explain decides as Authorize does and gives the reasons. It looks at the same
// compiled statements once more, so it costs more than deciding and allocates.
func Explain(req *Request, docs *Documents) *Explanation {
	if docs == nil {
		docs = &Documents{}
	}
	x := &Explanation{Decision: Authorize(req, docs)}
	var e evaluation
	switch {
	case needsNoPermission(req):
	case !e.begin(req, docs):
		x.Summary = "the request has no caller, no action or no resource that can be decided on"
		return x
	default:
		x.traceAll(&e, docs)
	}
	x.Summary = x.summarize(req)
	return x
}

// traceAll follows the order in which findings.collect asks.
func (x *Explanation) traceAll(e *evaluation, docs *Documents) {
	if !serviceLinked(&e.req.Principal) {
		for level, policies := range docs.SCPs {
			x.traceList(e, SCP, level, policies)
		}
		for level, policies := range docs.RCPs {
			x.traceList(e, RCP, level, policies)
		}
	}
	x.traceList(e, Endpoint, 0, []*Policy{docs.Endpoint})
	x.traceList(e, docs.resourceKind(), 0, []*Policy{docs.Resource})
	x.traceList(e, Identity, 0, docs.Identity)
	x.traceList(e, Boundary, 0, []*Policy{docs.Boundary})
	x.traceList(e, Session, 0, docs.Session)
}

func (x *Explanation) traceList(e *evaluation, kind Kind, level int, policies []*Policy) {
	for i, p := range policies {
		if p == nil {
			continue
		}
		t := PolicyTrace{Policy: p, Kind: kind, Level: level, Index: i}
		for j := range p.statements {
			s := p.trace(&p.statements[j], e)
			s.Index = j
			s.Line, s.Column = position(p.document, int(p.statements[j].pos))
			t.Allows = t.Allows || s.Applies && s.Effect == Allow
			t.Denies = t.Denies || s.Applies && s.Effect == ExplicitDeny
			t.Statements = append(t.Statements, s)
		}
		x.Policies = append(x.Policies, t)
	}
}

func (p *Policy) trace(s *statement, e *evaluation) StatementTrace {
	t := StatementTrace{Sid: s.sid(p.document), Effect: Allow}
	if s.deny {
		t.Effect = ExplicitDeny
	}
	by, failed := p.apply(s, e)
	t.Applies, t.Failed = by != 0, elementNames[failed]
	if failed == conditionElement {
		t.Condition = p.failedCondition(s, e)
	}
	return t
}

// failedCondition is the first condition that keeps the statement from
// applying.
func (p *Policy) failedCondition(s *statement, e *evaluation) *ConditionTrace {
	conditions := of(p.conditions, s.conditions)
	for i := range conditions {
		c := &conditions[i]
		o := p.eval(c, e.ctx)
		if s.accepts(o) {
			continue
		}
		actual, _ := e.ctx.Lookup(p.text(c.key))
		t := &ConditionTrace{Actual: actual, Present: len(actual) > 0, Unreadable: o == bad}
		t.Operator, t.Key, t.Wanted = c.source(p.document)
		return t
	}
	return nil
}

// sid reads the statement's Sid from the document it was compiled from.
func (s *statement) sid(document string) string {
	r := reader{text: document, pos: int(s.pos)}
	n, _ := r.value()
	if sid := n.member("Sid"); sid != nil {
		return sid.text
	}
	return ""
}

// source reads a condition from the document it was compiled from, which is
// known to be well formed.
func (c *condition) source(document string) (name, label string, wanted []string) {
	r := reader{text: document, pos: int(c.nameAt)}
	name, _ = r.str()
	r.pos = int(c.labelAt)
	n, _ := r.item(true, &nameSet{}, nil)
	list := n.items
	if n.kind != arrayNode {
		list = []node{n}
	}
	for i := range list {
		wanted = append(wanted, list[i].text)
	}
	return name, n.name, wanted
}
