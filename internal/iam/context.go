package iam

import (
	"strconv"
	"strings"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// Environment is what is known of a request as a whole: the caller and where,
// when and how it asks. It answers AWS's global condition keys (IAM User Guide,
// "AWS global condition context keys"). It belongs to one request and one
// goroutine, and holds what [IAM.Authorize] puts together for a decision.
type Environment struct {
	Caller *Caller
	// Now is the service's time, which --clock-control may have moved.
	Now time.Time
	// SourceIP is the client's address without port; empty when unknown.
	SourceIP string
	// Secure says that the request came over TLS.
	Secure    bool
	UserAgent string
	Referer   string
	// Region is aws:RequestedRegion: us-east-1 for global services, else the
	// region of this server; never what the client signed for.
	Region string
	// PrincipalTags are the caller's tags: those of the user, or those of the
	// role overlaid with those of the session.
	PrincipalTags []Tag

	// organization is the one that every account belongs to, or nil.
	organization *Organization

	context checkContext
	request policy.Request
}

// Environment returns the environment of a request by caller, with what this
// package knows of the caller; the rest is for the caller of this to fill in.
func (x *IAM) Environment(caller *Caller) Environment {
	env := Environment{Caller: caller}
	x.index.mu.RLock()
	defer x.index.mu.RUnlock()
	switch caller.Principal.Type {
	case policy.User:
		if u := x.index.users[caller.Principal.ID]; u != nil {
			env.PrincipalTags = u.Tags
		}
	case policy.RoleSession:
		if r := x.index.roles[caller.Principal.ID]; r != nil {
			env.PrincipalTags = overlay(r.Tags, caller.Session.Tags)
		}
	}
	env.organization = x.index.organization
	return env
}

// overlay returns base with the tags of top, which win.
func overlay(base, top []Tag) []Tag {
	if len(top) == 0 {
		return base
	}
	all := append([]Tag(nil), top...)
	for _, t := range base {
		if _, ok := tagValue(top, t.Key); !ok {
			all = append(all, t)
		}
	}
	return all
}

// tagValue finds a tag by its key, without regard to case.
func tagValue(tags []Tag, key string) (string, bool) {
	for _, t := range tags {
		if SameTagKey(t.Key, key) {
			return t.Value, true
		}
	}
	return "", false
}

// checkContext is the environment together with the keys of one check.
type checkContext struct {
	*Environment
	check *Check
}

// ownKeys are the prefixes of the aws: keys that a check may bring along; every
// other aws: key is answered by the environment alone.
var ownKeys = [...]string{"aws:requesttag/", "aws:tagkeys", "aws:resourcetag/"}

// Lookup implements policy.Context.
func (c *checkContext) Lookup(key string) ([]string, bool) {
	if strings.HasPrefix(key, "aws:") {
		own := false
		for _, prefix := range ownKeys {
			own = own || strings.HasPrefix(key, prefix)
		}
		if !own {
			return c.global(key)
		}
	}
	if c.check.Context == nil {
		return nil, false
	}
	return c.check.Context.Lookup(key)
}

// global answers the aws: keys.
func (c *checkContext) global(key string) ([]string, bool) {
	if tag, ok := strings.CutPrefix(key, "aws:principaltag/"); ok {
		if v, ok := tagValue(c.PrincipalTags, tag); ok {
			return []string{v}, true
		}
		return nil, false
	}
	v, ok := c.ofRequest(key)
	if !ok {
		v, ok = c.ofCaller(key)
	}
	if !ok || v == "" {
		return nil, false
	}
	return []string{v}, true
}

// ofRequest answers keys about the request; an empty value means absent.
func (c *checkContext) ofRequest(key string) (value string, known bool) {
	switch key {
	case "aws:currenttime":
		return c.Now.UTC().Format(time.RFC3339), true
	case "aws:epochtime":
		return strconv.FormatInt(c.Now.Unix(), 10), true
	case "aws:sourceip":
		return c.SourceIP, true
	case "aws:securetransport":
		return strconv.FormatBool(c.Secure), true
	case "aws:useragent":
		return c.UserAgent, true
	case "aws:referer":
		return c.Referer, true
	case "aws:requestedregion":
		return c.Region, true
	case "aws:resourceaccount":
		return string(c.check.Owner), true
	case "aws:resourceorgid":
		return c.organizationOf(c.check.Owner), true
	case "aws:resourceorgpaths":
		return c.pathOf(c.check.Owner), true
	case "aws:viaawsservice":
		return "false", true
	}
	return "", false
}

// organizationOf is the id of an account's organization, or empty.
func (e *Environment) organizationOf(account arn.AccountID) string {
	if e.organization == nil || account == "" {
		return ""
	}
	return e.organization.ID
}

// pathOf is where an account stands in its organization: at the root, since
// there are no units. See "aws:PrincipalOrgPaths" in "AWS global condition
// context keys" of the IAM User Guide.
func (e *Environment) pathOf(account arn.AccountID) string {
	if e.organization == nil || account == "" {
		return ""
	}
	return e.organization.ID + "/" + e.organization.RootID + "/"
}

// ofCaller answers keys about the caller; an empty value means absent.
func (c *checkContext) ofCaller(key string) (value string, known bool) {
	p, s := &c.Caller.Principal, c.Caller.Session
	switch key {
	case "aws:principalarn":
		if p.Type == policy.RoleSession {
			return p.Role, true
		}
		return p.ARN, true
	case "aws:principalaccount":
		return p.Account, true
	case "aws:principalorgid":
		return c.organizationOf(c.Caller.Account()), true
	case "aws:principalorgpaths":
		return c.pathOf(c.Caller.Account()), true
	case "aws:principalisawsservice":
		if p.Type == policy.Anonymous {
			return "", true
		}
		return "false", true
	case "aws:principaltype":
		return principalTypes[p.Type], true
	case "aws:userid":
		if p.Type == policy.Anonymous {
			return "anonymous", true
		}
		return c.Caller.UserID, true
	case "aws:username":
		if p.Type != policy.User {
			return "", true
		}
		name, _ := arn.Parse(p.ARN)
		return name.Name(), true
	}
	if s == nil {
		return "", false
	}
	return c.ofSession(key, s)
}

func (c *checkContext) ofSession(key string, s *Session) (value string, known bool) {
	switch key {
	case "aws:tokenissuetime":
		return s.Issued.UTC().Format(time.RFC3339), true
	case "aws:multifactorauthpresent":
		return strconv.FormatBool(!s.MFATime.IsZero()), true
	case "aws:multifactorauthage":
		if s.MFATime.IsZero() {
			return "", true
		}
		return strconv.FormatInt(int64(c.Now.Sub(s.MFATime)/time.Second), 10), true
	case "aws:sourceidentity":
		return s.SourceIdentity, true
	}
	for _, t := range s.Context {
		if t.Key == key {
			return t.Value, true
		}
	}
	return "", false
}

// principalTypes are the values of aws:PrincipalType.
var principalTypes = map[policy.PrincipalType]string{
	policy.User: "User", policy.RoleSession: "AssumedRole", policy.FederatedUser: "FederatedUser",
	policy.Root: "Account", policy.Anonymous: "Anonymous",
}
