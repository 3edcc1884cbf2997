package main

import "rolecall.dev/rolecall/policy"

// jsonReport is a report as --json prints it.
type jsonReport struct {
	Decision string       `json:"decision"` // "allow", "implicit_deny", "explicit_deny"
	By       string       `json:"by"`       // the kind of policy that decided, or "none"
	Summary  string       `json:"summary"`
	Message  string       `json:"message,omitempty"` // the tail of AWS's AccessDenied message
	Policies []jsonPolicy `json:"policies"`
}

type jsonPolicy struct {
	Kind       string          `json:"kind"`
	Name       string          `json:"name,omitempty"` // the file
	Level      int             `json:"level"`
	Index      int             `json:"index"`
	Allows     bool            `json:"allows"`
	Denies     bool            `json:"denies"`
	Statements []jsonStatement `json:"statements"`
}

type jsonStatement struct {
	Index     int            `json:"index"`
	Sid       string         `json:"sid,omitempty"`
	Effect    string         `json:"effect"`
	Line      int            `json:"line"`
	Column    int            `json:"column"`
	Applies   bool           `json:"applies"`
	Failed    string         `json:"failed,omitempty"`
	Condition *jsonCondition `json:"condition,omitempty"`
}

type jsonCondition struct {
	Operator   string   `json:"operator"`
	Key        string   `json:"key"`
	Wanted     []string `json:"wanted"`
	Actual     []string `json:"actual"`
	Present    bool     `json:"present"`
	Unreadable bool     `json:"unreadable,omitempty"`
}

func (r *report) json() *jsonReport {
	x := r.explanation
	out := &jsonReport{
		Decision: x.Decision.Effect.String(),
		By:       x.Decision.By.String(),
		Summary:  x.Summary,
		Message:  x.Decision.Message(r.request.Action),
		Policies: []jsonPolicy{},
	}
	for _, t := range x.Policies {
		p := jsonPolicy{
			Kind: t.Kind.String(), Name: r.names[t.Policy], Level: t.Level, Index: t.Index,
			Allows: t.Allows, Denies: t.Denies, Statements: []jsonStatement{},
		}
		for i := range t.Statements {
			p.Statements = append(p.Statements, jsonStatementOf(&t.Statements[i]))
		}
		out.Policies = append(out.Policies, p)
	}
	return out
}

func jsonStatementOf(s *policy.StatementTrace) jsonStatement {
	out := jsonStatement{
		Index: s.Index, Sid: s.Sid, Effect: effectWord(s.Effect),
		Line: s.Line, Column: s.Column, Applies: s.Applies, Failed: s.Failed,
	}
	if c := s.Condition; c != nil {
		out.Condition = &jsonCondition{
			Operator: c.Operator, Key: c.Key, Wanted: list(c.Wanted), Actual: list(c.Actual),
			Present: c.Present, Unreadable: c.Unreadable,
		}
	}
	return out
}

// list is never null in JSON.
func list(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}
