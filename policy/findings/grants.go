package findings

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// broad are the checks of one dangerous action, by how broadly it is granted.
type broad struct {
	name                                                       string
	limit                                                      string // the condition key that narrows a grant on all resources
	star, starAction, notAction, notResource, starNot, notBoth id
}

var dangerous = []broad{
	{
		name: "iam:PassRole", limit: "iam:PassedToService",
		star: passRoleWithStarInResource, starAction: passRoleWithStarInActionAndResource, notAction: passRoleWithStarInResourceAndNotAction,
		notResource: passRoleWithNotResource, starNot: passRoleWithStarInActionAndNotResource, notBoth: passRoleWithNotActionAndNotResource,
	},
	{
		name: "iam:CreateServiceLinkedRole", limit: "iam:AWSServiceName",
		star: createSLRWithStarInResource, starAction: createSLRWithStarInActionAndResource, notAction: createSLRWithStarInResourceAndNotAction,
		notResource: createSLRWithNotResource, starNot: createSLRWithStarInActionAndNotResource, notBoth: createSLRWithNotActionAndNotResource,
	},
}

// grants looks for dangerous actions that are granted broadly. Only identity
// policies grant them: a boundary or session policy that allows all is a limit.
func (v *validator) grants(s *statement) {
	if v.kind != policy.Identity || !s.allow || !s.resource.exists() && !s.notResource.exists() {
		return
	}
	for i := range dangerous {
		d := &dangerous[i]
		if at, how := d.granted(s); how != checkCount {
			v.reportAll(how, at)
		}
	}
}

// granted says by which row of the table, if any, the statement grants the
// action broadly, and where.
func (d *broad) granted(s *statement) ([]value, id) {
	if !s.covers(d.name) {
		return nil, checkCount
	}
	at, exact := s.notAction, false
	if i := slices.IndexFunc(s.action.strings(), func(a value) bool { return coversAction(a.Text(), d.name) }); i >= 0 {
		at = s.action.strings()[i]
		exact = slices.ContainsFunc(s.action.strings(), func(a value) bool { return strings.EqualFold(a.Text(), d.name) })
	}
	if s.notResource.exists() {
		return []value{at, s.notResource}, pick(exact, s.notAction.exists(), d.notResource, d.starNot, d.notBoth)
	}
	i := slices.IndexFunc(s.resources, func(r value) bool { return coversRoles(r.Text()) })
	if i < 0 || s.hasKey(d.limit) {
		return nil, checkCount
	}
	return []value{at, s.resources[i]}, pick(exact, s.notAction.exists(), d.star, d.starAction, d.notAction)
}

// pick chooses by how the action is named.
func pick(exact, negated bool, byName, byStar, byNot id) id {
	switch {
	case negated:
		return byNot
	case exact:
		return byName
	}
	return byStar
}

// coversRoles reports whether a value of Resource stands for roles of any name.
func coversRoles(text string) bool {
	fields := splitARN(text)
	if text == "*" || len(fields) <= resourceField {
		return strings.HasSuffix(text, "*")
	}
	name := fields[resourceField]
	return overlap(fields[serviceField], "iam") && strings.Trim(strings.TrimPrefix(strings.TrimPrefix(name, "role"), "/"), "*?") == "" && hasWildcard(name)
}

// covers reports whether the statement's Action or NotAction means the action.
func (s *statement) covers(name string) bool {
	if s.notAction.exists() {
		return !slices.ContainsFunc(s.notAction.strings(), func(a value) bool { return coversAction(a.Text(), name) })
	}
	return slices.ContainsFunc(s.action.strings(), func(a value) bool { return coversAction(a.Text(), name) })
}

func coversAction(pattern, name string) bool {
	return arn.Wildcard(strings.ToLower(pattern), strings.ToLower(name))
}
