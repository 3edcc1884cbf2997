package policy

// PrincipalType is the sort of caller a request comes from. The zero value is
// no type; a request with it is denied.
type PrincipalType uint8

// The sorts of caller.
const (
	_             PrincipalType = iota
	User                        // an IAM user
	RoleSession                 // a session of an assumed role
	FederatedUser               // a session of GetFederationToken
	Root                        // an account's root user
	Service                     // a service calling for itself
	Federated                   // somebody who proves an outside identity to STS
	Anonymous                   // an unsigned request
)

var principalTypeNames = [...]string{"", "user", "role_session", "federated_user", "root", "service", "federated", "anonymous"}

// String is the type's name in lower case, or "" for none.
func (t PrincipalType) String() string {
	if int(t) < len(principalTypeNames) {
		return principalTypeNames[t]
	}
	return ""
}

// ParsePrincipalType is the inverse of String for the seven types.
func ParsePrincipalType(name string) (PrincipalType, bool) {
	for t := User; t <= Anonymous; t++ {
		if principalTypeNames[t] == name {
			return t, true
		}
	}
	return 0, false
}

// Principal is the caller.
type Principal struct {
	Type PrincipalType

	// ARN is the user, the session (assumed-role or federated-user) or the root
	// user; for a service its principal name ("ec2.amazonaws.com"); for an
	// outside identity its provider (an ARN, or a host name such as
	// "accounts.google.com"); empty for an anonymous caller.
	ARN string

	// Account is the caller's account; for an outside identity that of the role
	// it asks for; empty for services and anonymous callers.
	Account string

	// Role is the ARN, with its path, of a RoleSession's role.
	Role string

	// User is the ARN of the IAM user behind a FederatedUser.
	User string

	// ID is the unique id of the user or role behind the caller (AIDA…, AROA…).
	// A Principal element may name it instead of an ARN. Empty if there is none.
	ID string

	// Session is the session's name, which a Principal element may add to an
	// id ("AROA…:name").
	Session string
}

// Request is what is to be decided: who wants to do what, to which resource.
type Request struct {
	Principal Principal

	// Action is "service:Name".
	Action string

	// Resource is a full ARN, or "*" for an action that has no resource.
	Resource string

	// ResourceAccount is the account that owns the resource. Empty means that
	// it is not known, which counts as an account of its own.
	ResourceAccount string

	// Context holds the condition keys. Nil means none.
	Context Context
}

// Documents are the policies that apply to a request. A nil or empty field
// means that there is no policy of that kind, which for the kinds that limit
// (all but Identity and Resource) means: no limit.
type Documents struct {
	// Identity holds the policies of the user and its groups, or of the role.
	Identity []*Policy

	// Boundary is the permissions boundary of the user or role.
	Boundary *Policy

	// Session holds the session policies. A request must be allowed by one of
	// them (they are read as one document).
	Session []*Policy

	// Resource is the resource's policy; for the actions of STS upon a role it
	// is the role's trust policy, parsed as Trust. Roles and KMS keys always
	// have one and it must be given. Without it nothing but a key is refused to
	// the account's own identity policies, which is right for other resources
	// than roles only.
	Resource *Policy

	// SCPs holds the service control policies above the caller's account, one
	// entry for each level, root first. Each level must allow.
	SCPs [][]*Policy

	// RCPs holds the resource control policies above the resource's account. A
	// policy that allows all is understood to hang on every level besides.
	RCPs [][]*Policy

	// Endpoint is the policy of the endpoint that the request came through.
	Endpoint *Policy
}
