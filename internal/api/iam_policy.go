package api

import (
	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// policies are the rows of managed policies, their versions and tags.
func policies(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, policyARN string) iam.Resource {
		return x.PolicyResource(r.Caller.Account(), policyARN)
	}
	return []gate.Row{
		changes(iamService, "CreatePolicy", func(r *gate.Request, in *iamwire.CreatePolicyRequest) ([]iam.Check, error) {
			made := iam.Resource{ARN: arn.Policy(iam.Partition, r.Caller.Account(), pathOr(in.Path), in.PolicyName).String()}
			return withTagging(on(r, "iam:CreatePolicy", made, requestTags(in.Tags)...), "iam:TagPolicy", in.Tags), nil
		}, x.CreatePolicy),
		reads(iamService, "GetPolicy", func(r *gate.Request, in *iamwire.GetPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:GetPolicy", named(r, in.PolicyArn)), nil
		}, x.GetPolicy),
		reads(iamService, "ListPolicies", func(r *gate.Request, _ *iamwire.ListPoliciesRequest) ([]iam.Check, error) {
			return onAll(r, "iam:ListPolicies"), nil
		}, x.ListPolicies),
		deletes(iamService, "DeletePolicy", func(r *gate.Request, in *iamwire.DeletePolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:DeletePolicy", named(r, in.PolicyArn)), nil
		}, x.DeletePolicy),
		reads(iamService, "ListEntitiesForPolicy", func(r *gate.Request, in *iamwire.ListEntitiesForPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:ListEntitiesForPolicy", named(r, in.PolicyArn)), nil
		}, x.ListEntitiesForPolicy),

		changes(iamService, "CreatePolicyVersion", func(r *gate.Request, in *iamwire.CreatePolicyVersionRequest) ([]iam.Check, error) {
			return on(r, "iam:CreatePolicyVersion", named(r, in.PolicyArn)), nil
		}, x.CreatePolicyVersion),
		reads(iamService, "GetPolicyVersion", func(r *gate.Request, in *iamwire.GetPolicyVersionRequest) ([]iam.Check, error) {
			return on(r, "iam:GetPolicyVersion", named(r, in.PolicyArn)), nil
		}, x.GetPolicyVersion),
		reads(iamService, "ListPolicyVersions", func(r *gate.Request, in *iamwire.ListPolicyVersionsRequest) ([]iam.Check, error) {
			return on(r, "iam:ListPolicyVersions", named(r, in.PolicyArn)), nil
		}, x.ListPolicyVersions),
		deletes(iamService, "DeletePolicyVersion", func(r *gate.Request, in *iamwire.DeletePolicyVersionRequest) ([]iam.Check, error) {
			return on(r, "iam:DeletePolicyVersion", named(r, in.PolicyArn)), nil
		}, x.DeletePolicyVersion),
		changes(iamService, "SetDefaultPolicyVersion", func(r *gate.Request, in *iamwire.SetDefaultPolicyVersionRequest) ([]iam.Check, error) {
			return on(r, "iam:SetDefaultPolicyVersion", named(r, in.PolicyArn)), nil
		}, x.SetDefaultPolicyVersion),

		changes(iamService, "TagPolicy", func(r *gate.Request, in *iamwire.TagPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:TagPolicy", named(r, in.PolicyArn), requestTags(in.Tags)...), nil
		}, x.TagPolicy),
		deletes(iamService, "UntagPolicy", func(r *gate.Request, in *iamwire.UntagPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:UntagPolicy", named(r, in.PolicyArn), tagKeys(in.TagKeys)), nil
		}, x.UntagPolicy),
		reads(iamService, "ListPolicyTags", func(r *gate.Request, in *iamwire.ListPolicyTagsRequest) ([]iam.Check, error) {
			return on(r, "iam:ListPolicyTags", named(r, in.PolicyArn)), nil
		}, x.ListPolicyTags),
	}
}
