package iam

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
)

// CreateAccountStatus is what became of one request to make an account. It is
// kept whether the account came to be or not.
type CreateAccountStatus struct {
	ID        string        `json:"id"` // car-…
	Name      string        `json:"name"`
	State     string        `json:"state"`
	Requested time.Time     `json:"requested"`
	Completed time.Time     `json:"completed"`
	Account   arn.AccountID `json:"account,omitempty"`
	// FailureReason is empty unless State is stateFailed.
	FailureReason string `json:"failureReason,omitempty"`
}

// How a request to make an account ends, and why one fails, as the wire spells it.
const (
	stateSucceeded  = "SUCCEEDED"
	stateFailed     = "FAILED"
	emailExists     = "EMAIL_ALREADY_EXISTS"
	tooManyAccounts = "ACCOUNT_LIMIT_EXCEEDED"
)

// defaultAccessRole is the role of a new account when the request names none.
const defaultAccessRole = "OrganizationAccountAccessRole"

// CreateAccount makes an account in the organization, together with a role in it
// that trusts the management account and may do everything: the way in. One
// transaction makes all of it, so the answer already says how it ended; what
// AWS reports only later (an email address in use) is a FAILED status too.
//
// The head of the management account serializes these requests on all nodes.
// IamUserAccessToBilling is accepted and means nothing: there is no billing.
func (x *IAM) CreateAccount(ctx context.Context, caller *Caller, in *orgwire.CreateAccountRequest) (*orgwire.CreateAccountResponse, error) {
	tags, err := newAccountTags(in.Tags)
	if err != nil {
		return nil, err
	}
	var status *CreateAccountStatus
	err = x.change(ctx, caller.Account(), func(c *change) error {
		if _, err := x.managed(caller); err != nil {
			return err
		}
		status = &CreateAccountStatus{
			ID: newLowerID("car-", 32), Name: string(in.AccountName), State: stateSucceeded, Requested: c.now, Completed: c.now,
		}
		if reason := x.whyNoAccount(string(in.Email)); reason != "" {
			status.State, status.FailureReason = stateFailed, reason
		} else {
			account := &Account{
				ID: x.freeAccountID(), Name: string(in.AccountName), Email: string(in.Email), Created: c.now,
				CreateStatus: status.ID, Tags: tags,
			}
			status.Account = account.ID
			c.makeAccount(account, accessRole(account, caller.Account(), in.RoleName))
		}
		c.put(createStatusPrefix+status.ID, status)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &orgwire.CreateAccountResponse{CreateAccountStatus: status.wire()}, nil
}

// DescribeCreateAccountStatus tells what became of a CreateAccount.
func (x *IAM) DescribeCreateAccountStatus(ctx context.Context, caller *Caller, in *orgwire.DescribeCreateAccountStatusRequest) (*orgwire.DescribeCreateAccountStatusResponse, error) {
	return readAgain(ctx, x, func() (*orgwire.DescribeCreateAccountStatusResponse, error) {
		if _, err := x.managed(caller); err != nil {
			return nil, err
		}
		status := x.index.createStatuses[in.CreateAccountRequestId]
		if status == nil {
			return nil, apierr.CreateAccountStatusNotFound.New("We can't find an create account request with the CreateAccountRequestId that you specified.")
		}
		return &orgwire.DescribeCreateAccountStatusResponse{CreateAccountStatus: status.wire()}, nil
	})
}

// makeAccount adds an account with its first role to the change, on the condition
// that nobody has its number.
func (c *change) makeAccount(account *Account, role *Role) {
	head := headKey(account.ID)
	c.txn.Absent(head).Absent(accountKey(account.ID))
	c.txn.Put(head, headValue(c.now))
	c.put(accountKey(account.ID), account)
	c.put(entityKey(rolePrefix, account.ID, role.ID), role)
}

// accessRole is the role by which the management account enters a new account.
func accessRole(account *Account, management arn.AccountID, name *string) *Role {
	role := &Role{
		Name:               Name{ID: newUniqueID(roleIDPrefix), Account: account.ID, Name: defaultAccessRole, Path: "/", Created: account.Created},
		Permissions:        Permissions{Attached: []string{administratorAccess}},
		Trust:              NewDocument(fmt.Sprintf(accessRoleTrust, arn.Root(Partition, management))),
		MaxSessionDuration: defaultSessionSeconds,
	}
	if name != nil && *name != "" {
		role.Name.Name = *name
	}
	return role
}

const accessRoleTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}]}`

// whyNoAccount returns the reason why no account with this email address can be
// made, or "". index.mu is held.
func (x *IAM) whyNoAccount(email string) string {
	if len(x.index.accounts) >= maxAccounts {
		return tooManyAccounts
	}
	for _, a := range x.index.accounts {
		if a.record != nil && strings.EqualFold(a.record.Email, email) {
			return emailExists
		}
	}
	return ""
}

// freeAccountID returns an account number that memory does not know. index.mu is
// held; the transaction makes sure of the store.
func (x *IAM) freeAccountID() arn.AccountID {
	for {
		if id := newAccountID(); x.index.accounts[id] == nil {
			return id
		}
	}
}

// newAccountTags takes the tags of a new account, whose keys must differ by more
// than case: of two that are one key to a condition (aws:RequestTag, whose name
// has no case), only one would be judged.
func newAccountTags(in []orgwire.Tag) ([]Tag, error) {
	var tags []Tag
	seen := make(map[string]bool, len(in))
	for _, t := range in {
		lower := strings.ToLower(t.Key)
		if seen[lower] {
			return nil, apierr.InvalidInputException.New("Tag keys must be unique: the key %s is given twice.", t.Key)
		}
		if strings.HasPrefix(lower, "aws:") {
			return nil, apierr.InvalidInputException.New("Tag keys that begin with aws: are reserved for system use.")
		}
		seen[lower] = true
		tags = append(tags, Tag(t))
	}
	if len(tags) > maxTags {
		return nil, apierr.InvalidInputException.New("A resource cannot have more than %d tags.", maxTags)
	}
	return tags, nil
}

func (s *CreateAccountStatus) wire() *orgwire.CreateAccountStatus {
	out := &orgwire.CreateAccountStatus{
		Id: wire.String(s.ID), AccountName: wire.Secret(s.Name), State: wire.String(s.State),
		RequestedTimestamp: wire.Time(s.Requested), CompletedTimestamp: wire.Time(s.Completed),
	}
	if s.Account != "" {
		out.AccountId = wire.String(string(s.Account))
	}
	if s.FailureReason != "" {
		out.FailureReason = wire.String(s.FailureReason)
	}
	return out
}

// readCreateStatus keeps the status of one request in memory.
func (x *index) readCreateStatus(e *store.Event) (func(), error) {
	return decode(e, func(s *CreateAccountStatus) {
		if s == nil {
			delete(x.createStatuses, e.Key[len(createStatusPrefix):])
			return
		}
		x.createStatuses[s.ID] = s
	})
}
