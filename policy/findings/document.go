package findings

import (
	"errors"

	"rolecall.dev/rolecall/policy"
)

// run looks at the document from the outside to the inside.
func (v *validator) run() {
	root, err := policy.ReadSyntax(v.document)
	if err != nil {
		v.syntaxError(err)
		return
	}
	top := value{root, ""}
	if v.expect(top, policy.JSONObject) {
		v.size(top)
		v.header(top)
		v.statements(top)
	}
	v.refused(top)
}

// place makes a location of an error's line and column.
func (v *validator) place(e *policy.Error) Location {
	offset := 0
	for line := 1; line < e.Line && offset < len(v.document); offset++ {
		if v.document[offset] == '\n' {
			line++
		}
	}
	offset = min(offset+e.Column-1, len(v.document))
	return v.location(e.Path, offset, offset)
}

func (v *validator) syntaxError(err error) {
	var e *policy.Error
	if errors.As(err, &e) {
		at := v.place(e)
		v.add(jsonSyntaxError, []Location{at}, at.Start.Offset, e.Line, e.Column, e.Detail)
	}
}

// refused sees to it that a document that is no policy has an error.
func (v *validator) refused(top value) {
	_, err := policy.Parse(v.kind, v.document)
	var e *policy.Error
	if v.hasError() || !errors.As(err, &e) {
		return
	}
	text := e.Message
	if e.Detail != "" {
		text += " (" + e.Detail + ")"
	}
	if len(v.found) == maxFindings {
		v.found = v.found[:maxFindings-1]
	}
	v.add(malformedPolicyDocument, []Location{v.place(e)}, text)
}

// expect reports whether a value has a type, and notes it if not.
func (v *validator) expect(at value, want policy.JSONType) bool {
	if at.Type() != want {
		v.report(dataTypeMismatch, at, want)
		return false
	}
	return true
}

// size compares with AWS's quotas by kind.
func (v *validator) size(top value) {
	size, limit := policy.QuotaSize(v.kind, v.document), policy.Quota(v.kind)
	check := policySizeExceedsResourceQuota
	switch v.kind {
	case policy.Identity, policy.Boundary:
		check, limit = policySizeExceedsIdentityQuota, policy.MaxManaged
	case policy.Session:
		check = policySizeExceedsIdentityQuota
	case policy.SCP:
		check = policySizeExceedsSCPQuota
	case policy.RCP:
		check = policySizeExceedsRCPQuota
	}
	if size > limit {
		v.report(check, top, size, limit)
	}
}

// header looks at what stands beside the statements.
func (v *validator) header(top value) {
	for _, m := range top.members() {
		switch m.Name() {
		case "Version":
			v.version(m)
		case "Id":
			v.expect(m, policy.JSONString)
		case "Statement":
		default:
			v.reportName(invalidPolicyElement, m, m.Name())
		}
	}
	if !top.member("Version").exists() {
		v.report(missingVersion, top)
	}
}

func (v *validator) version(m value) {
	if !v.expect(m, policy.JSONString) {
		return
	}
	switch m.Text() {
	case "2012-10-17":
		v.variables = true
	case "2008-10-17":
	default:
		v.report(invalidVersion, m, m.Text())
	}
}

func (v *validator) statements(top value) {
	n := top.member("Statement")
	switch {
	case !n.exists(), n.Type() == policy.JSONArray && len(n.Items()) == 0:
		v.report(missingStatement, top)
		return
	case n.Type() != policy.JSONArray && n.Type() != policy.JSONObject:
		v.report(dataTypeMismatch, n, policy.JSONArray)
		return
	}
	var all []*statement
	sids := map[string]bool{}
	for _, element := range n.list() {
		if v.expect(element, policy.JSONObject) {
			s := v.readStatement(element)
			v.sid(s, sids)
			v.statement(s)
			all = append(all, s)
		}
	}
	v.redundantStatements(all)
}
