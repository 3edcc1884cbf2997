package iam

import (
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// boundary checks the managed policy that a request names as a permissions
// boundary: it must be of the same account or AWS's. nil gives "".
func (c *change) boundary(policyARN *string) (string, error) {
	if policyARN == nil {
		return "", nil
	}
	p := c.x.managedPolicy(*policyARN)
	if p == nil || p.Account != c.id && p.Account != awsAccount {
		return "", apierr.NoSuchEntity.New("Scope ARN: %s does not exist or is not attachable.", *policyARN)
	}
	return *policyARN, nil
}

func wireBoundary(policyARN string) *iamwire.AttachedPermissionsBoundary {
	if policyARN == "" {
		return nil
	}
	return &iamwire.AttachedPermissionsBoundary{
		PermissionsBoundaryType: wire.String("Policy"),
		PermissionsBoundaryArn:  wire.String(policyARN),
	}
}
