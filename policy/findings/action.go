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
		v.report(invalidServiceInAction, a, prefix, didYouMean(nearest(strings.ToLower(prefix), catalog.Prefixes())))
	case len(service.Expand(name)) == 0:
		v.report(invalidAction, a, text, didYouMean(nearestAction(service, name)))
	case v.kind == policy.Trust && service.Prefix != "sts":
		v.report(unsupportedActionInPolicy, a, text)
	}
}

func isEveryAction(text string) bool { return text == "*" || text == "*:*" }

func hasWildcard(text string) bool { return strings.ContainsAny(text, "*?") }

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return " Did you mean " + name + "?"
}

func nearestAction(s *catalog.Service, name string) string {
	names := make([]string, len(s.Actions))
	for i := range s.Actions {
		names[i] = s.Actions[i].Name
	}
	if best := nearest(name, names); best != "" {
		return s.Prefix + ":" + best
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
// are all there are or the service is not in the catalog.
func expandFew(text string) []string {
	if isEveryAction(text) {
		return nil
	}
	return catalog.Expand(text)
}
