package sts

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/stswire"
	"rolecall.dev/rolecall/policy"
)

const (
	defaultDuration = time.Hour
	// maxChained is the longest session of a role that was assumed with the
	// session of another ("Role chaining" in the IAM User Guide).
	maxChained = time.Hour
	// maxSessionPolicy is the length of an inline session policy in characters.
	maxSessionPolicy = policy.MaxSession
	// maxPolicyARNs and maxTags are the limits of the API reference of AssumeRole;
	// the second counts what the caller's session hands on.
	maxPolicyARNs = 10
	maxTags       = 50
)

// AssumeRoleChecks lists what must be allowed for an AssumeRole: the assumption
// itself, and what it wants besides. The role's trust policy is the resource
// policy of each. A role that is missing is refused like one that trusts nobody,
// so that the two cannot be told apart; the role that is returned is then nil.
func (s *STS) AssumeRoleChecks(caller *iam.Caller, in *stswire.AssumeRoleRequest) ([]iam.Check, *iam.Role, error) {
	name, err := arn.Parse(in.RoleArn)
	if err != nil || name.Service != "iam" || name.ResourceType() != "role" || name.Region != "" || !arn.IsAccountID(name.Account) {
		return nil, nil, apierr.ValidationError.New("%s is invalid", in.RoleArn)
	}
	if caller.Principal.Type == policy.Root {
		return nil, nil, apierr.AccessDenied.New("Roles may not be assumed by root accounts.")
	}
	tags, transitive, err := sessionTags(caller, in)
	if err != nil {
		return nil, nil, err
	}
	check := iam.Check{Action: "sts:AssumeRole", Resource: in.RoleArn, Owner: arn.AccountID(name.Account), ResourcePolicy: s.nobody}
	var roleTags []iam.Tag
	role, ok := s.iam.Role(name)
	if ok {
		if check.ResourcePolicy, err = role.Trust.Policy(policy.Trust); err != nil {
			return nil, nil, err
		}
		roleTags = role.Tags
	}
	identity := sourceIdentity(caller, in)
	check.Context = newAssumeRoleKeys(in, tags, transitive, identity, roleTags)
	checks := []iam.Check{check}
	if len(tags) > 0 {
		checks = append(checks, withAction(check, "sts:TagSession"))
	}
	if identity != "" {
		checks = append(checks, withAction(check, "sts:SetSourceIdentity"))
	}
	return checks, role, nil
}

func withAction(c iam.Check, action string) iam.Check {
	c.Action = action
	return c
}

// AssumeRole issues a session of the role that the checks were about, and which
// they have allowed: not of another that took its name meanwhile. It writes
// nothing.
func (s *STS) AssumeRole(_ context.Context, caller *iam.Caller, role *iam.Role, at Moment, in *stswire.AssumeRoleRequest) (*stswire.AssumeRoleResponse, error) {
	if role == nil {
		return nil, notAuthorized(caller, "sts:AssumeRole", in.RoleArn)
	}
	if err := refuseUnbuilt(in); err != nil {
		return nil, err
	}
	session, err := s.session(caller, role, at, in)
	if err != nil {
		return nil, err
	}
	size, err := packedSize(session)
	if err != nil {
		return nil, err
	}
	credentials, err := s.keys.Seal(*session)
	if errors.Is(err, errTokenTooLarge) {
		return nil, apierr.PackedPolicyTooLarge.New("The session, with its policies, tags and chain of roles, exceeds the allotted space.")
	}
	if err != nil {
		return nil, err
	}
	out := &stswire.AssumeRoleResponse{
		Credentials: &stswire.Credentials{
			AccessKeyId: credentials.AccessKeyID, SecretAccessKey: wire.Sensitive(credentials.SecretAccessKey),
			SessionToken: wire.Sensitive(credentials.SessionToken), Expiration: session.Expires.Add(-at.Offset),
		},
		AssumedRoleUser: &stswire.AssumedRoleUser{
			AssumedRoleId: role.ID + ":" + session.Name,
			Arn:           arn.AssumedRole(iam.Partition, role.Account, role.Name.Name, session.Name).String(),
		},
		PackedPolicySize: size,
	}
	if session.SourceIdentity != "" {
		out.SourceIdentity = wire.String(session.SourceIdentity)
	}
	return out, nil
}

