package policy

// Effect is the outcome of a decision. The zero value denies.
type Effect uint8

// The outcomes.
const (
	ImplicitDeny Effect = iota // nobody said yes
	ExplicitDeny               // somebody said no
	Allow
)

var effectNames = [...]string{"implicit_deny", "explicit_deny", "allow"}

// String is the outcome's name: "implicit_deny", "explicit_deny" or "allow".
func (e Effect) String() string {
	if int(e) < len(effectNames) {
		return effectNames[e]
	}
	return effectNames[ImplicitDeny]
}

// Decision is the outcome of Authorize. The zero value denies.
type Decision struct {
	Effect Effect

	// By is the kind of policy that decided: the one with a matching Deny, the
	// one that lacks an Allow (Identity when nothing grants), or the one that
	// grants. It is zero when an Allow needs no policy.
	By Kind
}

// Allowed reports whether the request may go on.
func (d Decision) Allowed() bool { return d.Effect == Allow }
