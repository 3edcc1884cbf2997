package api

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
)

// organizations are the rows of Organizations.
func organizations(x *iam.IAM) []gate.Row {
	return []gate.Row{
		withParameters(changes(orgService, "CreateOrganization", func(r *gate.Request, _ *orgwire.CreateOrganizationRequest) ([]iam.Check, error) {
			return onAll(r, "organizations:CreateOrganization"), nil
		}, x.CreateOrganization), createOrganizationParameters),
		reads(orgService, "DescribeOrganization", func(r *gate.Request, _ *wire.Empty) ([]iam.Check, error) {
			return onAll(r, "organizations:DescribeOrganization"), nil
		}, x.DescribeOrganization),

		withElements(withParameters(changes(orgService, "CreateAccount", func(r *gate.Request, in *orgwire.CreateAccountRequest) ([]iam.Check, error) {
			tags := make([]iamwire.Tag, len(in.Tags))
			for i, t := range in.Tags {
				tags[i] = iamwire.Tag(t)
			}
			return withTagging(onAll(r, "organizations:CreateAccount", requestTags(tags)...), "organizations:TagResource", tags), nil
		}, x.CreateAccount), createAccountParameters), createAccountElements),
		withParameters(reads(orgService, "DescribeCreateAccountStatus", func(r *gate.Request, _ *orgwire.DescribeCreateAccountStatusRequest) ([]iam.Check, error) {
			return onAll(r, "organizations:DescribeCreateAccountStatus"), nil
		}, x.DescribeCreateAccountStatus), createAccountStatusParameters),
		withParameters(reads(orgService, "ListAccounts", func(r *gate.Request, _ *orgwire.ListAccountsRequest) ([]iam.Check, error) {
			return onAll(r, "organizations:ListAccounts"), nil
		}, x.ListAccounts), listAccountsParameters),
		withParameters(reads(orgService, "DescribeAccount", func(r *gate.Request, in *orgwire.DescribeAccountRequest) ([]iam.Check, error) {
			return on(r, "organizations:DescribeAccount", x.AccountResource(arn.AccountID(in.AccountId))), nil
		}, x.DescribeAccount), describeAccountParameters),
	}
}

// createAccountElements are what CloudTrail keeps of the answer: which account
// came to be, but neither its name nor its address.
func createAccountElements(answer any) []audit.Field {
	status := answer.(*orgwire.CreateAccountResponse).CreateAccountStatus
	fields := []audit.Field{audit.String("id", *status.Id), audit.String("state", *status.State)}
	if status.AccountId != nil {
		fields = append(fields, audit.String("accountId", *status.AccountId))
	}
	if status.FailureReason != nil {
		fields = append(fields, audit.String("failureReason", *status.FailureReason))
	}
	return []audit.Field{audit.Object("createAccountStatus", fields...)}
}

// onAll is the check of an action that has no resource of its own.
func onAll(r *gate.Request, action string, keys ...key) []iam.Check {
	return on(r, action, iam.Resource{ARN: "*"}, keys...)
}
