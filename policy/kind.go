package policy

// Kind is what a policy is attached to, which decides the elements it may have
// and the part it plays in a decision. The zero value is no kind: Parse refuses
// it, and a Decision carries it when no kind of policy had to speak.
type Kind uint8

// The kinds of policy.
const (
	_        Kind = iota
	Identity      // hangs on a user, group or role
	Resource      // hangs on a resource: a bucket policy, queue policy, key policy
	Trust         // the resource policy of a role, for the actions of STS
	Boundary      // limits what identity policies may grant to a user or role
	Session       // limits one session of a role or federated user
	SCP           // service control policy: limits the callers of an account
	RCP           // resource control policy: limits access to an account's resources
	Endpoint      // limits what may be asked through one network endpoint
)

var kindNames = [...]string{"none", "identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"}

// String is the kind's name in lower case, or "none".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "none"
}

// ParseKind is the inverse of String for the eight kinds.
func ParseKind(name string) (Kind, bool) {
	for k := Identity; k <= Endpoint; k++ {
		if kindNames[k] == name {
			return k, true
		}
	}
	return 0, false
}

// hasPrincipal reports whether statements of this kind name principals.
func (k Kind) hasPrincipal() bool {
	return k == Resource || k == Trust || k == RCP || k == Endpoint
}
