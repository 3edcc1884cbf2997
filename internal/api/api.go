package api

import (
	"slices"

	"rolecall.dev/rolecall/internal/clock"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/sts"
)

// Rows returns the rows of STS, IAM, Organizations and our own service.
func Rows(x *iam.IAM, s *sts.STS, c *clock.Clock) []gate.Row {
	return slices.Concat(
		tokens(s),
		users(x),
		userPolicies(x),
		groups(x),
		groupPolicies(x),
		roles(x),
		rolePolicies(x),
		policies(x),
		instanceProfiles(x),
		organizations(x),
		clockRows(c),
	)
}
