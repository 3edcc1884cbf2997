package iam

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// Check is one thing that must be allowed before an operation may run.
type Check struct {
	Action   string // service:Name
	Resource string // an ARN, or "*" for an action without resources
	// Owner is the account that owns the resource; of an action without
	// resources the caller's own. Empty counts as another account.
	Owner arn.AccountID
	// ResourcePolicy is the bucket policy or trust policy, nil for none.
	ResourcePolicy *policy.Policy
	// Context holds the keys of this check alone, such as sts:ExternalId or
	// aws:RequestTag/…; nil for none. Keys that the request as a whole has
	// (aws:PrincipalArn, aws:SourceIp …) come from the Environment and cannot
	// be given here.
	Context policy.Context
}

// Authorize decides one check for the caller of env, from memory. It is the one
// place where anything is decided, for every service. An error means that the
// documents that apply could not be read; it is never an allow.
func (x *IAM) Authorize(env *Environment, check *Check) (policy.Decision, error) {
	docs, err := x.documentsOf(env.Caller, check.ResourcePolicy)
	if err != nil {
		return policy.Decision{}, err
	}
	env.context = checkContext{Environment: env, check: check}
	env.request = policy.Request{
		Principal:       env.Caller.Principal,
		Action:          check.Action,
		Resource:        check.Resource,
		ResourceAccount: string(check.Owner),
		Context:         &env.context,
	}
	return policy.Authorize(&env.request, &docs), nil
}

// Names reports whether a policy that applies to this check names a condition
// key that begins with prefix, in lower case. Context that costs a look-up is
// fetched only then.
func (x *IAM) Names(caller *Caller, resource *policy.Policy, prefix string) (bool, error) {
	docs, err := x.documentsOf(caller, resource)
	if err != nil {
		return false, err
	}
	return docs.MentionsPrefix(prefix), nil
}
