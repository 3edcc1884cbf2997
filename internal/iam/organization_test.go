package iam_test

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
)

const (
	notInUse   = "Your account is not a member of an organization."
	notAllowed = "You don't have permissions to access this resource."
)

func makeOrganization(t *testing.T, w *iamtest.World) *orgwire.Organization {
	t.Helper()
	out, err := w.CreateOrganization(t.Context(), w.Admin(t), &orgwire.CreateOrganizationRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return out.Organization
}

// makeAccount asks for an account and returns what became of it.
func makeAccount(t *testing.T, w *iamtest.World, email string) *orgwire.CreateAccountStatus {
	t.Helper()
	out, err := w.CreateAccount(t.Context(), w.Admin(t), &orgwire.CreateAccountRequest{Email: wire.Sensitive(email), AccountName: "Second"})
	if err != nil {
		t.Fatal(err)
	}
	return out.CreateAccountStatus
}

func TestCreateOrganization(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	_, err := w.DescribeOrganization(ctx, admin, &wire.Empty{})
	wants(t, err, apierr.AWSOrganizationsNotInUse, notInUse)
	made := makeOrganization(t, w)
	if !regexp.MustCompile(`^o-[a-z0-9]{10}$`).MatchString(*made.Id) {
		t.Errorf("organization id %q", *made.Id)
	}
	want := &orgwire.Organization{
		Id: made.Id, Arn: wire.String("arn:aws:organizations::123456789012:organization/" + *made.Id), FeatureSet: wire.String("ALL"),
		MasterAccountArn: wire.String("arn:aws:organizations::123456789012:account/" + *made.Id + "/123456789012"),
		MasterAccountId:  wire.String("123456789012"), MasterAccountEmail: wire.Secret("root@rolecall.invalid"), AvailablePolicyTypes: []orgwire.PolicyTypeSummary{},
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("CreateOrganization (-want +got):\n%s", diff)
	}
	member := iamtest.Root(arn.AccountID(*makeAccount(t, w, "a@example.com").AccountId))
	for _, caller := range []*iam.Caller{admin, member} {
		got, err := w.DescribeOrganization(ctx, caller, &wire.Empty{})
		if diff := cmp.Diff(&orgwire.DescribeOrganizationResponse{Organization: want}, got); err != nil || diff != "" {
			t.Errorf("DescribeOrganization by %s: %v (-want +got):\n%s", caller.Account(), err, diff)
		}
		_, err = w.CreateOrganization(ctx, caller, &orgwire.CreateOrganizationRequest{})
		wants(t, err, apierr.AlreadyInOrganizationException, "The provided account is already a member of an organization.")
	}
}

func TestOrganizationIsForItsManagementAccount(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	operations := func(caller *iam.Caller) map[string]error {
		_, create := w.CreateAccount(ctx, caller, &orgwire.CreateAccountRequest{Email: "x@example.com", AccountName: "X"})
		_, status := w.DescribeCreateAccountStatus(ctx, caller, &orgwire.DescribeCreateAccountStatusRequest{CreateAccountRequestId: "car-00000000"})
		_, list := w.ListAccounts(ctx, caller, &orgwire.ListAccountsRequest{})
		_, describe := w.DescribeAccount(ctx, caller, &orgwire.DescribeAccountRequest{AccountId: "123456789012"})
		return map[string]error{"CreateAccount": create, "DescribeCreateAccountStatus": status, "ListAccounts": list, "DescribeAccount": describe}
	}
	for name, err := range operations(admin) {
		t.Run(name+" before", func(t *testing.T) { wants(t, err, apierr.AWSOrganizationsNotInUse, notInUse) })
	}
	makeOrganization(t, w)
	member := iamtest.Root(arn.AccountID(*makeAccount(t, w, "a@example.com").AccountId))
	for name, err := range operations(member) {
		t.Run(name+" by a member", func(t *testing.T) { wants(t, err, apierr.AccessDeniedException, notAllowed) })
	}
	_, err := w.DescribeAccount(ctx, admin, &orgwire.DescribeAccountRequest{AccountId: "000000000000"})
	wants(t, err, apierr.AccountNotFoundException, "You specified an account that doesn't exist.")
	_, err = w.DescribeCreateAccountStatus(ctx, admin, &orgwire.DescribeCreateAccountStatusRequest{CreateAccountRequestId: "car-00000000"})
	wants(t, err, apierr.CreateAccountStatusNotFound, "We can't find an create account request with the CreateAccountRequestId that you specified.")
}

func TestCreateAccount(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	organization := makeOrganization(t, w)
	status := makeAccount(t, w, "second@example.com")
	if *status.State != "SUCCEEDED" || !regexp.MustCompile(`^car-[a-z0-9]{32}$`).MatchString(*status.Id) || !regexp.MustCompile(`^[1-9][0-9]{11}$`).MatchString(*status.AccountId) {
		t.Fatalf("status %s, id %s, account %s", *status.State, *status.Id, *status.AccountId)
	}
	failed := makeAccount(t, w, "SECOND@example.com")
	if *failed.State != "FAILED" || *failed.FailureReason != "EMAIL_ALREADY_EXISTS" || failed.AccountId != nil {
		t.Errorf("an email address in use: state %s, account %v", *failed.State, failed.AccountId)
	}
	for _, want := range []*orgwire.CreateAccountStatus{status, failed} {
		got, err := w.Node(t).DescribeCreateAccountStatus(ctx, admin, &orgwire.DescribeCreateAccountStatusRequest{CreateAccountRequestId: *want.Id})
		if diff := cmp.Diff(&orgwire.DescribeCreateAccountStatusResponse{CreateAccountStatus: want}, got); err != nil || diff != "" {
			t.Errorf("DescribeCreateAccountStatus(%s): %v (-want +got):\n%s", *want.Id, err, diff)
		}
	}
	got, err := w.DescribeAccount(ctx, admin, &orgwire.DescribeAccountRequest{AccountId: *status.AccountId})
	if err != nil {
		t.Fatal(err)
	}
	want := &orgwire.Account{
		Id: status.AccountId, Arn: wire.String("arn:aws:organizations::123456789012:account/" + *organization.Id + "/" + *status.AccountId),
		Email: wire.Secret("second@example.com"), Name: wire.Secret("Second"), Status: wire.String("ACTIVE"), State: wire.String("ACTIVE"),
		Paths: got.Account.Paths, JoinedMethod: wire.String("CREATED"), JoinedTimestamp: wire.Time(w.Now()),
	}
	if diff := cmp.Diff(want, got.Account); diff != "" {
		t.Errorf("DescribeAccount (-want +got):\n%s", diff)
	}
}

func TestNewAccountHasItsWayIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		given *string
		want  string
	}{{nil, "OrganizationAccountAccessRole"}, {wire.String("Entrance"), "Entrance"}} {
		t.Run(tt.want, func(t *testing.T) {
			t.Parallel()
			w := iamtest.New(t)
			ctx := t.Context()
			makeOrganization(t, w)
			out, err := w.CreateAccount(ctx, w.Admin(t), &orgwire.CreateAccountRequest{Email: "a@example.com", AccountName: "A", RoleName: tt.given})
			if err != nil {
				t.Fatal(err)
			}
			root := iamtest.Root(arn.AccountID(*out.CreateAccountStatus.AccountId))
			want := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"sts:AssumeRole"}]}`
			if got := trustOf(t, w.IAM, root, tt.want); got != want {
				t.Errorf("trust %s; want %s", got, want)
			}
			attached, err := w.ListAttachedRolePolicies(ctx, root, &iamwire.ListAttachedRolePoliciesRequest{RoleName: tt.want})
			if err != nil || len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyArn != "arn:aws:iam::aws:policy/AdministratorAccess" {
				t.Errorf("attached %+v, %v; want AdministratorAccess", attached, err)
			}
			makeUser(t, w.IAM, root, "/", "u") // the account can be changed like any other
			if _, err := w.ResolvePrincipals(trusting("arn:aws:iam::" + string(root.Account()) + ":user/u")); err != nil {
				t.Errorf("a user of the new account as a principal: %v", err)
			}
		})
	}
}

func TestCreateAccountTags(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	makeOrganization(t, w)
	create := func(tags ...orgwire.Tag) (*orgwire.CreateAccountResponse, error) {
		return w.CreateAccount(t.Context(), w.Admin(t), &orgwire.CreateAccountRequest{Email: "a@example.com", AccountName: "A", Tags: tags})
	}
	_, err := create(orgwire.Tag{Key: "a"}, orgwire.Tag{Key: "a"})
	wants(t, err, apierr.InvalidInputException, "Tag keys must be unique: the key a is given twice.")
	_, err = create(orgwire.Tag{Key: "a", Value: "1"}, orgwire.Tag{Key: "A", Value: "2"})
	wants(t, err, apierr.InvalidInputException, "Tag keys must be unique: the key A is given twice.")
	_, err = create(orgwire.Tag{Key: "AWS:a"})
	wants(t, err, apierr.InvalidInputException, "Tag keys that begin with aws: are reserved for system use.")
	many := make([]orgwire.Tag, 51)
	for i := range many {
		many[i].Key = fmt.Sprint(i)
	}
	_, err = create(many...)
	wants(t, err, apierr.InvalidInputException, "A resource cannot have more than 50 tags.")
	out, err := w.CreateAccount(t.Context(), w.Admin(t), &orgwire.CreateAccountRequest{
		Email: "b@example.com", AccountName: "B", Tags: []orgwire.Tag{{Key: "a", Value: "1"}, {Key: "B", Value: "2"}},
	})
	wants(t, err, nil, "")
	resource := w.AccountResource(arn.AccountID(*out.CreateAccountStatus.AccountId))
	if diff := cmp.Diff([]iam.Tag{{Key: "a", Value: "1"}, {Key: "B", Value: "2"}}, resource.Tags); diff != "" {
		t.Errorf("tags of the account (-want +got):\n%s", diff)
	}
}

func TestListAccountsByPages(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	makeOrganization(t, w)
	want := map[string]bool{"123456789012": true}
	for i := range 24 {
		want[*makeAccount(t, w, fmt.Sprintf("a%d@example.com", i)).AccountId] = true
	}
	got := map[string]bool{}
	in := &orgwire.ListAccountsRequest{}
	for pages := 1; ; pages++ {
		out, err := w.ListAccounts(t.Context(), w.Admin(t), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.Accounts {
			got[*a.Id] = true
		}
		if out.NextToken == nil {
			if pages != 2 {
				t.Errorf("%d pages; want 2", pages)
			}
			break
		}
		in.NextToken = out.NextToken
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	_, err := w.ListAccounts(t.Context(), w.Admin(t), &orgwire.ListAccountsRequest{NextToken: wire.String("x")})
	wants(t, err, apierr.InvalidInputException, "You specified an invalid value for nextToken. You must use the value returned by the previous call.")
}

// Two nodes are asked for accounts with the same addresses at the same time: of
// each address one account comes to be, and both nodes know all of them.
func TestTwoNodesMakeAccounts(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	makeOrganization(t, w)
	const addresses = 12
	nodes := []*iam.IAM{w.IAM, w.Node(t)}
	var mu sync.Mutex
	states := map[string]int{}
	var wg sync.WaitGroup
	for _, node := range nodes {
		for i := range addresses {
			wg.Go(func() {
				out, err := node.CreateAccount(context.WithoutCancel(t.Context()), admin, &orgwire.CreateAccountRequest{
					Email: wire.Sensitive(fmt.Sprintf("a%d@example.com", i)), AccountName: "A",
				})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				states[*out.CreateAccountStatus.State]++
			})
		}
	}
	wg.Wait()
	if diff := cmp.Diff(map[string]int{"SUCCEEDED": addresses, "FAILED": addresses}, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	for i, node := range nodes {
		if err := node.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		out, err := node.ListAccounts(t.Context(), admin, &orgwire.ListAccountsRequest{MaxResults: wire.Int32(20)})
		if err != nil || len(out.Accounts) != addresses+1 {
			t.Errorf("node %d lists %d accounts, %v; want %d", i, len(out.Accounts), err, addresses+1)
		}
	}
}

// Two nodes make the organization at the same time: one of them does.
func TestTwoNodesMakeTheOrganization(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	errs := make([]error, 2)
	var wg sync.WaitGroup
	for i, node := range []*iam.IAM{w.IAM, w.Node(t)} {
		wg.Go(func() { _, errs[i] = node.CreateOrganization(t.Context(), admin, &orgwire.CreateOrganizationRequest{}) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("errors %v and %v; want one success", errs[0], errs[1])
	}
}
