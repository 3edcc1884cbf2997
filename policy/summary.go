package policy

import (
	"strconv"
	"strings"
)

// summarize puts the decision into one sentence.
func (x *Explanation) summarize(req *Request) string {
	d := x.Decision
	switch {
	case d.Effect == Allow && d.By == 0:
		return req.Action + " needs no permission for this caller"
	case d.Effect == Allow:
		return "the " + d.By.describe() + " allows " + subject(req) + x.where(d.By, Allow)
	case d.Effect == ExplicitDeny:
		return "the " + d.By.describe() + " denies " + subject(req) + x.where(d.By, ExplicitDeny)
	}
	if near := x.nearest(d.By); near != nil {
		return "no " + d.By.describe() + " allows " + subject(req) + ": " + near.sentence()
	}
	return "no " + d.By.describe() + " allows " + subject(req)
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

func (s *StatementTrace) label() string {
	if s.Sid != "" {
		return strconv.Quote(s.Sid)
	}
	return strconv.Itoa(s.Index) + " at line " + strconv.Itoa(s.Line)
}

// nearest is the Allow of a kind that came closest: one that failed by nothing
// but a condition, or else by its Principal.
func (x *Explanation) nearest(kind Kind) *StatementTrace {
	var best *StatementTrace
	for i := range x.Policies {
		if x.Policies[i].Kind != kind {
			continue
		}
		for j := range x.Policies[i].Statements {
			s := &x.Policies[i].Statements[j]
			if s.Effect != Allow {
				continue
			}
			if s.Condition != nil {
				return s
			}
			if best == nil && s.Failed == elementNames[principalElement] {
				best = s
			}
		}
	}
	return best
}

// sentence says what kept the statement from applying.
func (s *StatementTrace) sentence() string {
	c := s.Condition
	if c == nil {
		return "statement " + s.label() + " does not name the caller as its " + s.Failed
	}
	text := "statement " + s.label() + " requires " + c.Key + " (" + c.Operator + " " + strings.Join(c.Wanted, " or ") + "), the request has "
	if !c.Present {
		return text + "none"
	}
	return text + strings.Join(c.Actual, ", ")
}
