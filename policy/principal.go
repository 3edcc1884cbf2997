package policy

import (
	"strings"

	"rolecall.dev/rolecall/arn"
)

// level says by which of its names a caller is meant. A session of a role, for
// example, is itself, its role, its account, and one of everyone; which of them
// a resource policy names decides what else the caller needs.
type level uint8

const (
	everyone level = 1 << iota
	ofAccount
	ofBase // the role of a session, the user of a federated user
	ofSelf // the very caller
)

// principalClass is the form of a value under Principal.
type principalClass uint8

const (
	anyPrincipal principalClass = iota
	accountPrincipal
	arnPrincipal
	idPrincipal
	servicePrincipal
	federatedPrincipal
	canonicalPrincipal
)

// principalName is one value under Principal or NotPrincipal.
type principalName struct {
	class principalClass
	name  string // an account's number without the rest of its ARN
	value string // as written
}

var principalKinds = [...]string{"AWS", "AWS", "AWS", "AWS", "Service", "Federated", "CanonicalUser"}

// classifyPrincipal reads one value. ok is false if it is not of a form that
// its kind may have; whether what it names exists is not asked. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
func classifyPrincipal(kind, value string) (principalName, bool) {
	p := principalName{name: value, value: value}
	switch kind {
	case "AWS":
		return classifyAWS(p)
	case "Service":
		p.class = servicePrincipal
	case "Federated":
		p.class = federatedPrincipal
	case "CanonicalUser":
		p.class = canonicalPrincipal
	default:
		return p, false
	}
	return p, value != "" && !strings.ContainsAny(value, "*? ")
}

func classifyAWS(p principalName) (principalName, bool) {
	switch {
	case p.value == "*":
		p.class = anyPrincipal
		return p, true
	case arn.IsAccountID(p.value):
		p.class = accountPrincipal
		return p, true
	case isUniqueID(p.value):
		p.class = idPrincipal
		return p, true
	}
	a, err := arn.Parse(p.value)
	if err != nil || strings.ContainsAny(p.value, "*?") || a.Region != "" || !arn.IsAccountID(a.Account) {
		return p, false
	}
	p.class = arnPrincipal
	if a.Service == "iam" && a.Resource == "root" {
		p.class, p.name = accountPrincipal, a.Account
		return p, true
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch a.Service + ":" + kind {
	case "iam:user", "iam:role", "sts:federated-user":
		return p, name != ""
	case "sts:assumed-role":
		role, session, _ := strings.Cut(name, "/")
		return p, role != "" && session != ""
	}
	return p, false
}

// isUniqueID recognizes AIDA…, AROA… and the other unique ids, and a role's id
// with the name of one session ("AROA…:name").
func isUniqueID(s string) bool {
	id, session, found := strings.Cut(s, ":")
	if len(id) < 16 || len(id) > 128 || id[0] != 'A' || found && session == "" {
		return false
	}
	for i := range len(id) {
		if c := id[i]; !(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return !strings.ContainsAny(session, "*?")
}

// names says by which name, if any, p means the caller.
func (p *principalName) names(caller *Principal) level {
	switch p.class {
	case anyPrincipal:
		return everyone
	case accountPrincipal:
		if caller.Account == p.name && caller.inAccount() {
			return ofAccount
		}
	case arnPrincipal:
		return caller.named(p.name)
	case idPrincipal:
		return caller.identified(p.name)
	case servicePrincipal:
		if caller.Type == Service && caller.ARN == p.name {
			return ofSelf
		}
	case federatedPrincipal:
		if caller.Type == Federated && caller.ARN == p.name {
			return ofSelf
		}
	}
	return 0
}

// inAccount reports whether the caller belongs to an account.
func (c *Principal) inAccount() bool {
	return c.Type == User || c.Type == RoleSession || c.Type == FederatedUser || c.Type == Root
}

// base is the ARN of what stands behind a session.
func (c *Principal) base() string {
	switch c.Type {
	case RoleSession:
		return c.Role
	case FederatedUser:
		return c.User
	}
	return ""
}

func (c *Principal) named(name string) level {
	switch {
	case !c.inAccount():
		return 0
	case name == c.ARN:
		return ofSelf
	case name == c.base():
		return ofBase
	}
	return 0
}

func (c *Principal) identified(id string) level {
	if c.ID == "" || !c.inAccount() {
		return 0
	}
	rest, ok := strings.CutPrefix(id, c.ID)
	switch {
	case !ok:
		return 0
	case rest == "" && c.Type == User:
		return ofSelf
	case rest == "":
		return ofBase
	case rest[0] == ':' && c.Session != "" && rest[1:] == c.Session:
		return ofSelf
	}
	return 0
}

// levels are the names a caller has besides being one of everyone.
func (c *Principal) levels() level {
	switch c.Type {
	case User:
		return ofSelf | ofAccount
	case RoleSession, FederatedUser:
		return ofSelf | ofBase | ofAccount
	case Root:
		return ofAccount
	case Service, Federated:
		return ofSelf
	}
	return 0
}

// principalSet is a statement's Principal or NotPrincipal.
type principalSet struct {
	not   bool
	names []principalName
}

// match says by which names the set means the caller; none means that the
// statement does not apply.
//
// NotPrincipal spares a caller a Deny only if all of its names are listed, and
// never one with a permissions boundary; it includes a caller in an Allow only
// if none is. Everyone in an Allow does not include those who prove an outside
// identity: their provider must be named. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html.
func (s *principalSet) match(caller *Principal, deny, bounded bool) level {
	var found level
	for i := range s.names {
		found |= s.names[i].names(caller)
	}
	switch {
	case s.not && deny:
		spared := found&everyone != 0 || found != 0 && found == caller.levels()
		if spared && !bounded {
			return 0
		}
		return everyone
	case s.not:
		if found != 0 || caller.Type == Federated {
			return 0
		}
		return everyone
	case !deny && caller.Type == Federated:
		return found &^ everyone
	}
	return found
}
