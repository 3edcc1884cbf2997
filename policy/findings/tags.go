package findings

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/catalog"
)

// resourceTag is the key that not every action's requests carry.
const resourceTag = "aws:ResourceTag/"

// tags looks for actions whose requests never carry the resource's tags, in
// statements that ask for one: an Allow does not allow them, and a Deny does
// not deny them.
func (v *validator) tags(s *statement) {
	i := slices.IndexFunc(s.conditions, func(c condition) bool {
		return c.known && hasPrefixFold(c.key.Name(), resourceTag) && !c.op.Negated() && !c.op.IfExists() && !c.op.ForAll() && c.op.Type() != policy.NullOperator
	})
	if i < 0 || !s.allow && !s.deny {
		return
	}
	key := s.conditions[i].key
	if s.notAction.exists() {
		v.reportName(either(s.allow, allowNotActionWithUnsupportedTagKey, denyNotActionWithUnsupportedTagKey), key, key.Name())
		return
	}
	if without := v.untagged(s); len(without) > 0 {
		v.reportName(either(s.allow, allowWithUnsupportedTagKey, denyWithUnsupportedTagKey), key, key.Name(), strings.Join(without, ", "))
	}
}

func either(first bool, a, b id) id {
	if first {
		return a
	}
	return b
}

// untagged lists the services of which no action in the statement has the key.
func (v *validator) untagged(s *statement) []string {
	tagged := map[string]bool{}
	for _, a := range s.actions {
		for _, name := range v.expandFew(a.Text()) {
			service, action := catalog.FindAction(name)
			tagged[service.Prefix] = tagged[service.Prefix] || action.Has(resourceTag+"x")
		}
	}
	var without []string
	for prefix, has := range tagged {
		if !has {
			without = append(without, prefix)
		}
	}
	slices.Sort(without)
	return without
}
