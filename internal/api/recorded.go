package api

import (
	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/rolecallwire"
)

// withElements sets what the record keeps of the answers of a row.
func withElements(row gate.Row, elements func(any) []audit.Field) gate.Row {
	row.Elements = elements
	return row
}

// withParameters sets what the record keeps of the input of a row.
func withParameters[In any](row gate.Row, parameters func(In) []audit.Field) gate.Row {
	row.Parameters = func(r *gate.Request) []audit.Field { return parameters(r.Input.(In)) }
	return row
}

// withText adds a text of the record if its member is there.
func withText(fields []audit.Field, name string, value *string) []audit.Field {
	if value == nil {
		return fields
	}
	return append(fields, audit.String(name, *value))
}

// masked is what CloudTrail writes for the name and the address of an account.
const masked = "****"

func createOrganizationParameters(in *orgwire.CreateOrganizationRequest) []audit.Field {
	return withText(nil, "featureSet", in.FeatureSet)
}

func createAccountParameters(in *orgwire.CreateAccountRequest) []audit.Field {
	fields := []audit.Field{audit.String("email", masked), audit.String("accountName", masked)}
	fields = withText(fields, "roleName", in.RoleName)
	fields = withText(fields, "iamUserAccessToBilling", in.IamUserAccessToBilling)
	var tags [][]audit.Field
	for _, t := range in.Tags {
		tags = append(tags, []audit.Field{audit.String("key", t.Key), audit.String("value", t.Value)})
	}
	return append(fields, audit.Objects("tags", tags))
}

func createAccountStatusParameters(in *orgwire.DescribeCreateAccountStatusRequest) []audit.Field {
	return []audit.Field{audit.String("createAccountRequestId", in.CreateAccountRequestId)}
}

func listAccountsParameters(in *orgwire.ListAccountsRequest) []audit.Field {
	if in.MaxResults == nil {
		return nil
	}
	return []audit.Field{audit.Int("maxResults", int64(*in.MaxResults))}
}

func describeAccountParameters(in *orgwire.DescribeAccountRequest) []audit.Field {
	return []audit.Field{audit.String("accountId", in.AccountId)}
}

func advanceClockParameters(in *rolecallwire.AdvanceClockRequest) []audit.Field {
	return []audit.Field{audit.Int("seconds", in.Seconds)}
}
