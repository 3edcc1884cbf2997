package findings

import (
	"strings"

	"rolecall.dev/rolecall/policy"
)

// principal is one value under Principal or NotPrincipal.
type principal struct {
	value
	kind string // "AWS", "Service" …
}

// readPrincipals lists the strings under an element.
func readPrincipals(element value) []principal {
	if element.Type() == policy.JSONString {
		return []principal{{element, "AWS"}}
	}
	var list []principal
	if element.Type() == policy.JSONObject {
		for _, kind := range element.members() {
			for _, p := range kind.strings() {
				list = append(list, principal{p, kind.Name()})
			}
		}
	}
	return list
}

// namesPrincipals reports whether statements of a kind have a Principal.
func namesPrincipals(kind policy.Kind) bool {
	return kind == policy.Resource || kind == policy.Trust || kind == policy.RCP || kind == policy.Endpoint
}

func (v *validator) principals(s *statement) {
	named := namesPrincipals(v.kind)
	if named && !s.principal.exists() && !s.notPrincipal.exists() {
		v.report(missingPrincipal, s.value)
	}
	for _, element := range []value{s.principal, s.notPrincipal} {
		switch {
		case !element.exists():
		case v.kind == policy.SCP:
			v.reportName(scpSyntaxErrorPrincipal, element)
		case !named:
			v.reportName(unsupportedPrincipal, element, v.kind, element.Name())
		default:
			v.principalElement(element)
		}
	}
	if named && s.allow && s.notPrincipal.exists() {
		v.reportName(allowWithNotPrincipal, s.notPrincipal)
	}
	if named {
		for _, p := range s.principals {
			v.principal(p)
		}
	}
}

var principalKinds = map[string]bool{"AWS": true, "Service": true, "Federated": true, "CanonicalUser": true}

func (v *validator) principalElement(element value) {
	if element.Type() == policy.JSONString && element.Text() == "*" {
		return
	}
	if element.Type() != policy.JSONObject {
		v.report(invalidPrincipalFormat, element)
		return
	}
	if len(element.Items()) == 0 {
		v.report(emptyObjectPrincipal, element)
	}
	for _, kind := range element.members() {
		if !principalKinds[kind.Name()] {
			v.reportName(invalidPrincipalKey, kind, kind.Name())
		}
		v.texts(kind, emptyArrayPrincipal)
	}
}

func (v *validator) principal(p principal) {
	text := p.Text()
	switch {
	case text == "*" && p.kind == "AWS":
	case strings.Contains(text, "${"):
		v.report(variableUnsupportedInElement, p.value, text)
	case hasWildcard(text):
		v.report(unsupportedWildcardInPrincipal, p.value, p.kind)
	case p.kind == "AWS" && strings.HasPrefix(text, "AROA"):
		v.report(invalidRoleReference, p.value, text)
	case p.kind == "AWS" && strings.HasPrefix(text, "AIDA"):
		v.report(invalidUserReference, p.value, text)
	case p.kind == "Service" && !isServicePrincipal(text):
		v.report(invalidServicePrincipalFormat, p.value, text)
	}
}

// isServicePrincipal reports whether text looks like the name of a service.
func isServicePrincipal(text string) bool {
	name := strings.TrimSuffix(text, ".cn")
	name, found := strings.CutSuffix(name, ".amazonaws.com")
	return found && name != "" && !strings.ContainsAny(name, " :/")
}
