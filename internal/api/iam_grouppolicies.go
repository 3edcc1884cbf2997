package api

import (
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// groupPolicies are the rows of what hangs on a group: inline and attached
// policies.
func groupPolicies(x *iam.IAM) []gate.Row {
	named := func(r *gate.Request, name string) iam.Resource {
		return x.GroupResource(r.Caller.Account(), "/", name)
	}
	return []gate.Row{
		changes(iamService, "PutGroupPolicy", func(r *gate.Request, in *iamwire.PutGroupPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:PutGroupPolicy", named(r, in.GroupName)), nil
		}, x.PutGroupPolicy),
		reads(iamService, "GetGroupPolicy", func(r *gate.Request, in *iamwire.GetGroupPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:GetGroupPolicy", named(r, in.GroupName)), nil
		}, x.GetGroupPolicy),
		reads(iamService, "ListGroupPolicies", func(r *gate.Request, in *iamwire.ListGroupPoliciesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListGroupPolicies", named(r, in.GroupName)), nil
		}, x.ListGroupPolicies),
		deletes(iamService, "DeleteGroupPolicy", func(r *gate.Request, in *iamwire.DeleteGroupPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:DeleteGroupPolicy", named(r, in.GroupName)), nil
		}, x.DeleteGroupPolicy),

		changes(iamService, "AttachGroupPolicy", func(r *gate.Request, in *iamwire.AttachGroupPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:AttachGroupPolicy", named(r, in.GroupName), oneKey("iam:PolicyARN", in.PolicyArn)), nil
		}, x.AttachGroupPolicy),
		deletes(iamService, "DetachGroupPolicy", func(r *gate.Request, in *iamwire.DetachGroupPolicyRequest) ([]iam.Check, error) {
			return on(r, "iam:DetachGroupPolicy", named(r, in.GroupName), oneKey("iam:PolicyARN", in.PolicyArn)), nil
		}, x.DetachGroupPolicy),
		reads(iamService, "ListAttachedGroupPolicies", func(r *gate.Request, in *iamwire.ListAttachedGroupPoliciesRequest) ([]iam.Check, error) {
			return on(r, "iam:ListAttachedGroupPolicies", named(r, in.GroupName)), nil
		}, x.ListAttachedGroupPolicies),
	}
}
