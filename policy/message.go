package policy

var messageKinds = [...]string{"", "identity-based policy", "resource-based policy", "resource-based policy", "permissions boundary",
	"session policy", "service control policy", "resource control policy", "VPC endpoint policy"}

// Message is the tail of AWS's AccessDenied message: "because no identity-based
// policy allows the s3:GetObject action", or "with an explicit deny in a
// resource-based policy". It is empty for an Allow. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
func (d Decision) Message(action string) string {
	if d.Effect == Allow {
		return ""
	}
	kind := d.By
	if kind == 0 || int(kind) >= len(messageKinds) {
		kind = Identity
	}
	name := messageKinds[kind]
	if d.Effect == ExplicitDeny {
		article := "a "
		if kind == Identity {
			article = "an "
		}
		return "with an explicit deny in " + article + name
	}
	return "because no " + name + " allows the " + action + " action"
}
