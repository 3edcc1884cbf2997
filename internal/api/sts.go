package api

import (
	"context"

	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/sts"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

// tokens are the rows of STS.
func tokens(s *sts.STS) []gate.Row {
	assumeRole := gate.Row{Service: stsService, Name: "AssumeRole"}
	assumeRole.Checks = func(_ context.Context, r *gate.Request) ([]iam.Check, error) {
		all, role, err := s.AssumeRoleChecks(r.Caller, r.Input.(*stswire.AssumeRoleRequest))
		r.Resolved = role
		return all, err
	}
	assumeRole.Run = func(ctx context.Context, r *gate.Request) (any, error) {
		at := sts.Moment{Now: r.Now(), Offset: r.Offset()}
		out, err := s.AssumeRole(ctx, r.Caller, r.Resolved.(*iam.Role), at, r.Input.(*stswire.AssumeRoleRequest))
		if err != nil {
			return nil, err
		}
		return out, nil
	}
	assumeRole.Quiet = true
	assumeRole.Parameters, assumeRole.Elements = assumeRoleParameters, assumeRoleElements
	return []gate.Row{
		assumeRole,
		reads(stsService, "GetCallerIdentity", free[*stswire.GetCallerIdentityRequest], s.GetCallerIdentity),
		reads(stsService, "GetAccessKeyInfo", func(r *gate.Request, _ *stswire.GetAccessKeyInfoRequest) ([]iam.Check, error) {
			return onNothing(r, "sts:GetAccessKeyInfo"), nil
		}, s.GetAccessKeyInfo),
	}
}

// assumeRoleParameters are what CloudTrail keeps of an AssumeRole.
func assumeRoleParameters(r *gate.Request) []audit.Field {
	in := r.Input.(*stswire.AssumeRoleRequest)
	fields := []audit.Field{audit.String("roleArn", in.RoleArn), audit.String("roleSessionName", in.RoleSessionName)}
	if in.DurationSeconds != nil {
		fields = append(fields, audit.Int("durationSeconds", int64(*in.DurationSeconds)))
	}
	for _, optional := range []struct {
		name  string
		value *string
	}{{"externalId", in.ExternalId}, {"policy", in.Policy}, {"sourceIdentity", in.SourceIdentity}, {"serialNumber", in.SerialNumber}} {
		if optional.value != nil {
			fields = append(fields, audit.String(optional.name, *optional.value))
		}
	}
	if len(in.PolicyArns) > 0 {
		var rows [][]audit.Field
		for _, p := range in.PolicyArns {
			if p.Arn != nil {
				rows = append(rows, []audit.Field{audit.String("arn", *p.Arn)})
			}
		}
		fields = append(fields, audit.Objects("policyArns", rows))
	}
	if len(in.Tags) > 0 {
		var rows [][]audit.Field
		for _, t := range in.Tags {
			rows = append(rows, []audit.Field{audit.String("key", t.Key), audit.String("value", t.Value)})
		}
		fields = append(fields, audit.Objects("tags", rows))
	}
	if len(in.TransitiveTagKeys) > 0 {
		fields = append(fields, audit.Strings("transitiveTagKeys", in.TransitiveTagKeys))
	}
	return fields
}

// assumeRoleElements are what CloudTrail keeps of the answer, less the token.
func assumeRoleElements(answer any) []audit.Field {
	out := answer.(*stswire.AssumeRoleResponse)
	return []audit.Field{
		audit.Object("credentials",
			audit.String("accessKeyId", out.Credentials.AccessKeyId),
			audit.Time("expiration", out.Credentials.Expiration)),
		audit.Object("assumedRoleUser",
			audit.String("assumedRoleId", out.AssumedRoleUser.AssumedRoleId),
			audit.String("arn", out.AssumedRoleUser.Arn)),
	}
}

// accessKeyElements are what the record keeps of a new access key.
func accessKeyElements(answer any) []audit.Field {
	k := answer.(*iamwire.CreateAccessKeyResponse).AccessKey
	return []audit.Field{audit.Object("accessKey",
		audit.String("userName", k.UserName), audit.String("accessKeyId", k.AccessKeyId), audit.String("status", k.Status))}
}
