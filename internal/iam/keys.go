package iam

import (
	"strings"

	"rolecall.dev/rolecall/arn"
)

// The layout of the store. It is frozen: a later version may add prefixes, but
// what stands under these keeps its meaning.
//
//	/rolecall/v1/account/123456789012                 Account
//	/rolecall/v1/head/123456789012                    written by every change of that account
//	/rolecall/v1/user/123456789012/AIDA…              User
//	/rolecall/v1/group/123456789012/AGPA…             Group
//	/rolecall/v1/role/123456789012/AROA…              Role
//	/rolecall/v1/policy/123456789012/ANPA…            ManagedPolicy
//	/rolecall/v1/profile/123456789012/AIPA…           InstanceProfile
//	/rolecall/v1/key/AKIA…                            AccessKey, of whatever account
//	/rolecall/v1/used/key/AKIA…                       Use
//	/rolecall/v1/used/role/AROA…                      Use
//	/rolecall/v1/organization                         Organization
//	/rolecall/v1/createaccount/car-…                  CreateAccountStatus
//	/rolecall/v1/first                                the account that the first start made
//
// Entities stand under their unique id, never under their name, so that a
// rename moves nothing and an entity made anew is another one.
const (
	// Root is the prefix of everything that Rolecall keeps in a store.
	Root = "/rolecall/v1/"

	accountPrefix   = Root + "account/"
	headPrefix      = Root + "head/"
	userPrefix      = Root + "user/"
	groupPrefix     = Root + "group/"
	rolePrefix      = Root + "role/"
	policyPrefix    = Root + "policy/"
	profilePrefix   = Root + "profile/"
	keyPrefix       = Root + "key/"
	keyUsePrefix    = Root + "used/key/"
	roleUsePrefix   = Root + "used/role/"
	organizationKey = Root + "organization"

	createStatusPrefix = Root + "createaccount/"
)

func headKey(account arn.AccountID) string    { return headPrefix + string(account) }
func accountKey(account arn.AccountID) string { return accountPrefix + string(account) }

func entityKey(prefix string, account arn.AccountID, id string) string {
	return prefix + string(account) + "/" + id
}

// splitEntityKey takes apart what entityKey put together.
func splitEntityKey(prefix, key string) (account arn.AccountID, id string, ok bool) {
	a, id, ok := strings.Cut(strings.TrimPrefix(key, prefix), "/")
	return arn.AccountID(a), id, ok
}
