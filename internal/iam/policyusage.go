package iam

// The two ways of using a managed policy, as requests name them.
const (
	usedAsPolicy   = "PermissionsPolicy"
	usedAsBoundary = "PermissionsBoundary"
)

// policyUsage is how many users, groups and roles of an account a managed
// policy is attached to, and how many it bounds.
type policyUsage struct{ attached, bounds int }

// count adds n times what an entity uses. The index calls it with every record
// that comes (+1) and goes (-1), so that nobody has to go through the account to
// know whether a policy is in use.
func (a *account) count(p *Permissions, boundary string, n int) {
	for _, policyARN := range p.Attached {
		u := a.usage[policyARN]
		u.attached += n
		a.setUsage(policyARN, u)
	}
	if boundary != "" {
		u := a.usage[boundary]
		u.bounds += n
		a.setUsage(boundary, u)
	}
}

func (a *account) setUsage(policyARN string, u policyUsage) {
	if u == (policyUsage{}) {
		delete(a.usage, policyARN)
		return
	}
	a.usage[policyARN] = u
}
