package findings

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// maxCompared is up to how many values each is compared with each other.
const maxCompared = 500

// redundancy looks for actions and resources that others of the same list
// include.
func (v *validator) redundancy(s *statement) {
	for _, list := range []struct {
		values []value
		check  id
		fold   bool
	}{{s.action.strings(), redundantAction, true}, {s.notAction.strings(), redundantAction, true}, {s.resource.strings(), redundantResource, false}, {s.notResource.strings(), redundantResource, false}} {
		if found := v.included(list.values, list.fold); len(found) > 0 {
			v.reportAll(list.check, found, len(found), found[0].Text())
		}
	}
}

// included are the values that another value includes; of equal ones, all but
// the first.
func (v *validator) included(list []value, fold bool) []value {
	if len(list) > maxCompared {
		return nil
	}
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = list[i].Text()
		if fold {
			texts[i] = strings.ToLower(texts[i])
		}
	}
	var found []value
	for i := range list {
		for j := range list {
			if !v.spend(cost(texts[j], texts[i])) {
				return found
			}
			if i != j && includes(texts[j], texts[i]) && (j < i || !includes(texts[i], texts[j])) {
				found = append(found, list[i])
				break
			}
		}
	}
	return found
}

// cost is the work of comparing text with a pattern.
func cost(pattern, text string) int {
	if strings.Contains(pattern, "*") {
		return 1 + len(pattern)*len(text)
	}
	return 1 + min(len(pattern), len(text))
}

// includes reports whether pattern a certainly covers all that pattern b does.
// Stars of b are taken as text that only a star of a covers; a "?" or a policy
// variable is compared as text.
func includes(a, b string) bool {
	if a == b {
		return true
	}
	if strings.Contains(a, "?") || strings.Contains(a, "${") || strings.HasPrefix(a, "arn:") != strings.HasPrefix(b, "arn:") {
		return a == "*"
	}
	if !strings.HasPrefix(a, "arn:") {
		return arn.Wildcard(a, b)
	}
	return includesARN(strings.SplitN(a, ":", resourceField+1), strings.SplitN(b, ":", resourceField+1))
}

// includesARN compares field by field, since wildcards stay inside of one.
func includesARN(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !arn.Wildcard(a[i], b[i]) {
			return false
		}
	}
	return true
}

// redundantStatements looks for statements that say the same.
func (v *validator) redundantStatements(all []*statement) {
	seen := map[string]*statement{}
	for _, s := range all {
		key := s.canonical()
		if first := seen[key]; first != nil {
			v.reportAll(redundantStatement, []value{s.value, first.value})
		} else {
			seen[key] = s
		}
	}
}

// canonical is the statement as text, without its Sid and with lists in order:
// equal for statements that say the same in almost the same words.
func (s *statement) canonical() string {
	var parts []string
	for _, m := range s.members() {
		if m.Name() != "Sid" {
			parts = append(parts, canonical(m))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}

func canonical(v value) string {
	if v.Type() != policy.JSONObject && v.Type() != policy.JSONArray {
		return v.Name() + "\x01" + v.Text()
	}
	var parts []string
	for _, m := range v.members() {
		parts = append(parts, canonical(m))
	}
	slices.Sort(parts)
	if v.Type() == policy.JSONArray && len(parts) == 1 {
		return v.Name() + parts[0] // a list of one is its element
	}
	return v.Name() + "\x02" + strings.Join(parts, "\x03") + "\x04"
}
