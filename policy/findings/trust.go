package findings

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/policy"
)

// githubHost is the provider of GitHub's workflows.
const githubHost = "token.actions.githubusercontent.com"

// trust looks at what a statement lets services and identity providers do.
func (v *validator) trust(s *statement) {
	if s.allow && (v.kind == policy.Trust || v.kind == policy.Resource) {
		v.serviceSource(s)
	}
	if v.kind != policy.Trust {
		return
	}
	v.mismatchedPrincipals(s)
	v.missingActions(s)
	v.redundantSessions(s)
	if s.allow && s.covers("sts:AssumeRoleWithWebIdentity") {
		for _, p := range s.principals {
			if p.kind == "Federated" && !isSAML(p.Text()) {
				v.webIdentity(s, p)
			}
		}
	}
}

// sourceless are service principals whose requests for a role's session carry
// no source: they assume roles for what runs on them.
var sourceless = map[string]bool{"ec2.amazonaws.com": true, "pods.eks.amazonaws.com": true}

// serviceSource wants a condition on whom a service acts for.
func (v *validator) serviceSource(s *statement) {
	if s.hasKey("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner") {
		return
	}
	for _, p := range s.principals {
		switch {
		case p.kind != "Service" || !isServicePrincipal(p.Text()):
		case v.kind == policy.Resource:
			v.report(restrictAccessToServicePrincipal, p.value, p.Text())
		case !sourceless[p.Text()]:
			v.report(recommendedConditionKeyForServicePrincipal, p.value, p.Text())
		}
	}
}

func isSAML(provider string) bool { return strings.Contains(provider, ":saml-provider/") }

// mismatchedPrincipals wants each way of assuming a role to have principals
// that can use it.
func (v *validator) mismatchedPrincipals(s *statement) {
	fits := map[string]func(principal) bool{
		"sts:assumerole":                func(p principal) bool { return p.kind != "Federated" },
		"sts:assumerolewithsaml":        func(p principal) bool { return p.Text() == "*" || p.kind == "Federated" && isSAML(p.Text()) },
		"sts:assumerolewithwebidentity": func(p principal) bool { return p.Text() == "*" || p.kind == "Federated" && !isSAML(p.Text()) },
	}
	for _, a := range s.action.strings() {
		fit := fits[strings.ToLower(a.Text())]
		if fit == nil || len(s.principals) == 0 || slices.ContainsFunc(s.principals, fit) {
			continue
		}
		var names []string
		for _, p := range s.principals {
			names = append(names, p.Text())
		}
		v.report(mismatchedActionForPrincipal, a, a.Text(), strings.Join(names, ", "))
	}
}

// keyActions are the condition keys whose values a request can only carry when
// it is allowed another action, too.
var keyActions = []struct{ key, action string }{
	{"aws:RequestTag/", "sts:TagSession"},
	{"aws:TagKeys", "sts:TagSession"},
	{"sts:TransitiveTagKeys", "sts:TagSession"},
	{"sts:SourceIdentity", "sts:SetSourceIdentity"},
	{"sts:RequestContext/", "sts:SetContext"},
}

func (v *validator) missingActions(s *statement) {
	if !s.allow || !s.action.exists() {
		return
	}
	for _, c := range s.conditions {
		for _, row := range keyActions {
			if hasPrefixFold(c.key.Name(), row.key) && !s.covers(row.action) {
				v.reportName(missingActionForConditionKey, c.key, row.action, c.key.Name())
			}
		}
	}
}

// redundantSessions finds sessions of a role that is named itself.
func (v *validator) redundantSessions(s *statement) {
	for _, p := range s.principals {
		fields := strings.SplitN(p.Text(), ":", 6)
		if len(fields) < 6 || fields[2] != "sts" {
			continue
		}
		parts := strings.Split(fields[5], "/")
		if parts[0] != "assumed-role" || len(parts) < 3 {
			continue
		}
		role := strings.Join([]string{fields[0], fields[1], "iam", "", fields[4], "role/" + parts[1]}, ":")
		if slices.ContainsFunc(s.principals, func(q principal) bool { return q.Text() == role }) {
			v.report(redundantPrincipalInTrust, p.value, p.Text(), role)
		}
	}
}

// webIdentity wants a condition on the tokens of an OIDC provider, and for
// GitHub, which signs for everybody, one that names whose they are.
func (v *validator) webIdentity(s *statement, p principal) {
	host := p.Text()
	if _, path, found := strings.Cut(host, ":oidc-provider/"); found {
		host = path
	}
	conditioned := slices.ContainsFunc(s.conditions, func(c condition) bool { return hasPrefixFold(c.key.Name(), host+":") })
	if !conditioned {
		v.report(missingConditionKeyForOIDCPrincipal, p.value, p.Text())
	}
	if host != githubHost {
		return
	}
	subjects := s.valuesOf(githubHost+":sub", githubHost+":job_workflow_ref", githubHost+":repository", githubHost+":repository_id")
	if len(subjects) == 0 {
		v.report(missingGithubRepoConditionKey, p.value)
	}
	for _, subject := range subjects {
		owner, _, _ := strings.Cut(strings.TrimPrefix(subject.Text(), "repo:"), "/")
		if hasWildcard(owner) {
			v.report(specificGithubRepoRecommended, subject)
		}
	}
}
