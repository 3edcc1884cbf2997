package iam

import (
	"fmt"
	"sync"
	"sync/atomic"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// appliedDocuments remembers which compiled documents apply to a user or role.
// It belongs to one record in memory and is made again when anything in the
// account has changed since.
type appliedDocuments struct {
	gathered atomic.Pointer[gathered]
}

type gathered struct {
	head     int64 // of the account when it was gathered
	identity []*policy.Policy
	boundary *policy.Policy
}

// documentsOf gathers the documents that apply to a caller. It fails when a
// document cannot be read: a decision without it could miss a Deny.
func (x *IAM) documentsOf(c *Caller, resource *policy.Policy) (docs policy.Documents, err error) {
	docs.Resource = resource
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	var g *gathered
	switch c.Principal.Type {
	case policy.User:
		if u := x.index.users[c.Principal.ID]; u != nil {
			g, err = x.gather(u.Account, u.applied, u.Boundary, func(a *account) []*Permissions { return permissionsOf(a, u) })
		}
	case policy.RoleSession:
		if r := x.index.roles[c.Principal.ID]; r != nil {
			g, err = x.gather(r.Account, r.applied, r.Boundary, func(*account) []*Permissions { return []*Permissions{&r.Permissions} })
		}
	default:
		return docs, nil
	}
	if err != nil || g == nil {
		return docs, err // a principal that is gone has no documents, so nothing allows
	}
	docs.Identity, docs.Boundary = g.identity, g.boundary
	if c.Session != nil && c.Session.Limited() {
		docs.Session, err = x.sessionPolicies(c.Session)
	}
	return docs, err
}

// permissionsOf lists what a user has itself and through its groups.
func permissionsOf(a *account, u *User) []*Permissions {
	all := []*Permissions{&u.Permissions}
	for _, id := range u.Groups {
		if g, ok := a.groups.byID[id]; ok {
			all = append(all, &g.Permissions)
		}
	}
	return all
}

func (x *IAM) gather(id arn.AccountID, cache *appliedDocuments, boundary string, of func(*account) []*Permissions) (*gathered, error) {
	a := x.index.accounts[id]
	if g := cache.gathered.Load(); g != nil && g.head == a.head {
		return g, nil
	}
	g := &gathered{head: a.head}
	for _, p := range of(a) {
		for _, d := range p.Inline {
			compiled, err := d.Policy(policy.Identity)
			if err != nil {
				return nil, fmt.Errorf("inline policy: %w", err)
			}
			g.identity = append(g.identity, compiled)
		}
		for _, name := range p.Attached {
			compiled, err := x.managedDocument(name)
			if err != nil {
				return nil, err
			}
			g.identity = append(g.identity, compiled)
		}
	}
	if boundary != "" {
		var err error
		if g.boundary, err = x.managedDocument(boundary); err != nil {
			return nil, err
		}
	}
	cache.gathered.Store(g)
	return g, nil
}

// managedDocument is the default version of a managed policy. Managed policies
// that hang somewhere cannot be deleted, so a missing one is an error.
func (x *IAM) managedDocument(policyARN string) (*policy.Policy, error) {
	p := x.managedPolicy(policyARN)
	if p == nil {
		return nil, fmt.Errorf("managed policy %s is attached and missing", policyARN)
	}
	compiled, err := p.version(p.Default).Document.Policy(policy.Identity)
	if err != nil {
		return nil, fmt.Errorf("managed policy %s: %w", policyARN, err)
	}
	return compiled, nil
}

// managedPolicy finds a policy of an account or one of AWS's own. index.mu is held.
func (x *IAM) managedPolicy(policyARN string) *ManagedPolicy {
	if p := x.awsManaged.get(policyARN); p != nil {
		return p
	}
	name, err := arn.Parse(policyARN)
	if err != nil || name.Service != "iam" || name.ResourceType() != "policy" {
		return nil
	}
	a := x.index.accounts[arn.AccountID(name.Account)]
	if a == nil {
		return nil
	}
	p, ok := a.policies.get(name.Name())
	if !ok || p.ARN() != policyARN {
		return nil
	}
	return p
}

// sessionPolicies are the policies a session was made with, resolved now. In the
// place of a managed one that is gone stands a document that denies all: what it
// allowed and denied is not known any more, and deleting a limit must not widen
// the session.
func (x *IAM) sessionPolicies(s *Session) ([]*policy.Policy, error) {
	var all []*policy.Policy
	if s.Policy != "" {
		compiled, err := x.inlineSessions.compile(s.Policy)
		if err != nil {
			return nil, fmt.Errorf("session policy: %w", err)
		}
		all = append(all, compiled)
	}
	for _, name := range s.PolicyARNs {
		if x.managedPolicy(name) == nil {
			all = append(all, x.denyAll)
			continue
		}
		compiled, err := x.managedDocument(name)
		if err != nil {
			return nil, err
		}
		all = append(all, compiled)
	}
	return all, nil
}

// sessionCache keeps the compiled form of inline session policies, which come
// with each request as text. It holds at most sessionCacheSize of them, and
// forgets all at once when it is full: what is in use is soon back.
type sessionCache struct {
	mu       sync.RWMutex // guards compiled
	compiled map[string]*policy.Policy
}

const sessionCacheSize = 1024

func (s *sessionCache) compile(text string) (*policy.Policy, error) {
	s.mu.RLock()
	p := s.compiled[text]
	s.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	p, err := policy.Parse(policy.Session, text)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.compiled == nil || len(s.compiled) >= sessionCacheSize {
		s.compiled = make(map[string]*policy.Policy)
	}
	s.compiled[text] = p
	return p, nil
}
