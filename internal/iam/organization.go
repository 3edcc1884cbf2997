package iam

import (
	"cmp"
	"context"
	"slices"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
)

// An installation has at most one organization, and every account of the
// installation belongs to it: the one that made it is its management account,
// the others came by CreateAccount.

const (
	allFeatures  = "ALL"
	activeStatus = "ACTIVE"
	// accountsPage is the most accounts that ListAccounts returns at once.
	accountsPage = 20
)

// CreateOrganization makes the organization, with the caller's account as its
// management account.
func (x *IAM) CreateOrganization(ctx context.Context, caller *Caller, in *orgwire.CreateOrganizationRequest) (*orgwire.CreateOrganizationResponse, error) {
	var made *Organization
	err := x.change(ctx, caller.Account(), func(c *change) error {
		if x.index.organization != nil {
			return apierr.AlreadyInOrganizationException.New("The provided account is already a member of an organization.")
		}
		made = &Organization{
			ID: newLowerID("o-", 10), RootID: newLowerID("r-", 4), Management: c.id, FeatureSet: allFeatures, Created: c.now,
		}
		if in.FeatureSet != nil {
			made.FeatureSet = *in.FeatureSet
		}
		c.txn.Absent(organizationKey)
		c.put(organizationKey, made)
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	return &orgwire.CreateOrganizationResponse{Organization: x.wireOrganization(made)}, nil
}

// DescribeOrganization describes the organization to any of its accounts.
func (x *IAM) DescribeOrganization(ctx context.Context, _ *Caller, _ *wire.Empty) (*orgwire.DescribeOrganizationResponse, error) {
	return readAgain(ctx, x, func() (*orgwire.DescribeOrganizationResponse, error) {
		if x.index.organization == nil {
			return nil, notInOrganization()
		}
		return &orgwire.DescribeOrganizationResponse{Organization: x.wireOrganization(x.index.organization)}, nil
	})
}

// readAgain runs a read with index.mu held, and once more if it fails and memory
// was behind the store.
func readAgain[Out any](ctx context.Context, x *IAM, read func() (Out, error)) (Out, error) {
	locked := func() (Out, error) {
		x.index.mu.RLock()
		defer x.index.mu.RUnlock()
		return read()
	}
	var out Out
	var err error
	settleErr := x.Settle(ctx, func() bool {
		out, err = locked()
		return err == nil
	})
	if settleErr != nil {
		return out, settleErr
	}
	return out, err
}

// ListAccounts lists the accounts of the organization by number.
func (x *IAM) ListAccounts(ctx context.Context, caller *Caller, in *orgwire.ListAccountsRequest) (*orgwire.ListAccountsResponse, error) {
	return readAgain(ctx, x, func() (*orgwire.ListAccountsResponse, error) { return x.listAccounts(caller, in) })
}

func (x *IAM) listAccounts(caller *Caller, in *orgwire.ListAccountsRequest) (*orgwire.ListAccountsResponse, error) {
	organization, err := x.managed(caller)
	if err != nil {
		return nil, err
	}
	size := int32(accountsPage)
	if in.MaxResults != nil {
		size = *in.MaxResults
	}
	accounts, next, err := page(x.index.accountRecords(), func(a *Account) string { return string(a.ID) }, in.NextToken, &size)
	if err != nil {
		return nil, apierr.InvalidInputException.New("You specified an invalid value for nextToken. You must use the value returned by the previous call.")
	}
	out := &orgwire.ListAccountsResponse{Accounts: []orgwire.Account{}, NextToken: next}
	for _, a := range accounts {
		out.Accounts = append(out.Accounts, *organization.wireAccount(a))
	}
	return out, nil
}

// DescribeAccount describes one account of the organization.
func (x *IAM) DescribeAccount(ctx context.Context, caller *Caller, in *orgwire.DescribeAccountRequest) (*orgwire.DescribeAccountResponse, error) {
	return readAgain(ctx, x, func() (*orgwire.DescribeAccountResponse, error) {
		organization, err := x.managed(caller)
		if err != nil {
			return nil, err
		}
		id := arn.AccountID(in.AccountId)
		if !x.index.accountExists(id) {
			return nil, apierr.AccountNotFoundException.New("You specified an account that doesn't exist.")
		}
		return &orgwire.DescribeAccountResponse{Account: organization.wireAccount(x.index.accounts[id].record)}, nil
	})
}

// managed returns the organization to a caller of its management account; others
// may not ask. index.mu is held.
func (x *IAM) managed(caller *Caller) (*Organization, error) {
	switch o := x.index.organization; {
	case o == nil:
		return nil, notInOrganization()
	case o.Management != caller.Account():
		return nil, apierr.AccessDeniedException.New("You don't have permissions to access this resource.")
	default:
		return o, nil
	}
}

func notInOrganization() error {
	return apierr.AWSOrganizationsNotInUse.New("Your account is not a member of an organization.")
}

// accountRecords lists all accounts by number; mu is held.
func (x *index) accountRecords() []*Account {
	var all []*Account
	for _, a := range x.accounts {
		if a.record != nil {
			all = append(all, a.record)
		}
	}
	slices.SortFunc(all, func(a, b *Account) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// AccountResource describes an account as a resource of the organization, whether
// it exists or not. Without an organization it has no name, which is "*".
func (x *IAM) AccountResource(id arn.AccountID) Resource {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	if x.index.organization == nil {
		return Resource{ARN: "*"}
	}
	r := Resource{ARN: x.index.organization.arn("account", "/"+string(id))}
	if x.index.accountExists(id) {
		r.Tags = x.index.accounts[id].record.Tags
	}
	return r
}

// arn names what belongs to the organization: kind/o-… and what follows.
func (o *Organization) arn(kind, rest string) string {
	return arn.ARN{
		Partition: Partition, Service: "organizations", Account: string(o.Management), Resource: kind + "/" + o.ID + rest,
	}.String()
}

// wireOrganization describes the organization. AvailablePolicyTypes is empty:
// there are no policies of organizations here. index.mu is held.
func (x *IAM) wireOrganization(o *Organization) *orgwire.Organization {
	out := &orgwire.Organization{
		Id: wire.String(o.ID), Arn: wire.String(o.arn("organization", "")), FeatureSet: wire.String(o.FeatureSet),
		MasterAccountArn: wire.String(o.arn("account", "/"+string(o.Management))), MasterAccountId: wire.String(string(o.Management)),
		AvailablePolicyTypes: []orgwire.PolicyTypeSummary{},
	}
	if email := x.index.account(o.Management).record.Email; email != "" {
		out.MasterAccountEmail = wire.Secret(email)
	}
	return out
}

// wireAccount describes an account. Like AWS it calls the management account
// invited, since it was there before the organization.
func (o *Organization) wireAccount(a *Account) *orgwire.Account {
	out := &orgwire.Account{
		Id: wire.String(string(a.ID)), Arn: wire.String(o.arn("account", "/"+string(a.ID))), Name: wire.Secret(a.Name),
		Status: wire.String(activeStatus), State: wire.String(activeStatus), JoinedMethod: wire.String("CREATED"), JoinedTimestamp: &a.Created,
		Paths: []string{o.ID + "/" + o.RootID + "/" + string(a.ID) + "/"},
	}
	if a.ID == o.Management {
		out.JoinedMethod, out.JoinedTimestamp = wire.String("INVITED"), &o.Created
	}
	if a.Email != "" {
		out.Email = wire.Secret(a.Email)
	}
	return out
}
