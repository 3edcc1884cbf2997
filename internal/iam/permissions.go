package iam

// holder is a user, group or role as the operations on its policies see it. Its
// Permissions are a copy whose map and slice still belong to the stored record:
// replace them, never write into them. put stores the entity with them.
type holder struct {
	Permissions
	sort *holderSort
	name string
	put  func(*change, Permissions)
}

// holderSort is what differs between users, groups and roles.
type holderSort struct {
	noun          string // in messages
	attachedQuota string // AWS's name of the quota on attached policies
	maxInlineSize int    // of all inline policies together
}

var (
	userSort  = holderSort{"user", "PoliciesPerUser", maxUserInlineSize}
	groupSort = holderSort{"group", "PoliciesPerGroup", maxGroupInlineSize}
	roleSort  = holderSort{"role", "PoliciesPerRole", maxRoleInlineSize}
)

// finder looks up a holder in an account, or returns NoSuchEntity. index.mu is held.
type finder func(*account) (*holder, error)

func findUser(name string) finder {
	return func(a *account) (*holder, error) {
		u, ok := a.users.get(name)
		if !ok {
			return nil, noSuchUser(name)
		}
		return &holder{u.Permissions, &userSort, name, func(c *change, p Permissions) {
			changed := *u
			changed.Permissions = p
			c.putUser(&changed)
		}}, nil
	}
}

func findGroup(name string) finder {
	return func(a *account) (*holder, error) {
		g, ok := a.groups.get(name)
		if !ok {
			return nil, noSuchGroup(name)
		}
		return &holder{g.Permissions, &groupSort, name, func(c *change, p Permissions) {
			changed := *g
			changed.Permissions = p
			c.putGroup(&changed)
		}}, nil
	}
}

func findRole(name string) finder {
	return func(a *account) (*holder, error) {
		r, ok := a.roles.get(name)
		if !ok {
			return nil, noSuchRole(name)
		}
		return &holder{r.Permissions, &roleSort, name, func(c *change, p Permissions) {
			changed := *r
			changed.Permissions = p
			c.putRole(&changed)
		}}, nil
	}
}

// holder looks up a holder for reading. What it returns never changes.
func (x *IAM) holder(caller *Caller, find finder) (*holder, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	return find(x.index.account(caller.Account()))
}
