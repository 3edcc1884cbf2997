package iam

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/policy"
)

// serviceRolePath is the path of AWS's policies for roles that its services
// make themselves. They can be attached to no other role.
const serviceRolePath = "/aws-service-role/"

// CreatePolicy makes a managed policy, whose document is its version v1.
func (x *IAM) CreatePolicy(ctx context.Context, caller *Caller, in *iamwire.CreatePolicyRequest) (*iamwire.CreatePolicyResponse, error) {
	document, err := managedPolicyDocument(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	var p *ManagedPolicy
	err = x.change(ctx, caller.Account(), func(c *change) error {
		switch {
		case c.policies.taken(in.PolicyName, ""):
			return apierr.EntityAlreadyExists.New("A policy called %s already exists. Duplicate names are not allowed.", in.PolicyName)
		case c.policies.len() >= maxPolicies:
			return limitExceeded("PoliciesPerAccount", maxPolicies)
		}
		p = &ManagedPolicy{
			Name: c.newName(policyIDPrefix, pathOr(in.Path), in.PolicyName), Description: textOf(in.Description),
			Updated: c.now, Next: 1, Tags: tags,
		}
		p.Default = p.add(document, c.now).ID
		c.putPolicy(p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := p.wire(policyUsage{})
	out.Tags = wireTags(p.Tags)
	return &iamwire.CreatePolicyResponse{Policy: out}, nil
}

// GetPolicy describes a managed policy of the account or of AWS. The counts are
// those of the caller's account.
func (x *IAM) GetPolicy(_ context.Context, caller *Caller, in *iamwire.GetPolicyRequest) (*iamwire.GetPolicyResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	p, err := x.visiblePolicy(caller.Account(), in.PolicyArn, noSuchManagedPolicy)
	if err != nil {
		return nil, err
	}
	out := p.wire(x.index.account(caller.Account()).usage[p.ARN()])
	out.Tags = wireTags(p.Tags)
	if p.Description != "" {
		out.Description = wire.String(p.Description)
	}
	return &iamwire.GetPolicyResponse{Policy: out}, nil
}

// ListPolicies lists managed policies by name, those of AWS among them.
func (x *IAM) ListPolicies(_ context.Context, caller *Caller, in *iamwire.ListPoliciesRequest) (*iamwire.ListPoliciesResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	a := x.index.account(caller.Account())
	all := underPath(x.policiesInScope(a, textOf(in.Scope)), in.PathPrefix)
	if in.OnlyAttached || in.PolicyUsageFilter != nil {
		all = a.usedPolicies(all, in.OnlyAttached, textOf(in.PolicyUsageFilter))
	}
	policies, next, err := page(all, policyKey, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.ListPoliciesResponse{Policies: []iamwire.Policy{}, Marker: next, IsTruncated: next != nil}
	for _, p := range policies {
		out.Policies = append(out.Policies, *p.wire(a.usage[p.ARN()]))
	}
	return out, nil
}

// policiesInScope lists policies in the order of policyKey: AWS's ("AWS"), the
// account's own ("Local") or all.
func (x *IAM) policiesInScope(a *account, scope string) []*ManagedPolicy {
	switch scope {
	case "AWS":
		return x.awsManaged.sorted
	case "Local":
		return a.policies.list()
	}
	all := slices.Concat(x.awsManaged.sorted, a.policies.list())
	slices.SortFunc(all, comparePolicies)
	return all
}

// usedPolicies keeps the policies that are attached, and those that are used in
// the way usage names.
func (a *account) usedPolicies(all []*ManagedPolicy, attached bool, usage string) []*ManagedPolicy {
	var kept []*ManagedPolicy
	for _, p := range all {
		u := a.usage[p.ARN()]
		switch {
		case attached && u.attached == 0 && (usage != usedAsBoundary || u.bounds == 0):
		case usage == usedAsPolicy && u.attached == 0:
		case usage == usedAsBoundary && u.bounds == 0:
		default:
			kept = append(kept, p)
		}
	}
	return kept
}

// DeletePolicy deletes a policy that hangs nowhere and has one version left.
func (x *IAM) DeletePolicy(ctx context.Context, caller *Caller, in *iamwire.DeletePolicyRequest) (*wire.Empty, error) {
	return nil, x.change(ctx, caller.Account(), func(c *change) error {
		p, err := c.ownPolicy(in.PolicyArn)
		switch {
		case err != nil:
			return err
		case c.usage[p.ARN()] != policyUsage{}:
			return apierr.DeleteConflict.New("Cannot delete a policy attached to entities.")
		case len(p.Versions) > 1:
			return apierr.DeleteConflict.New("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
		}
		c.deletePolicy(p)
		return nil
	})
}

// TagPolicy adds tags to a policy, or gives them other values.
func (x *IAM) TagPolicy(ctx context.Context, caller *Caller, in *iamwire.TagPolicyRequest) (*wire.Empty, error) {
	return nil, x.changePolicy(ctx, caller, in.PolicyArn, func(_ *change, p *ManagedPolicy) (err error) {
		p.Tags, err = withTags(p.Tags, in.Tags)
		return err
	})
}

// UntagPolicy removes tags from a policy; those it does not have are no error.
func (x *IAM) UntagPolicy(ctx context.Context, caller *Caller, in *iamwire.UntagPolicyRequest) (*wire.Empty, error) {
	return nil, x.changePolicy(ctx, caller, in.PolicyArn, func(_ *change, p *ManagedPolicy) error {
		p.Tags = withoutTags(p.Tags, in.TagKeys)
		return nil
	})
}

// ListPolicyTags lists the tags of a policy by key.
func (x *IAM) ListPolicyTags(_ context.Context, caller *Caller, in *iamwire.ListPolicyTagsRequest) (*iamwire.ListPolicyTagsResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	p, err := x.visiblePolicy(caller.Account(), in.PolicyArn, notAttachable)
	if err != nil {
		return nil, err
	}
	tags, next, err := tagPage(p.Tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListPolicyTagsResponse{Tags: tags, Marker: next, IsTruncated: next != nil}, nil
}

// changePolicy alters a copy of one of the account's own policies and stores it.
func (x *IAM) changePolicy(ctx context.Context, caller *Caller, policyARN string, alter func(*change, *ManagedPolicy) error) error {
	return x.change(ctx, caller.Account(), func(c *change) error {
		old, err := c.ownPolicy(policyARN)
		if err != nil {
			return err
		}
		p := *old
		if err := alter(c, &p); err != nil {
			return err
		}
		c.putPolicy(&p)
		return nil
	})
}

// ownPolicy returns a policy that the account may alter: AWS's are for reading.
func (c *change) ownPolicy(policyARN string) (*ManagedPolicy, error) {
	p, err := c.x.visiblePolicy(c.id, policyARN, notAttachable)
	if err != nil {
		return nil, err
	}
	if p.Account != c.id {
		return nil, apierr.AccessDenied.New("Policy is outside your own account.")
	}
	return p, nil
}

// visiblePolicy returns a policy of the account or of AWS; one of another account
// is not there. missing words the error for a policy that is not. index.mu is held.
func (x *IAM) visiblePolicy(id arn.AccountID, policyARN string, missing func(string) error) (*ManagedPolicy, error) {
	name, err := arn.Parse(policyARN)
	if err != nil || name.Service != "iam" || name.ResourceType() != "policy" || name.Name() == "" {
		return nil, apierr.InvalidInput.New("ARN %s is not valid.", policyARN)
	}
	p := x.managedPolicy(policyARN)
	if p == nil || p.Account != id && p.Account != awsAccount {
		return nil, missing(policyARN)
	}
	return p, nil
}

// attachable returns a policy that may hang on an entity of the account.
func (c *change) attachable(policyARN string, missing func(string) error) (*ManagedPolicy, error) {
	p, err := c.x.visiblePolicy(c.id, policyARN, missing)
	if err != nil {
		return nil, err
	}
	if !p.attachable() {
		return nil, apierr.PolicyNotAttachable.New("Cannot attach a Service Role Policy to a Customer Role.")
	}
	return p, nil
}

func (p *ManagedPolicy) attachable() bool {
	return p.Account != awsAccount || !strings.HasPrefix(p.Path, serviceRolePath)
}

// managedPolicyVersion is the one version of the policy language that a managed
// policy may have; inline policies may have the first one too.
const managedPolicyVersion = "2012-10-17"

// managedPolicyDocument checks the text of a managed policy, its version and its
// size.
func managedPolicyDocument(text string) (*Document, error) {
	document, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	if compiled, err := document.Policy(policy.Identity); err != nil || compiled.Version() != managedPolicyVersion {
		return nil, apierr.MalformedPolicyDocument.New("Policy document must be version 2012-10-17 or greater.")
	}
	if policy.Size(text) > maxManagedPolicySize {
		return nil, limitExceeded("PolicySize", maxManagedPolicySize)
	}
	return document, nil
}

// policyKey is the key by which lists of policies are sorted: a policy of the
// account may have the name of one of AWS's, or differ from it in case alone.
func policyKey(p *ManagedPolicy) string { return p.Name.Name + "\x00" + p.ID }

func comparePolicies(a, b *ManagedPolicy) int {
	return cmp.Or(cmp.Compare(a.Name.Name, b.Name.Name), cmp.Compare(a.ID, b.ID))
}

// wire returns the policy as lists show it; description and tags are for
// GetPolicy to add.
func (p *ManagedPolicy) wire(u policyUsage) *iamwire.Policy {
	return &iamwire.Policy{
		PolicyName: wire.String(p.Name.Name), PolicyId: wire.String(p.ID), Arn: wire.String(p.ARN()), Path: wire.String(p.Path),
		DefaultVersionId: wire.String(p.Default), IsAttachable: p.attachable(),
		AttachmentCount: wire.Int32(int32(u.attached)), PermissionsBoundaryUsageCount: wire.Int32(int32(u.bounds)),
		CreateDate: wire.Time(p.Created), UpdateDate: wire.Time(p.Updated),
	}
}
