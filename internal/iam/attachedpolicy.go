package iam

import (
	"context"
	"slices"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// AttachUserPolicy attaches a managed policy to a user.
func (x *IAM) AttachUserPolicy(ctx context.Context, caller *Caller, in *iamwire.AttachUserPolicyRequest) (*wire.Empty, error) {
	return nil, x.attach(ctx, caller, findUser(in.UserName), in.PolicyArn)
}

// AttachGroupPolicy attaches a managed policy to a group.
func (x *IAM) AttachGroupPolicy(ctx context.Context, caller *Caller, in *iamwire.AttachGroupPolicyRequest) (*wire.Empty, error) {
	return nil, x.attach(ctx, caller, findGroup(in.GroupName), in.PolicyArn)
}

// AttachRolePolicy attaches a managed policy to a role.
func (x *IAM) AttachRolePolicy(ctx context.Context, caller *Caller, in *iamwire.AttachRolePolicyRequest) (*wire.Empty, error) {
	return nil, x.attach(ctx, caller, findRole(in.RoleName), in.PolicyArn)
}

// DetachUserPolicy detaches a managed policy from a user.
func (x *IAM) DetachUserPolicy(ctx context.Context, caller *Caller, in *iamwire.DetachUserPolicyRequest) (*wire.Empty, error) {
	return nil, x.detach(ctx, caller, findUser(in.UserName), in.PolicyArn)
}

// DetachGroupPolicy detaches a managed policy from a group.
func (x *IAM) DetachGroupPolicy(ctx context.Context, caller *Caller, in *iamwire.DetachGroupPolicyRequest) (*wire.Empty, error) {
	return nil, x.detach(ctx, caller, findGroup(in.GroupName), in.PolicyArn)
}

// DetachRolePolicy detaches a managed policy from a role.
func (x *IAM) DetachRolePolicy(ctx context.Context, caller *Caller, in *iamwire.DetachRolePolicyRequest) (*wire.Empty, error) {
	return nil, x.detach(ctx, caller, findRole(in.RoleName), in.PolicyArn)
}

// ListAttachedUserPolicies lists the managed policies of a user by name.
func (x *IAM) ListAttachedUserPolicies(_ context.Context, caller *Caller, in *iamwire.ListAttachedUserPoliciesRequest) (*iamwire.ListAttachedUserPoliciesResponse, error) {
	attached, next, err := x.listAttached(caller, findUser(in.UserName), in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListAttachedUserPoliciesResponse{AttachedPolicies: attached, Marker: next, IsTruncated: next != nil}, nil
}

// ListAttachedGroupPolicies lists the managed policies of a group by name.
func (x *IAM) ListAttachedGroupPolicies(_ context.Context, caller *Caller, in *iamwire.ListAttachedGroupPoliciesRequest) (*iamwire.ListAttachedGroupPoliciesResponse, error) {
	attached, next, err := x.listAttached(caller, findGroup(in.GroupName), in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListAttachedGroupPoliciesResponse{AttachedPolicies: attached, Marker: next, IsTruncated: next != nil}, nil
}

// ListAttachedRolePolicies lists the managed policies of a role by name.
func (x *IAM) ListAttachedRolePolicies(_ context.Context, caller *Caller, in *iamwire.ListAttachedRolePoliciesRequest) (*iamwire.ListAttachedRolePoliciesResponse, error) {
	attached, next, err := x.listAttached(caller, findRole(in.RoleName), in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListAttachedRolePoliciesResponse{AttachedPolicies: attached, Marker: next, IsTruncated: next != nil}, nil
}

// attach hangs a policy on a holder; one that hangs there already stays.
func (x *IAM) attach(ctx context.Context, caller *Caller, find finder, policyARN string) error {
	return x.change(ctx, caller.Account(), func(c *change) error {
		h, err := find(c.account)
		if err != nil {
			return err
		}
		if _, err := c.attachable(policyARN, notAttachable); err != nil {
			return err
		}
		switch {
		case slices.Contains(h.Attached, policyARN):
			return nil
		case len(h.Attached) >= maxAttached:
			return limitExceeded(h.sort.attachedQuota, maxAttached)
		}
		h.Attached = append(slices.Clip(h.Attached), policyARN)
		h.put(c, h.Permissions)
		return nil
	})
}

func (x *IAM) detach(ctx context.Context, caller *Caller, find finder, policyARN string) error {
	return x.change(ctx, caller.Account(), func(c *change) error {
		h, err := find(c.account)
		if err != nil {
			return err
		}
		i := slices.Index(h.Attached, policyARN)
		if i < 0 {
			return noSuchManagedPolicy(policyARN)
		}
		h.Attached = slices.Delete(slices.Clone(h.Attached), i, i+1)
		h.put(c, h.Permissions)
		return nil
	})
}

func (x *IAM) listAttached(caller *Caller, find finder, path, marker *string, max *int32) ([]iamwire.AttachedPolicy, *string, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	h, err := find(x.index.account(caller.Account()))
	if err != nil {
		return nil, nil, err
	}
	var attached []*ManagedPolicy
	for _, policyARN := range h.Attached {
		if p := x.managedPolicy(policyARN); p != nil {
			attached = append(attached, p)
		}
	}
	slices.SortFunc(attached, comparePolicies)
	part, next, err := page(underPath(attached, path), policyKey, marker, max)
	if err != nil {
		return nil, nil, err
	}
	out := make([]iamwire.AttachedPolicy, len(part))
	for i, p := range part {
		out[i] = iamwire.AttachedPolicy{PolicyName: wire.String(p.Name.Name), PolicyArn: wire.String(p.ARN())}
	}
	return out, next, nil
}
