package iam

import (
	"slices"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/policy"
)

// identityHosts are the outside identities that a trust policy may name without
// a provider of its own in the account. See "AWS JSON policy elements:
// Principal" in the IAM User Guide.
var identityHosts = [...]string{
	"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com",
}

// ResolvePrincipals returns a trust or bucket policy as it is stored. Users and
// roles, of whatever account, stand in it by unique id (AIDA…, AROA…) and
// sessions of roles as AROA…:name, so that one made anew under an old name
// inherits nothing; accounts stand as the ARN of their root. All other bytes of
// document stay.
//
// A principal that does not exist is MalformedPolicyDocument in the words that
// Terraform waits on: Invalid principal in policy: "AWS":"arn:…". That goes for
// unique ids too: only those of living entities can be given.
func (x *IAM) ResolvePrincipals(document string) (string, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	return x.resolvePrincipals(document)
}

// ShowPrincipals is the inverse of ResolvePrincipals: users and roles that still
// exist are shown by their ARN of today, others by their unique id.
func (x *IAM) ShowPrincipals(document string) string {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	return x.showPrincipals(document)
}

// resolvePrincipals is ResolvePrincipals with index.mu held.
func (x *IAM) resolvePrincipals(document string) (string, error) {
	resolved, err := policy.MapPrincipals(document, func(kind, value string) (string, error) {
		id, ok := x.resolvePrincipal(kind, value)
		if !ok {
			return "", invalidPrincipal(kind, value)
		}
		return id, nil
	})
	return resolved, malformedPolicy(err)
}

// invalidPrincipal spells the kind in capitals, as AWS does.
func invalidPrincipal(kind, value string) error {
	return apierr.MalformedPolicyDocument.New("Invalid principal in policy: %s:%s", strconv.Quote(strings.ToUpper(kind)), strconv.Quote(value))
}

// resolvePrincipal returns what is stored for one principal. It reports false if
// there is no such principal.
func (x *IAM) resolvePrincipal(kind, value string) (string, bool) {
	switch {
	case kind == "Federated":
		// Providers of accounts do not exist, so no ARN of one is good.
		return value, slices.Contains(identityHosts[:], value)
	case kind != "AWS" || value == "*":
		return value, true
	case arn.IsAccountID(value):
		return arn.Root(Partition, arn.AccountID(value)).String(), x.index.accountExists(arn.AccountID(value))
	case !strings.HasPrefix(value, "arn:"):
		_, ok := x.arnOfID(value)
		return value, ok
	}
	name, err := arn.Parse(value)
	if err != nil || name.Partition != Partition || name.Region != "" || !x.index.accountExists(arn.AccountID(name.Account)) {
		return "", false
	}
	return x.resolveARN(name)
}

// resolveARN returns what is stored for the ARN of a principal in an account
// that exists.
func (x *IAM) resolveARN(name arn.ARN) (string, bool) {
	a := x.index.accounts[arn.AccountID(name.Account)]
	switch kind := name.ResourceType(); {
	case name.Service == "iam" && name.Resource == "root":
		return name.String(), true
	case name.Service == "iam" && kind == "user":
		u, ok := a.users.get(name.Name())
		if !ok || u.ARN() != name.String() {
			return "", false
		}
		return u.ID, true
	case name.Service == "iam" && kind == "role":
		r, ok := a.roles.get(name.Name())
		if !ok || r.ARN() != name.String() {
			return "", false
		}
		return r.ID, true
	case name.Service == "sts" && kind == "assumed-role":
		_, names, _ := strings.Cut(name.Resource, "/")
		role, session, _ := strings.Cut(names, "/")
		r, ok := a.roles.get(role)
		if !ok || session == "" || strings.Contains(session, "/") {
			return "", false
		}
		return r.ID + ":" + session, true
	case name.Service == "sts" && kind == "federated-user":
		return name.String(), true // sessions are no entities, so there is no id
	}
	return "", false
}

// showPrincipals is ShowPrincipals with index.mu held.
func (x *IAM) showPrincipals(document string) string {
	shown, err := policy.MapPrincipals(document, func(kind, value string) (string, error) {
		if kind != "AWS" {
			return value, nil
		}
		if name, ok := x.arnOfID(value); ok {
			return name, nil
		}
		return value, nil
	})
	if err != nil {
		return document
	}
	return shown
}

// arnOfID returns the ARN of the user, role or role session that a unique id
// stands for. It reports false if there is none, or not any more.
func (x *IAM) arnOfID(value string) (string, bool) {
	id, session, ofSession := strings.Cut(value, ":")
	if u := x.index.users[id]; u != nil && !ofSession {
		return u.ARN(), true
	}
	r := x.index.roles[id]
	switch {
	case r == nil || ofSession && session == "":
		return "", false
	case ofSession:
		return arn.AssumedRole(Partition, r.Account, r.Name.Name, session).String(), true
	}
	return r.ARN(), true
}

// newTrust checks the trust policy of a request as far as that needs no
// account; resolve finishes it within a change.
func newTrust(text string) (*trust, error) {
	if _, err := policy.Parse(policy.Trust, text); err != nil {
		return nil, malformedPolicy(err)
	}
	if policy.Size(text) > maxTrustPolicySize {
		return nil, limitExceeded("ACLSizePerRole", maxTrustPolicySize)
	}
	return &trust{text}, nil
}

// trust is a trust policy as the client gave it, known to be well formed.
type trust struct{ text string }

func (t *trust) resolve(c *change) (*Document, error) {
	text, err := c.x.resolvePrincipals(t.text)
	if err != nil {
		return nil, err
	}
	return NewDocument(text), nil
}

// accountExists is IAM.AccountExists with mu held.
func (x *index) accountExists(id arn.AccountID) bool {
	a := x.accounts[id]
	return a != nil && a.record != nil
}
