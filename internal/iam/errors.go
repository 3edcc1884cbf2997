package iam

import (
	"errors"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/policy"
)

// The messages below are AWS's own; Terraform and the waiters of the SDKs read
// some of them.

func serviceUnavailable(cause error) error {
	return apierr.ServiceUnavailable.Wrap(cause, "The request has failed due to a temporary failure of the server.")
}

func noSuchUser(name string) error {
	return apierr.NoSuchEntity.New("The user with name %s cannot be found.", name)
}

func noSuchGroup(name string) error {
	return apierr.NoSuchEntity.New("The group with name %s cannot be found.", name)
}

func noSuchRole(name string) error {
	return apierr.NoSuchEntity.New("The role with name %s cannot be found.", name)
}

func noSuchProfile(name string) error {
	return apierr.NoSuchEntity.New("Instance Profile %s cannot be found.", name)
}

func noSuchKey(id string) error {
	return apierr.NoSuchEntity.New("The Access Key with id %s cannot be found.", id)
}

func noSuchManagedPolicy(policyARN string) error {
	return apierr.NoSuchEntity.New("Policy %s was not found.", policyARN)
}

// notAttachable is noSuchManagedPolicy in the words of all operations but
// GetPolicy, GetPolicyVersion and those that detach.
func notAttachable(policyARN string) error {
	return apierr.NoSuchEntity.New("Policy %s does not exist or is not attachable.", policyARN)
}

func noSuchVersion(policyARN, version string) error {
	return apierr.NoSuchEntity.New("Policy %s version %s does not exist or is not attachable.", policyARN, version)
}

func alreadyExists(what, name string) error {
	return apierr.EntityAlreadyExists.New("%s with name %s already exists.", what, name)
}

func limitExceeded(what string, n int) error {
	return apierr.LimitExceeded.New("Cannot exceed quota for %s: %d", what, n)
}

// malformedPolicy turns an error of the policy package into what a client is
// told; other errors stay what they are.
func malformedPolicy(err error) error {
	var e *policy.Error
	if errors.As(err, &e) {
		return apierr.MalformedPolicyDocument.Wrap(errors.New(e.Describe()), "%s", e.Message)
	}
	return err
}
