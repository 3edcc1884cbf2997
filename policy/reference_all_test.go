package policy_test

import (
	"encoding/json"
	"slices"
	"strings"

	"rolecall.dev/rolecall/policy"
)

// The reference for all kinds of policy together: the rules of a decision as
// AWS's documentation lists them, over the statements of refStatement. A caller's
// names are kept as words: "everyone", "account", "base" (the role of a session,
// the user of a federated one) and "self".

// refPrincipal is a Principal element by kind; "*" is {"AWS": "*"}.
type refPrincipal map[string]refList

func (p *refPrincipal) UnmarshalJSON(data []byte) error {
	if string(data) == `"*"` {
		*p = refPrincipal{"AWS": {"*"}}
		return nil
	}
	return json.Unmarshal(data, (*map[string]refList)(p))
}

// refDocs are documents by kind, as text; "" is none.
type refDocs struct {
	identity, session            []string
	boundary, resource, endpoint string
	trust                        bool // resource is a role's trust policy
	scps, rcps                   [][]string
}

var refSigned = []policy.PrincipalType{policy.User, policy.RoleSession, policy.FederatedUser, policy.Root}

// refAllNames is what a caller is called in full.
func refAllNames(c policy.Principal) []string {
	switch c.Type {
	case policy.User:
		return []string{"account", "self"}
	case policy.RoleSession, policy.FederatedUser:
		return []string{"account", "base", "self"}
	case policy.Root:
		return []string{"account"}
	case policy.Service, policy.Federated:
		return []string{"self"}
	}
	return nil
}

// refName is the word for a caller that a value means, or "".
func refName(kind, value string, c policy.Principal) string {
	signed := slices.Contains(refSigned, c.Type)
	switch {
	case kind == "AWS" && value == "*":
		return "everyone"
	case kind == "Service" && c.Type == policy.Service && value == c.ARN:
		return "self"
	case kind == "Federated" && c.Type == policy.Federated && value == c.ARN:
		return "self"
	case kind != "AWS" || !signed:
		return ""
	case value == c.Account, value == "arn:aws:iam::"+c.Account+":root":
		return "account"
	case value == c.ARN, value == c.ID+":"+c.Session && c.Session != "":
		return "self"
	case value == c.ID && c.Type == policy.User:
		return "self"
	case value == c.ID, value == c.Role, value == c.User:
		return "base"
	}
	return ""
}

// refMeant are the words by which a statement means the caller; without a
// Principal element that is "self".
func refMeant(s refStatement, c policy.Principal, bounded bool) []string {
	if s.Principal == nil && s.NotPrincipal == nil {
		return []string{"self"}
	}
	var found []string
	for kind, values := range map[bool]refPrincipal{true: s.Principal, false: s.NotPrincipal}[s.Principal != nil] {
		for _, v := range values {
			if name := refName(kind, v, c); name != "" && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	slices.Sort(found)
	switch {
	case s.NotPrincipal != nil && s.Effect == "Deny":
		all := len(found) > 0 && slices.Equal(found, refAllNames(c))
		if (all || slices.Contains(found, "everyone")) && !bounded {
			return nil
		}
		return []string{"everyone"}
	case s.NotPrincipal != nil && (len(found) > 0 || c.Type == policy.Federated):
		return nil
	case s.NotPrincipal != nil:
		return []string{"everyone"}
	case s.Effect == "Allow" && c.Type == policy.Federated:
		return slices.DeleteFunc(found, func(n string) bool { return n == "everyone" })
	}
	return found
}

// refSays are the names by which documents allow, and whether one denies.
func refSays(documents []string, c policy.Principal, bounded bool, r refRequest) (names []string, denies bool) {
	for _, d := range documents {
		if d == "" {
			continue
		}
		for _, s := range refParse(d) {
			meant := refMeant(s, c, bounded)
			if len(meant) == 0 || !s.applies(r) {
				continue
			}
			if s.Effect == "Deny" {
				denies = true
			} else {
				names = append(names, meant...)
			}
		}
	}
	return names, denies
}

// refDecide decides with all documents.
func refDecide(c policy.Principal, owner string, r refRequest, d refDocs) string {
	if strings.EqualFold(r.action, "sts:GetCallerIdentity") && slices.Contains(refSigned, c.Type) {
		return "allow"
	}
	denied := false
	ask := func(documents ...string) []string {
		names, denies := refSays(documents, c, d.boundary != "", r)
		denied = denied || denies
		return names
	}
	limited := func(document string) bool { return len(ask(document)) > 0 || document == "" }
	organization := true
	if !strings.Contains(c.Role, ":role/aws-service-role/") {
		for _, level := range d.scps {
			organization = len(ask(level...)) > 0 && organization
		}
		for _, level := range d.rcps {
			ask(level...)
		}
	}
	endpoint, boundary := limited(d.endpoint), limited(d.boundary)
	session := len(ask(d.session...)) > 0 || len(d.session) == 0 && c.Type != policy.FederatedUser
	identity, resource := len(ask(d.identity...)) > 0, ask(d.resource)
	allowed := refGrants(c, owner, r, d, identity, boundary && session, resource)
	switch {
	case denied:
		return "explicit_deny"
	case organization && endpoint && allowed:
		return "allow"
	}
	return "implicit_deny"
}

// refGrants is whether somebody grants what the limits let through. names are
// those by which the resource's policy allows.
func refGrants(c policy.Principal, owner string, r refRequest, d refDocs, identity, limits bool, names []string) bool {
	ownMustAllow := d.trust || strings.HasPrefix(r.action, "kms:") && strings.Contains(r.resource, ":key/")
	self := slices.Contains(names, "self") || slices.Contains(names, "everyone")
	same := c.Account != "" && c.Account == owner
	switch {
	case c.Type == policy.Root && (d.trust || r.action == "sts:AssumeRole"):
		return false // no root user assumes a role
	case c.Type == policy.Root && same && !ownMustAllow:
		return true
	case c.Type == policy.Root, !slices.Contains(refSigned, c.Type):
		return len(names) > 0 // who has no identity policies
	case !same:
		return identity && len(names) > 0 && limits
	case self && !d.trust:
		return true // a grant to the very caller, or to all, stands alone
	case self, slices.Contains(names, "base"):
		return limits
	case ownMustAllow && len(names) == 0:
		return false
	}
	return identity && limits
}
