package policy

// messageKinds is what AWS calls each kind in its AccessDenied messages.
var messageKinds = [...]string{
	"", "identity-based policy", "resource-based policy", "role trust policy", "permissions boundary",
	"session policy", "service control policy", "resource control policy", "VPC endpoint policy",
}

// describe is the kind as a message names it. No kind counts as identity: who
// lacks everything lacks an identity-based policy first.
func (k Kind) describe() string {
	if k == 0 || int(k) >= len(messageKinds) {
		k = Identity
	}
	return messageKinds[k]
}

// Message is the tail of AWS's AccessDenied message: "because no identity-based
// policy allows the s3:GetObject action", or "with an explicit deny in a
// resource-based policy". It is empty for an Allow. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
func (d Decision) Message(action string) string {
	switch {
	case d.Effect == Allow:
		return ""
	case d.Effect != ExplicitDeny:
		return "because no " + d.By.describe() + " allows the " + action + " action"
	}
	article := "a"
	switch d.By {
	case Identity:
		article = "an"
	case Trust:
		article = "the"
	}
	return "with an explicit deny in " + article + " " + d.By.describe()
}
