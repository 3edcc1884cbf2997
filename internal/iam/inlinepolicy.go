package iam

import (
	"context"
	"maps"
	"slices"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/policy"
)

// PutUserPolicy embeds a policy in a user, in place of the one of that name.
func (x *IAM) PutUserPolicy(ctx context.Context, caller *Caller, in *iamwire.PutUserPolicyRequest) (*wire.Empty, error) {
	return nil, x.putInline(ctx, caller, findUser(in.UserName), in.PolicyName, in.PolicyDocument)
}

// PutGroupPolicy embeds a policy in a group, in place of the one of that name.
func (x *IAM) PutGroupPolicy(ctx context.Context, caller *Caller, in *iamwire.PutGroupPolicyRequest) (*wire.Empty, error) {
	return nil, x.putInline(ctx, caller, findGroup(in.GroupName), in.PolicyName, in.PolicyDocument)
}

// PutRolePolicy embeds a policy in a role, in place of the one of that name.
func (x *IAM) PutRolePolicy(ctx context.Context, caller *Caller, in *iamwire.PutRolePolicyRequest) (*wire.Empty, error) {
	return nil, x.putInline(ctx, caller, findRole(in.RoleName), in.PolicyName, in.PolicyDocument)
}

// GetUserPolicy returns an inline policy of a user.
func (x *IAM) GetUserPolicy(_ context.Context, caller *Caller, in *iamwire.GetUserPolicyRequest) (*iamwire.GetUserPolicyResponse, error) {
	document, err := x.getInline(caller, findUser(in.UserName), in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iamwire.GetUserPolicyResponse{UserName: in.UserName, PolicyName: in.PolicyName, PolicyDocument: document}, nil
}

// GetGroupPolicy returns an inline policy of a group.
func (x *IAM) GetGroupPolicy(_ context.Context, caller *Caller, in *iamwire.GetGroupPolicyRequest) (*iamwire.GetGroupPolicyResponse, error) {
	document, err := x.getInline(caller, findGroup(in.GroupName), in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iamwire.GetGroupPolicyResponse{GroupName: in.GroupName, PolicyName: in.PolicyName, PolicyDocument: document}, nil
}

// GetRolePolicy returns an inline policy of a role.
func (x *IAM) GetRolePolicy(_ context.Context, caller *Caller, in *iamwire.GetRolePolicyRequest) (*iamwire.GetRolePolicyResponse, error) {
	document, err := x.getInline(caller, findRole(in.RoleName), in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iamwire.GetRolePolicyResponse{RoleName: in.RoleName, PolicyName: in.PolicyName, PolicyDocument: document}, nil
}

// ListUserPolicies lists the names of a user's inline policies.
func (x *IAM) ListUserPolicies(_ context.Context, caller *Caller, in *iamwire.ListUserPoliciesRequest) (*iamwire.ListUserPoliciesResponse, error) {
	names, next, err := x.listInline(caller, findUser(in.UserName), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListUserPoliciesResponse{PolicyNames: names, Marker: next, IsTruncated: next != nil}, nil
}

// ListGroupPolicies lists the names of a group's inline policies.
func (x *IAM) ListGroupPolicies(_ context.Context, caller *Caller, in *iamwire.ListGroupPoliciesRequest) (*iamwire.ListGroupPoliciesResponse, error) {
	names, next, err := x.listInline(caller, findGroup(in.GroupName), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListGroupPoliciesResponse{PolicyNames: names, Marker: next, IsTruncated: next != nil}, nil
}

// ListRolePolicies lists the names of a role's inline policies.
func (x *IAM) ListRolePolicies(_ context.Context, caller *Caller, in *iamwire.ListRolePoliciesRequest) (*iamwire.ListRolePoliciesResponse, error) {
	names, next, err := x.listInline(caller, findRole(in.RoleName), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iamwire.ListRolePoliciesResponse{PolicyNames: names, Marker: next, IsTruncated: next != nil}, nil
}

// DeleteUserPolicy removes an inline policy from a user.
func (x *IAM) DeleteUserPolicy(ctx context.Context, caller *Caller, in *iamwire.DeleteUserPolicyRequest) (*wire.Empty, error) {
	return nil, x.deleteInline(ctx, caller, findUser(in.UserName), in.PolicyName)
}

// DeleteGroupPolicy removes an inline policy from a group.
func (x *IAM) DeleteGroupPolicy(ctx context.Context, caller *Caller, in *iamwire.DeleteGroupPolicyRequest) (*wire.Empty, error) {
	return nil, x.deleteInline(ctx, caller, findGroup(in.GroupName), in.PolicyName)
}

// DeleteRolePolicy removes an inline policy from a role.
func (x *IAM) DeleteRolePolicy(ctx context.Context, caller *Caller, in *iamwire.DeleteRolePolicyRequest) (*wire.Empty, error) {
	return nil, x.deleteInline(ctx, caller, findRole(in.RoleName), in.PolicyName)
}

func (x *IAM) putInline(ctx context.Context, caller *Caller, find finder, name, text string) error {
	document, malformed := parseDocument(text)
	return x.change(ctx, caller.Account(), func(c *change) error {
		h, err := find(c.account)
		switch {
		case err != nil:
			return err
		case malformed != nil:
			return malformed
		}
		inline := make(map[string]*Document, len(h.Inline)+1)
		maps.Copy(inline, h.Inline)
		inline[name] = document
		if inlineSize(inline) > h.sort.maxInlineSize {
			return apierr.LimitExceeded.New("Maximum policy size of %d bytes exceeded for %s %s", h.sort.maxInlineSize, h.sort.noun, h.name)
		}
		h.Inline = inline
		h.put(c, h.Permissions)
		return nil
	})
}

func inlineSize(inline map[string]*Document) (size int) {
	for _, d := range inline {
		size += policy.Size(d.Text())
	}
	return size
}

func (x *IAM) getInline(caller *Caller, find finder, name string) (string, error) {
	h, err := x.holder(caller, find)
	if err != nil {
		return "", err
	}
	d, ok := h.Inline[name]
	if !ok {
		return "", noSuchInline(h, name)
	}
	return wireDocument(d.Text()), nil
}

func (x *IAM) listInline(caller *Caller, find finder, marker *string, max *int32) ([]string, *string, error) {
	h, err := x.holder(caller, find)
	if err != nil {
		return nil, nil, err
	}
	names := slices.Sorted(maps.Keys(h.Inline))
	part, next, err := page(names, func(name string) string { return name }, marker, max)
	return append([]string{}, part...), next, err
}

func (x *IAM) deleteInline(ctx context.Context, caller *Caller, find finder, name string) error {
	return x.change(ctx, caller.Account(), func(c *change) error {
		h, err := find(c.account)
		if err != nil {
			return err
		}
		if h.Inline[name] == nil {
			return noSuchInline(h, name)
		}
		h.Inline = maps.Clone(h.Inline)
		delete(h.Inline, name)
		h.put(c, h.Permissions)
		return nil
	})
}

func noSuchInline(h *holder, name string) error {
	return apierr.NoSuchEntity.New("The %s policy with name %s cannot be found.", h.sort.noun, name)
}
