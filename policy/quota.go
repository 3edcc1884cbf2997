package policy

import "unicode/utf8"

// AWS's default quotas, in characters without white space as Size counts them.
// Inline policies share theirs: it limits all of an identity together. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html.
const (
	MaxManaged     = 6144  // a managed policy; boundaries are managed policies
	MaxUserInline  = 2048  // the inline policies of a user
	MaxGroupInline = 5120  // of a group
	MaxRoleInline  = 10240 // of a role
	MaxTrust       = 2048  // a role's trust policy
	MaxSession     = 2048  // a session policy, white space included
	MaxControl     = 5120  // a service or resource control policy
	MaxBucket      = 20480 // a bucket policy, in bytes; other resources have less
	MaxEndpoint    = 20480 // an endpoint policy, white space included
)

// Quota is the most that any document of a kind may have, by AWS's default
// quotas. A document may have to be smaller where it is put: an identity policy
// as a managed one, or inline beside others.
func Quota(kind Kind) int {
	switch kind {
	case Identity:
		return MaxRoleInline
	case Boundary:
		return MaxManaged
	case Trust:
		return MaxTrust
	case Session:
		return MaxSession
	case SCP, RCP:
		return MaxControl
	case Resource:
		return MaxBucket
	case Endpoint:
		return MaxEndpoint
	}
	return 0
}

// QuotaSize is how much of Quota a document uses: its characters, without white
// space except where AWS counts that, too.
func QuotaSize(kind Kind, document string) int {
	switch kind {
	case Session, Endpoint:
		return utf8.RuneCountInString(document)
	case Resource:
		return len(document)
	}
	return Size(document)
}
