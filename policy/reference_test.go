package policy_test

import (
	"encoding/json"
	"slices"
	"strings"
)

// The reference evaluator below is short and slow: it reads documents with
// encoding/json, matches by trying everything, and keeps one rule to a line. It
// knows what the generated requests of the fuzz test use: Action, Resource,
// their negations, and a few condition operators. Who is meant, and how the
// kinds of policy weigh together, is in reference_all_test.go.

type refStatement struct {
	Effect                string
	Action, NotAction     refList
	Resource, NotResource refList
	Condition             map[string]map[string]refList

	Principal, NotPrincipal refPrincipal
}

// refList is a string or a list of strings.
type refList []string

func (l *refList) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*l = refList{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(l))
}

func refParse(document string) []refStatement {
	var doc struct{ Statement []refStatement }
	if err := json.Unmarshal([]byte(document), &doc); err != nil {
		panic(err)
	}
	return doc.Statement
}

// refWildcard matches one ARN part, action or value of ASCII.
func refWildcard(pattern, s string, fold bool) bool {
	if fold {
		pattern, s = strings.ToLower(pattern), strings.ToLower(s)
	}
	switch {
	case pattern == "":
		return s == ""
	case pattern[0] == '*':
		return refWildcard(pattern[1:], s, false) || s != "" && refWildcard(pattern, s[1:], false)
	}
	return s != "" && (pattern[0] == '?' || pattern[0] == s[0]) && refWildcard(pattern[1:], s[1:], false)
}

func refARN(pattern, s string) bool {
	if pattern == "*" {
		return true
	}
	p, r := strings.SplitN(pattern, ":", 6), strings.SplitN(s, ":", 6)
	if len(p) != 6 || len(r) != 6 {
		return false
	}
	for i := range p {
		if !refWildcard(p[i], r[i], false) {
			return false
		}
	}
	return true
}

func (s refStatement) applies(r refRequest) bool {
	action := func(p string) bool { return refWildcard(p, r.action, true) }
	if s.Action != nil && !slices.ContainsFunc(s.Action, action) || slices.ContainsFunc(s.NotAction, action) {
		return false
	}
	resource := func(p string) bool { return refARN(p, r.resource) }
	if s.Resource != nil && !slices.ContainsFunc(s.Resource, resource) || slices.ContainsFunc(s.NotResource, resource) {
		return false
	}
	for op, keys := range s.Condition {
		for key, want := range keys {
			if !refCondition(op, r.context[strings.ToLower(key)], want) {
				return false
			}
		}
	}
	return true
}

func refCondition(op string, found, want []string) bool {
	op, ifExists := strings.CutSuffix(op, "IfExists")
	anyMatch := slices.ContainsFunc(found, func(v string) bool {
		return slices.ContainsFunc(want, func(w string) bool {
			return strings.HasSuffix(op, "Like") && refWildcard(w, v, false) || strings.HasSuffix(op, "Equals") && w == v
		})
	})
	if op == "Null" {
		return slices.Contains(want, map[bool]string{true: "true", false: "false"}[len(found) == 0])
	}
	if len(found) == 0 {
		return ifExists || strings.Contains(op, "Not")
	}
	return anyMatch != strings.Contains(op, "Not")
}

type refRequest struct {
	action, resource string
	context          map[string][]string
}

// refIdentity decides with identity policies alone, within one account.
func refIdentity(documents []string, r refRequest) string {
	result := "implicit_deny"
	for _, d := range documents {
		for _, s := range refParse(d) {
			switch {
			case !s.applies(r):
			case s.Effect == "Deny":
				return "explicit_deny"
			default:
				result = "allow"
			}
		}
	}
	return result
}
