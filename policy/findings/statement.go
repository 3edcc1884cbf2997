package findings

import (
	"strings"

	"rolecall.dev/rolecall/policy"
)

// statement is a statement with its elements found.
type statement struct {
	value
	allow, deny             bool // neither if Effect is not valid
	action, notAction       value
	resource, notResource   value
	principal, notPrincipal value
	actions                 []value // the strings of Action or NotAction
	resources               []value // of Resource or NotResource
	principals              []principal
	conditions              []condition
}

// elements are the names that a statement's members may have.
var elements = map[string]bool{
	"Sid": true, "Effect": true, "Action": true, "NotAction": true, "Resource": true, "NotResource": true,
	"Principal": true, "NotPrincipal": true, "Condition": true,
}

// readStatement finds the elements of a statement.
func (v *validator) readStatement(at value) *statement {
	s := &statement{
		value:  at,
		action: at.member("Action"), notAction: at.member("NotAction"),
		resource: at.member("Resource"), notResource: at.member("NotResource"),
		principal: at.member("Principal"), notPrincipal: at.member("NotPrincipal"),
	}
	effect := at.member("Effect").Text()
	s.allow, s.deny = effect == "Allow", effect == "Deny"
	s.actions = append(s.action.strings(), s.notAction.strings()...)
	s.resources = append(s.resource.strings(), s.notResource.strings()...)
	s.principals = append(readPrincipals(s.principal), readPrincipals(s.notPrincipal)...)
	s.conditions = readConditions(at.member("Condition"))
	return s
}

// statement looks at one statement, element by element, and then as a whole.
func (v *validator) statement(s *statement) {
	for _, m := range s.members() {
		if !elements[m.Name()] {
			v.reportName(invalidPolicyElement, m, m.Name())
		}
	}
	v.effect(s)
	v.combinations(s)
	v.actions(s)
	v.resources(s)
	v.principals(s)
	v.conditions(s)
	v.trust(s)
	v.grants(s)
	v.tags(s)
	v.pairs(s)
	v.redundancy(s)
}

func (v *validator) effect(s *statement) {
	effect := s.member("Effect")
	switch {
	case !effect.exists():
		v.report(missingEffect, s.value)
	case v.expect(effect, policy.JSONString) && !s.allow && !s.deny:
		v.report(invalidEffect, effect, effect.Text())
	}
}

func (v *validator) combinations(s *statement) {
	for _, pair := range [][2]value{{s.action, s.notAction}, {s.resource, s.notResource}, {s.principal, s.notPrincipal}} {
		if pair[0].exists() && pair[1].exists() {
			v.reportAll(unsupportedElementCombination, pair[:], pair[0].Name(), pair[1].Name())
		}
	}
}

// sid looks at a statement's Sid; seen are those of the statements before it.
func (v *validator) sid(s *statement, seen map[string]bool) {
	sid := s.member("Sid")
	if !sid.exists() || !v.expect(sid, policy.JSONString) {
		return
	}
	text := sid.Text()
	switch {
	case text == "":
		v.report(emptySidValue, sid)
	case seen[text]:
		v.report(uniqueSidsRequired, sid)
	case v.kind != policy.Resource && v.kind != policy.Endpoint && strings.ContainsFunc(text, isNotAlnum):
		v.report(unsupportedSid, sid)
	}
	seen[text] = true
}

func isNotAlnum(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
}

// texts notes what is not a string or a list of strings, and an empty list.
func (v *validator) texts(element value, empty id) {
	if element.Type() == policy.JSONArray && len(element.Items()) == 0 {
		v.report(empty, element)
	}
	for _, item := range element.list() {
		v.expect(item, policy.JSONString)
	}
}
