package iam

import "rolecall.dev/rolecall/policy"

// AWS's default quotas ("IAM and AWS STS quotas" in the IAM User Guide). Sizes
// are in characters without white space.
const (
	maxAccounts           = 10_000 // AWS's default is 10; see docs/divergences.md
	maxUsers              = 5000
	maxGroups             = 300
	maxRoles              = 100_000 // AWS's default is 1000; see docs/divergences.md
	maxPolicies           = 10_000  // AWS's default is 1500
	maxInstanceProfiles   = 100_000 // AWS's default is 1000
	maxGroupsOfUser       = 10
	maxAccessKeysOfUser   = 2
	maxAttached           = 10
	maxTags               = 50
	maxPolicyVersions     = 5
	maxManagedPolicySize  = policy.MaxManaged
	maxUserInlineSize     = policy.MaxUserInline
	maxGroupInlineSize    = policy.MaxGroupInline
	maxRoleInlineSize     = policy.MaxRoleInline
	maxTrustPolicySize    = policy.MaxTrust
	maxRolesOfProfile     = 1
	defaultSessionSeconds = 3600
)
