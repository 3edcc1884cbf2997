package iam

import (
	"fmt"
	"testing"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/store"
)

// full is a change of an account that holds n entities, made in memory only.
func full(n int, put func(a *account, i int)) *change {
	a := newAccount("123456789012")
	for i := range n {
		put(a, i)
	}
	x := &IAM{index: newIndex(), awsManaged: &awsManaged{}}
	x.index.accounts[a.id] = a
	return &change{account: a, x: x, txn: &store.Txn{}}
}

func named(i int) Name {
	return Name{ID: fmt.Sprintf("ID%d", i), Account: "123456789012", Name: fmt.Sprintf("n%d", i), Path: "/"}
}

func TestQuotasOfRolesAndAccounts(t *testing.T) {
	t.Parallel()
	roles := func(n int) error {
		c := full(n, func(a *account, i int) { a.roles.put(&Role{Name: named(i)}) })
		return c.createRole(&Role{Name: Name{ID: "new", Name: "new"}}, &trust{"{}"}, nil)
	}
	profiles := func(n int) error {
		c := full(n, func(a *account, i int) { a.profiles.put(&InstanceProfile{Name: named(i)}) })
		return c.createProfile(&InstanceProfile{Name: Name{ID: "new", Name: "new"}})
	}
	accounts := func(n int) error {
		c := full(0, nil)
		for i := 1; i < n; i++ {
			id := arn.AccountID(fmt.Sprintf("%012d", i))
			c.x.index.accounts[id] = newAccount(id)
		}
		if reason := c.x.whyNoAccount("a@example.com"); reason != "" {
			return fmt.Errorf("%s", reason)
		}
		return nil
	}
	for _, tt := range []struct {
		name string
		make func(int) error
		max  int
		want string
	}{
		{"roles", roles, maxRoles, "LimitExceeded: Cannot exceed quota for RolesPerAccount: 100000"},
		{"instance profiles", profiles, maxInstanceProfiles, "LimitExceeded: Cannot exceed quota for InstanceProfilesPerAccount: 100000"},
		{"accounts", accounts, maxAccounts, "ACCOUNT_LIMIT_EXCEEDED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := tt.make(tt.max - 1); err != nil {
				t.Errorf("number %d: %v; want none", tt.max, err)
			}
			if err := tt.make(tt.max); err == nil || err.Error() != tt.want {
				t.Errorf("number %d: %v; want %s", tt.max+1, err, tt.want)
			}
		})
	}
}
