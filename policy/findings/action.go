package findings

import (
	"strings"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/catalog"
)

// ownService is the prefix of this product's own actions, which AWS's catalog
// does not have.
const ownService = "rolecall"

func (v *validator) actions(s *statement) {
	if !s.action.exists() && !s.notAction.exists() {
		v.report(missingAction, s.value)
	}
	v.texts(s.action, emptyArrayAction)
	v.texts(s.notAction, emptyArrayAction)
	for _, a := range s.actions {
		v.action(a)
	}
}

func (v *validator) action(a value) {
	text := a.Text()
	if i := strings.Index(text, "${"); i >= 0 {
		v.report(variableUnsupportedInElement, a, text[i:])
		return
	}
	if isEveryAction(text) {
		return
	}
	prefix, name, found := strings.Cut(text, ":")
	if !found || prefix == "" || name == "" {
		v.report(invalidAction, a, text, "")
		return
	}
	if strings.EqualFold(prefix, ownService) {
		return
	}
	service := catalog.Lookup(prefix)
	switch {
	case service == nil:
		v.report(invalidServiceInAction, a, prefix, v.didYouMean("", strings.ToLower(prefix), catalog.Prefixes()))
	case !v.hasAction(service, name):
		v.report(invalidAction, a, text, v.didYouMean(service.Prefix+":", name, actionNames(service)))
	case v.kind == policy.Trust && service.Prefix != "sts":
		v.report(unsupportedActionInPolicy, a, text)
	}
}

func isEveryAction(text string) bool { return text == "*" || text == "*:*" }

func hasWildcard(text string) bool { return strings.ContainsAny(text, "*?") }

// hasAction reports whether name, which may hold wildcards, stands for some
// action of the service.
func (v *validator) hasAction(s *catalog.Service, name string) bool {
	if !hasWildcard(name) {
		return s.Action(name) != nil
	}
	return !v.spend(expandCost(s, name)) || len(s.Expand(name)) > 0
}

// expandCost is the work of finding the actions that a pattern covers.
func expandCost(s *catalog.Service, pattern string) int { return len(s.Actions) * (20 + len(pattern)) }

func actionNames(s *catalog.Service) []string {
	names := make([]string, len(s.Actions))
	for i := range s.Actions {
		names[i] = s.Actions[i].Name
	}
	return names
}

// didYouMean suggests the name nearest to text, if one is near.
func (v *validator) didYouMean(prefix, text string, names []string) string {
	const longest = 128 // bytes in an action's name
	if len(text) > longest || !v.spend(len(names)*len(text)*20) {
		return ""
	}
	if name := nearest(text, names); name != "" {
		return " Did you mean " + prefix + name + "?"
	}
	return ""
}

// nearest is the name that differs from text in one or two letters, regardless
// of case, or "".
func nearest(text string, names []string) string {
	const most = 2
	best, distance := "", most+1
	for _, name := range names {
		if difference := len(name) - len(text); difference > most || difference < -most {
			continue
		}
		if d := editDistance(strings.ToLower(text), strings.ToLower(name)); d < distance {
			best, distance = name, d
		}
	}
	return best
}

// editDistance is how many bytes to insert, remove or change to make b of a.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// expandFew lists the actions that a value of Action stands for, unless these
// are all there are, the service is not in the catalog, or it is too much work.
func (v *validator) expandFew(text string) []string {
	prefix, name, _ := strings.Cut(text, ":")
	s := catalog.Lookup(prefix)
	if isEveryAction(text) || s == nil || !v.spend(expandCost(s, name)) {
		return nil
	}
	return s.Expand(name)
}