// refuseUnbuilt refuses parameters that restrict or prove something and that
// this version cannot honour: none is ever ignored.
func refuseUnbuilt(in *stswire.AssumeRoleRequest) error {
	switch {
	case (in.SerialNumber == nil) != (in.TokenCode == nil):
		return apierr.AccessDenied.New("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	case in.SerialNumber != nil:
		return apierr.AccessDenied.New("MultiFactorAuthentication failed, unable to validate MFA code.")
	case len(in.ProvidedContexts) > 0:
		return apierr.InvalidParameterValue.New("ProvidedContexts: no context provider is known.")
	}
	return nil
}

// session is what the token will say.
func (s *STS) session(caller *iam.Caller, role *iam.Role, at Moment, in *stswire.AssumeRoleRequest) (*iam.Session, error) {
	duration, err := duration(caller, role, in.DurationSeconds)
	if err != nil {
		return nil, err
	}
	tags, transitive, err := sessionTags(caller, in)
	if err != nil {
		return nil, err
	}
	issued := at.Now.UTC().Truncate(time.Second)
	session := &iam.Session{
		Kind: iam.RoleSession, Partition: iam.Partition, Account: role.Account, PrincipalID: role.ID,
		Name: in.RoleSessionName, Issued: issued, Expires: issued.Add(duration),
		Tags: tags, TransitiveKeys: transitive, SourceIdentity: sourceIdentity(caller, in), LongTermKey: caller.AccessKeyID,
	}
	if parent := caller.Session; parent != nil {
		session.LongTermKey = parent.LongTermKey
		session.Ancestors = append(append(session.Ancestors, parent.Ancestors...), parent.ID)
		if parent.SourceIdentity != "" && parent.SourceIdentity != session.SourceIdentity {
			return nil, notAuthorized(caller, "sts:SetSourceIdentity", in.RoleArn)
		}
	}
	if err := s.addPolicies(session, in); err != nil {
		return nil, err
	}
	return session, nil
}

// duration is never clamped: what cannot be had is an error.
func duration(caller *iam.Caller, role *iam.Role, seconds *int32) (time.Duration, error) {
	d := defaultDuration
	if seconds != nil {
		d = time.Duration(*seconds) * time.Second
	}
	switch {
	case caller.Session != nil && d > maxChained:
		return 0, apierr.ValidationError.New("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	case d > time.Duration(role.MaxSessionDuration)*time.Second:
		return 0, apierr.ValidationError.New("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return d, nil
}

func (s *STS) addPolicies(session *iam.Session, in *stswire.AssumeRoleRequest) error {
	if in.Policy != nil {
		if n := utf8.RuneCountInString(*in.Policy); n > maxSessionPolicy {
			return apierr.ValidationError.New("1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to %d", maxSessionPolicy)
		}
		if _, err := policy.Parse(policy.Session, *in.Policy); err != nil {
			return apierr.MalformedPolicyDocument.Wrap(err, "%s", err)
		}
		session.Policy = *in.Policy
	}
	if len(in.PolicyArns) > maxPolicyARNs {
		return apierr.ValidationError.New("1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to %d", maxPolicyARNs)
	}
	for _, p := range in.PolicyArns {
		if p.Arn == nil {
			return apierr.ValidationError.New("1 validation error detected: Value null at 'policyArns' failed to satisfy constraint: Member must not be null")
		}
		if !s.iam.ManagedPolicyOf(session.Account, *p.Arn) {
			return apierr.MalformedPolicyDocument.New("The managed policy %s cannot be used as a session policy: it does not exist in the account of the role.", *p.Arn)
		}
		session.PolicyARNs = append(session.PolicyARNs, *p.Arn)
	}
	return nil
}

// sourceIdentity is the one asked for, or else the one that sticks to the
// caller's session through the chain.
func sourceIdentity(caller *iam.Caller, in *stswire.AssumeRoleRequest) string {
	switch {
	case in.SourceIdentity != nil:
		return *in.SourceIdentity
	case caller.Session != nil:
		return caller.Session.SourceIdentity
	}
	return ""
}

// sessionTags are the tags of the new session: those asked for, and those that
// the caller's session hands on, which cannot be given another value.
func sessionTags(caller *iam.Caller, in *stswire.AssumeRoleRequest) (tags []iam.Tag, transitive []string, err error) {
	if len(in.Tags) == 0 && len(in.TransitiveTagKeys) == 0 && caller.Session == nil {
		return nil, nil, nil
	}
	seen := map[string]bool{}
	for _, t := range in.Tags {
		lower := strings.ToLower(t.Key)
		switch {
		case seen[lower]:
			return nil, nil, apierr.InvalidParameterValue.New("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		case strings.HasPrefix(lower, "aws:"):
			return nil, nil, apierr.InvalidParameterValue.New("Tag keys beginning with 'aws:' are reserved for system use.")
		}
		seen[lower] = true
		tags = append(tags, iam.Tag(t))
	}
	for _, key := range in.TransitiveTagKeys {
		if !seen[strings.ToLower(key)] {
			return nil, nil, apierr.InvalidParameterValue.New("The specified transitive tag key must be included in the requested tags.")
		}
		if key = canonicalKey(tags, key); !slices.Contains(transitive, key) {
			transitive = append(transitive, key)
		}
	}
	if caller.Session == nil {
		return tags, transitive, nil
	}
	for _, key := range caller.Session.TransitiveKeys {
		if seen[strings.ToLower(key)] {
			return nil, nil, apierr.InvalidParameterValue.New("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
		for _, t := range caller.Session.Tags {
			if t.Key == key {
				tags, transitive = append(tags, t), append(transitive, key)
			}
		}
	}
	if len(tags) > maxTags {
		return nil, nil, apierr.ValidationError.New("A session can have %d tags, those of the calling session that are transitive included.", maxTags)
	}
	return tags, transitive, nil
}

// canonicalKey spells a key as the tag does.
func canonicalKey(tags []iam.Tag, key string) string {
	for _, t := range tags {
		if iam.SameTagKey(t.Key, key) {
			return t.Key
		}
	}
	return key
}

// notAuthorized has AWS's words for a role that is missing or not allowed.
func notAuthorized(caller *iam.Caller, action, resource string) error {
	return apierr.AccessDenied.New("User: %s is not authorized to perform: %s on resource: %s", caller.Principal.ARN, action, resource)
}
