package main

import (
	"fmt"
	"io"
	"strings"

	"rolecall.dev/rolecall/policy"
)

// report is an explained decision, to be printed.
type report struct {
	request     *policy.Request
	explanation *policy.Explanation
	names       map[*policy.Policy]string // the files that policies came from
	want        string                    // what a case wants, if it says
}

// name is what to call a policy.
func (r *report) name(t *policy.PolicyTrace) string {
	text := t.Kind.String() + " policy"
	switch file, found := r.names[t.Policy]; {
	case found:
		text += " " + file
	case t.Kind == policy.Identity || t.Kind == policy.Session:
		text += fmt.Sprintf(" %d", t.Index+1)
	}
	if t.Kind == policy.SCP || t.Kind == policy.RCP {
		text += fmt.Sprintf(" (level %d)", t.Level+1)
	}
	return text
}

// print writes the decision in one line and below it the policies as a tree:
//
//	implicit_deny: no identity-based policy allows s3:GetObject on arn:aws:s3:::b/k
//	└── identity policy read.json: says nothing
//	    └── Allow "Read" at 4:5: the resource does not match
//	        wanted arn:aws:s3:::a/*
//	        actual arn:aws:s3:::b/k
func (r *report) print(w io.Writer) {
	x := r.explanation
	fmt.Fprintf(w, "%s: %s\n", x.Decision.Effect, x.Summary)
	for i := range x.Policies {
		t := &x.Policies[i]
		branch, stem := limb(i == len(x.Policies)-1)
		fmt.Fprintf(w, "%s%s: %s\n", branch, r.name(t), verdict(t))
		for j := range t.Statements {
			twig, bark := limb(j == len(t.Statements)-1)
			r.printStatement(w, stem+twig, stem+bark, t, &t.Statements[j])
		}
	}
}

// limb is how a tree's lines begin: that of an entry, and those below it.
func limb(last bool) (branch, stem string) {
	if last {
		return "└── ", "    "
	}
	return "├── ", "│   "
}

func verdict(t *policy.PolicyTrace) string {
	switch {
	case t.Denies:
		return "denies"
	case t.Allows:
		return "allows"
	}
	return "says nothing"
}

func (r *report) printStatement(w io.Writer, first, below string, t *policy.PolicyTrace, s *policy.StatementTrace) {
	fmt.Fprintf(w, "%s%s %s: %s\n", first, effectWord(s.Effect), statementName(s), outcome(s))
	if s.Applies {
		return
	}
	wanted, actual := r.difference(t, s)
	fmt.Fprintf(w, "%swanted %s\n%sactual %s\n", below, wanted, below, actual)
}

func effectWord(e policy.Effect) string {
	if e == policy.Allow {
		return "Allow"
	}
	return "Deny"
}

func statementName(s *policy.StatementTrace) string {
	name := fmt.Sprintf("statement %d", s.Index+1)
	if s.Sid != "" {
		name = fmt.Sprintf("%q", s.Sid)
	}
	return fmt.Sprintf("%s at %d:%d", name, s.Line, s.Column)
}

func outcome(s *policy.StatementTrace) string {
	switch {
	case s.Applies:
		return "applies"
	case s.Condition != nil && s.Condition.Unreadable:
		return fmt.Sprintf("the condition %s on %s cannot read the request's value", s.Condition.Operator, s.Condition.Key)
	case s.Condition != nil:
		return fmt.Sprintf("the condition %s on %s does not hold", s.Condition.Operator, s.Condition.Key)
	}
	return "the " + strings.ToLower(s.Failed) + " does not match"
}

// difference is what the element of a statement that failed wants, and what the
// request has.
func (r *report) difference(t *policy.PolicyTrace, s *policy.StatementTrace) (wanted, actual string) {
	if c := s.Condition; c != nil {
		actual = "none"
		if c.Present {
			actual = few(c.Actual)
		}
		return few(c.Wanted), actual
	}
	return few(written(t.Policy.Document(), s.Index, s.Failed)), r.actual(s.Failed)
}

// actual is what the request has for an element.
func (r *report) actual(element string) string {
	switch element {
	case "Action":
		return r.request.Action
	case "Resource":
		return r.request.Resource
	}
	if r.request.Principal.ARN == "" {
		return r.request.Principal.Type.String()
	}
	return r.request.Principal.ARN
}

// written lists the values of an element, or of its negation after "not", of a
// statement of a document that is known to be a policy.
func written(document string, index int, element string) []string {
	root, err := policy.ReadSyntax(document)
	if err != nil {
		return nil
	}
	s := root.Member("Statement")
	if s.Type() == policy.JSONArray {
		s = s.Items()[index]
	}
	if n := s.Member(element); n.Type() != 0 {
		return leaves(n)
	}
	list := leaves(s.Member("Not" + element))
	for i := range list {
		list[i] = "not " + list[i]
	}
	return list
}

// leaves are the texts in a value.
func leaves(n policy.Syntax) []string {
	if n.Type() != policy.JSONArray && n.Type() != policy.JSONObject {
		return []string{n.Text()}
	}
	var list []string
	for _, item := range n.Items() {
		list = append(list, leaves(item)...)
	}
	return list
}

// few joins the first values of a list.
func few(list []string) string {
	const most = 5
	switch {
	case len(list) == 0:
		return "nothing"
	case len(list) > most:
		return fmt.Sprintf("%s or one of %d more", strings.Join(list[:most], ", "), len(list)-most)
	}
	return strings.Join(list, ", ")
}
