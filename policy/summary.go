package policy

import (
	"strconv"
	"strings"
)

// summarize puts the decision into one sentence: who allowed or denied, or the
// smallest thing that is missing.
func (x *Explanation) summarize(req *Request) string {
	d := x.Decision
	switch {
	case d.Effect == Allow && d.By == 0:
		return req.Action + " needs no permission for this caller"
	case d.Effect == Allow:
		return "the " + d.By.called() + " allows " + subject(req) + x.where(d.By, Allow)
	case d.Effect == ExplicitDeny:
		return "the " + d.By.called() + " denies " + subject(req) + x.where(d.By, ExplicitDeny)
	}
	text, _ := x.missing(req, d.By)
	if d.By != Identity {
		return text
	}
	// Within an account the resource's policy could have granted, too.
	for _, kind := range []Kind{Resource, Trust} {
		if also, near := x.missing(req, kind); near && x.nearest(kind).Condition != nil {
			return text + ", and " + also
		}
	}
	return text
}

// called is the kind as a summary names it.
func (k Kind) called() string {
	if k == Trust {
		return "trust policy"
	}
	return k.describe()
}

func subject(req *Request) string { return req.Action + " on " + req.Resource }

// where names the first statement of a kind with an effect that applied.
func (x *Explanation) where(kind Kind, effect Effect) string {
	for _, p := range x.Policies {
		if p.Kind != kind {
			continue
		}
		for _, s := range p.Statements {
			if s.Applies && s.Effect == effect {
				return " in statement " + s.label()
			}
		}
	}
	return ""
}

// label is the Sid, or else the statement's number, counted from 1.
func (s *StatementTrace) label() string {
	if s.Sid != "" {
		return strconv.Quote(s.Sid)
	}
	return strconv.Itoa(s.Index+1) + " at line " + strconv.Itoa(s.Line)
}

// missing says what a kind of policy lacks to allow the request. near reports
// whether one of its statements fails by nothing but a condition or by its
// Principal.
func (x *Explanation) missing(req *Request, kind Kind) (text string, near bool) {
	s := x.nearest(kind)
	switch {
	case s == nil:
		return x.lacking(req, kind), false
	case s.Condition == nil:
		return "the " + kind.called() + " does not name " + req.Principal.describe() + x.purpose(req, kind), true
	}
	return "the " + kind.called() + " requires " + s.Condition.wants(x.purpose(req, kind)) + ", the request has " + s.Condition.has(), true
}

// purpose is what a requirement is for. For a trust policy it goes without
// saying.
func (x *Explanation) purpose(req *Request, kind Kind) string {
	if kind == Trust && strings.HasPrefix(strings.ToLower(req.Action), "sts:assumerole") {
		return ""
	}
	return " for " + subject(req)
}

// lacking is for a kind of which no statement is near.
func (x *Explanation) lacking(req *Request, kind Kind) string {
	level, consulted := x.silent(kind)
	switch {
	case kind == SCP && consulted:
		return "no service control policy at level " + strconv.Itoa(level+1) + " allows " + subject(req)
	case consulted && (kind == Trust || kind == Boundary || kind == Resource || kind == Endpoint):
		return "the " + kind.called() + " does not allow " + subject(req)
	}
	return "no " + kind.called() + " allows " + subject(req)
}

// silent is the first level on which no policy of the kind allows, and whether
// any policy of the kind was consulted there.
func (x *Explanation) silent(kind Kind) (level int, consulted bool) {
	allowed := false
	for i := range x.Policies {
		p := &x.Policies[i]
		if p.Kind != kind {
			continue
		}
		if consulted && p.Level != level && !allowed {
			return level, true
		}
		if p.Level != level {
			allowed = false
		}
		level, consulted, allowed = p.Level, true, allowed || p.Allows
	}
	return level, consulted
}

// nearest is the Allow of a kind that came closest: one that failed by nothing
// but a condition, or else by its Principal. It is nil if there is none, and
// for a level of control policies on which another statement allows.
func (x *Explanation) nearest(kind Kind) *StatementTrace {
	level, _ := x.silent(kind)
	var best *StatementTrace
	for i := range x.Policies {
		p := &x.Policies[i]
		if p.Kind != kind || p.Level != level {
			continue
		}
		for j := range p.Statements {
			s := &p.Statements[j]
			switch {
			case s.Effect != Allow:
			case s.Condition != nil:
				return s
			case best == nil && s.Failed == elementNames[principalElement]:
				best = s
			}
		}
	}
	return best
}

// describe is the caller as a summary names it.
func (c *Principal) describe() string {
	if c.Type == Anonymous || c.ARN == "" {
		return "anonymous callers"
	}
	return c.ARN
}

// wants says what the condition asks for. Of a key that the request lacks its
// name says enough.
func (c *ConditionTrace) wants(purpose string) string {
	if !c.Present {
		return c.Key + purpose
	}
	op, _ := parseOperator(c.Operator)
	key := c.Key
	switch op.quantifier {
	case forAllValues:
		key = "every " + key
	case forAnyValue:
		key = "one " + key
	}
	if op.family == nullFamily {
		return "no " + key + purpose
	}
	return key + op.verb() + strings.Join(c.Wanted, " or ") + purpose
}

func (c *ConditionTrace) has() string {
	if !c.Present {
		return "none"
	}
	return strings.Join(c.Actual, ", ")
}

// verb joins a key and the values an operator compares it with.
func (op operator) verb() string {
	relations := map[relation]string{less: "less than ", lessOrEqual: "at most ", greater: "more than ", greaterOrEqual: "at least "}
	if op.family == dateFamily {
		relations = map[relation]string{less: "before ", lessOrEqual: "at or before ", greater: "after ", greaterOrEqual: "at or after "}
	}
	verb := " to be "
	if op.negated {
		verb = " not to be "
	}
	switch op.family {
	case likeFamily, arnFamily:
		return verb + "like "
	case addressFamily:
		return verb + "in "
	}
	return verb + relations[op.relation]
}
