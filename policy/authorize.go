package policy

import "strings"

// Authorize decides one request. It is pure and allocates nothing.
//
// Every applicable Deny is looked for before anything is allowed. Then what
// limits the caller must allow (service control policies level by level, the
// endpoint), and somebody must grant; what a grant still needs depends on whom
// it names and on whether caller and resource are in one account. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html.
//
// A nil docs is the same as an empty one. A request that is not well formed is
// denied.
func Authorize(req *Request, docs *Documents) Decision {
	if docs == nil {
		docs = &Documents{}
	}
	if needsNoPermission(req) {
		return Decision{Effect: Allow}
	}
	var e evaluation
	if !e.begin(req, docs) {
		return Decision{Effect: ImplicitDeny, By: Identity}
	}
	var f findings
	if kind := f.collect(&e, docs); kind != 0 {
		return Decision{Effect: ExplicitDeny, By: kind}
	}
	return f.decide(req, docs)
}

// needsNoPermission reports whether the action is open to every signed caller,
// whatever the policies say. See
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
func needsNoPermission(req *Request) bool {
	const action = "sts:GetCallerIdentity"
	return len(req.Action) == len(action) && req.Principal.inAccount() && strings.EqualFold(req.Action, action)
}

// findings is what each kind of policy allows.
type findings struct {
	scp, endpoint     bool
	boundary, session bool
	identity          bool
	resource          level
}

// collect asks every policy and returns the kind of one that denies, or 0.
func (f *findings) collect(e *evaluation, docs *Documents) Kind {
	if !serviceLinked(&e.req.Principal) {
		if kind := f.collectOrganization(e, docs); kind != 0 {
			return kind
		}
	} else {
		f.scp = true
	}
	endpoint := docs.Endpoint.run(e)
	resource := docs.Resource.run(e)
	boundary := docs.Boundary.run(e)
	identity, identityDenies := runAll(docs.Identity, e)
	session, sessionDenies := runAll(docs.Session, e)
	f.endpoint = docs.Endpoint == nil || endpoint.allow != 0
	f.resource = resource.allow
	f.identity = identity
	f.boundary = docs.Boundary == nil || boundary.allow != 0
	f.session = session || len(docs.Session) == 0 && e.req.Principal.Type != FederatedUser
	switch {
	case endpoint.deny:
		return Endpoint
	case resource.deny:
		return docs.resourceKind()
	case identityDenies:
		return Identity
	case boundary.deny:
		return Boundary
	case sessionDenies:
		return Session
	}
	return 0
}

// collectOrganization asks the control policies. Every level of service control
// policies must allow; resource control policies only deny.
func (f *findings) collectOrganization(e *evaluation, docs *Documents) Kind {
	f.scp = true
	for _, policies := range docs.SCPs {
		allows, denies := runAll(policies, e)
		if denies {
			return SCP
		}
		f.scp = f.scp && allows
	}
	for _, policies := range docs.RCPs {
		if _, denies := runAll(policies, e); denies {
			return RCP
		}
	}
	return 0
}

func runAll(policies []*Policy, e *evaluation) (allows, denies bool) {
	for _, p := range policies {
		v := p.run(e)
		allows = allows || v.allow != 0
		denies = denies || v.deny
	}
	return allows, denies
}

// serviceLinked reports whether the caller is a session of a service-linked
// role, which control policies do not reach.
func serviceLinked(p *Principal) bool {
	return p.Type == RoleSession && strings.Contains(p.Role, ":role/aws-service-role/")
}

// resourceKind is the kind under which the resource's policy is reported.
func (docs *Documents) resourceKind() Kind {
	if docs.Resource != nil && docs.Resource.kind == Trust {
		return Trust
	}
	return Resource
}

