package iam

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// CreatePolicyVersion adds a version to a managed policy, and makes it the one
// in effect if asked to.
func (x *IAM) CreatePolicyVersion(ctx context.Context, caller *Caller, in *iamwire.CreatePolicyVersionRequest) (*iamwire.CreatePolicyVersionResponse, error) {
	document, err := managedPolicyDocument(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	var v *PolicyVersion
	err = x.changePolicy(ctx, caller, in.PolicyArn, func(c *change, p *ManagedPolicy) error {
		if len(p.Versions) >= maxPolicyVersions {
			return apierr.LimitExceeded.New("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", maxPolicyVersions)
		}
		p.Updated = c.now
		if v = p.add(document, c.now); in.SetAsDefault {
			p.Default = v.ID
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iamwire.CreatePolicyVersionResponse{PolicyVersion: v.wire(in.SetAsDefault)}, nil
}

// GetPolicyVersion returns one version with its document.
func (x *IAM) GetPolicyVersion(_ context.Context, caller *Caller, in *iamwire.GetPolicyVersionRequest) (*iamwire.GetPolicyVersionResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	p, err := x.visiblePolicy(caller.Account(), in.PolicyArn, noSuchManagedPolicy)
	if err != nil {
		return nil, err
	}
	v := p.version(in.VersionId)
	if v == nil {
		return nil, noSuchVersion(in.PolicyArn, in.VersionId)
	}
	out := v.wire(v.ID == p.Default)
	out.Document = wire.String(wireDocument(v.Document.Text()))
	return &iamwire.GetPolicyVersionResponse{PolicyVersion: out}, nil
}

// ListPolicyVersions lists the versions of a managed policy, newest first.
func (x *IAM) ListPolicyVersions(_ context.Context, caller *Caller, in *iamwire.ListPolicyVersionsRequest) (*iamwire.ListPolicyVersionsResponse, error) {
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	p, err := x.visiblePolicy(caller.Account(), in.PolicyArn, notAttachable)
	if err != nil {
		return nil, err
	}
	newestFirst := slices.Clone(p.Versions)
	slices.Reverse(newestFirst)
	versions, next, err := page(newestFirst, versionKey, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iamwire.ListPolicyVersionsResponse{Versions: []iamwire.PolicyVersion{}, Marker: next, IsTruncated: next != nil}
	for _, v := range versions {
		out.Versions = append(out.Versions, *v.wire(v.ID == p.Default))
	}
	return out, nil
}

// DeletePolicyVersion deletes a version that is not in effect. Its number is
// never given to another.
func (x *IAM) DeletePolicyVersion(ctx context.Context, caller *Caller, in *iamwire.DeletePolicyVersionRequest) (*wire.Empty, error) {
	return nil, x.changePolicy(ctx, caller, in.PolicyArn, func(_ *change, p *ManagedPolicy) error {
		switch {
		case p.version(in.VersionId) == nil:
			return noSuchVersion(in.PolicyArn, in.VersionId)
		case in.VersionId == p.Default:
			return apierr.DeleteConflict.New("Cannot delete the default version of a policy.")
		}
		var kept []*PolicyVersion
		for _, v := range p.Versions {
			if v.ID != in.VersionId {
				kept = append(kept, v)
			}
		}
		p.Versions = kept
		return nil
	})
}

// SetDefaultPolicyVersion puts a version into effect wherever the policy hangs.
func (x *IAM) SetDefaultPolicyVersion(ctx context.Context, caller *Caller, in *iamwire.SetDefaultPolicyVersionRequest) (*wire.Empty, error) {
	return nil, x.changePolicy(ctx, caller, in.PolicyArn, func(_ *change, p *ManagedPolicy) error {
		if p.version(in.VersionId) == nil {
			return noSuchVersion(in.PolicyArn, in.VersionId)
		}
		p.Default = in.VersionId
		return nil
	})
}

// add appends a version to a policy that is not yet stored, with the next number.
func (p *ManagedPolicy) add(document *Document, now time.Time) *PolicyVersion {
	v := &PolicyVersion{ID: "v" + strconv.Itoa(p.Next), Document: document, Created: now}
	p.Next++
	p.Versions = append(slices.Clip(p.Versions), v)
	return v
}

// versionKey sorts newer versions before older ones.
func versionKey(v *PolicyVersion) string {
	n, _ := strconv.ParseUint(strings.TrimPrefix(v.ID, "v"), 10, 32)
	return fmt.Sprintf("%010d", 1<<32-n)
}

// wire returns the version without its document.
func (v *PolicyVersion) wire(isDefault bool) *iamwire.PolicyVersion {
	return &iamwire.PolicyVersion{VersionId: wire.String(v.ID), IsDefaultVersion: isDefault, CreateDate: wire.Time(v.Created)}
}