// decide weighs the findings when nobody denied.
func (f *findings) decide(req *Request, docs *Documents) Decision {
	switch {
	case !f.scp:
		return Decision{By: SCP}
	case !f.endpoint:
		return Decision{By: Endpoint}
	}
	if docs.Resource != nil && !docs.Resource.kind.hasPrincipal() {
		f.resource = 0
	}
	same := req.Principal.Account != "" && req.Principal.Account == req.ResourceAccount
	switch req.Principal.Type {
	case Service, Federated, Anonymous:
		return f.byResourceAlone(docs)
	case Root:
		return f.forRoot(req, docs, same)
	}
	if same {
		return f.withinAccount(req, docs)
	}
	return f.acrossAccounts(req, docs)
}

// byResourceAlone is for callers without identity policies.
func (f *findings) byResourceAlone(docs *Documents) Decision {
	if f.resource == 0 {
		return Decision{By: docs.resourceKind()}
	}
	return Decision{Effect: Allow, By: docs.resourceKind()}
}

// forRoot decides for an account's root user, which needs no permission in its
// own account. It cannot assume roles: see
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
func (f *findings) forRoot(req *Request, docs *Documents, same bool) Decision {
	switch needs := requirementOf(req, docs); {
	case needs == ownTrust, strings.EqualFold(req.Action, "sts:AssumeRole"):
		return Decision{By: Trust}
	case same && needs == ownNothing:
		return Decision{Effect: Allow}
	}
	return f.byResourceAlone(docs)
}

// requirement is what a resource asks of its own policy even within an account.
type requirement uint8

const (
	ownNothing requirement = iota
	ownPolicy              // the resource's policy must name at least the account
	ownTrust               // the same, and no grant escapes the caller's limits
)

// requirementOf tells roles and KMS keys, whose own policy must always allow,
// from other resources. Every key has a policy, so that one which is not given
// allows nothing. A role's is asked for only if it is given: without it the
// identity policies are decided on alone. See
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html.
func requirementOf(req *Request, docs *Documents) requirement {
	const kms = "kms:"
	switch {
	case docs.Resource != nil && docs.Resource.kind == Trust:
		return ownTrust
	case len(req.Action) > len(kms) && strings.EqualFold(req.Action[:len(kms)], kms) && strings.Contains(req.Resource, ":key/"):
		return ownPolicy
	}
	return ownNothing
}

// withinAccount decides for a user or session and a resource of its account.
//
// Whom the resource's policy names counts. The caller itself, or everyone: the
// grant stands alone, and neither boundary nor session policy takes it away by
// silence (save for a role's trust policy). The role of a session, or the user
// of a federated one: no identity policy is needed, but the limits hold. Only
// the account: that leaves the decision to the identity policies.
func (f *findings) withinAccount(req *Request, docs *Documents) Decision {
	needs := requirementOf(req, docs)
	if f.resource&(everyone|ofSelf) != 0 && needs != ownTrust {
		return Decision{Effect: Allow, By: Resource}
	}
	direct := f.resource&(everyone|ofSelf|ofBase) != 0
	switch {
	case !direct && !f.identity:
		return Decision{By: Identity}
	case !direct && needs != ownNothing && f.resource == 0:
		return Decision{By: docs.lacking(needs)}
	}
	by := Identity
	if !f.identity || direct && needs == ownTrust {
		by = docs.resourceKind()
	}
	return f.limited(by)
}

// lacking is the kind to name when a resource's own policy does not allow.
func (docs *Documents) lacking(needs requirement) Kind {
	if needs == ownTrust {
		return Trust
	}
	return docs.resourceKind()
}

// acrossAccounts decides when caller and resource are in different accounts:
// both sides must allow.
func (f *findings) acrossAccounts(req *Request, docs *Documents) Decision {
	switch {
	case !f.identity:
		return Decision{By: Identity}
	case f.resource == 0:
		return Decision{By: docs.lacking(requirementOf(req, docs))}
	}
	return f.limited(Identity)
}

// limited is an Allow by a kind, if boundary and session policies allow too.
func (f *findings) limited(by Kind) Decision {
	switch {
	case !f.boundary:
		return Decision{By: Boundary}
	case !f.session:
		return Decision{By: Session}
	}
	return Decision{Effect: Allow, By: by}
}
