package iam

import (
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
)

// Caller is who sent a request, after authentication. It lives as long as the
// request and is not changed after it was made, except that Refresh may give it
// the records of a newer revision.
type Caller struct {
	Principal policy.Principal
	// UserID is AWS's UserId of GetCallerIdentity: AIDA…, AROA…:session, or the
	// account number for the root user. Empty for an anonymous caller.
	UserID      string
	AccessKeyID string
	User        *User    // a user, by a long-term key
	Role        *Role    // the role behind a session
	Session     *Session // nil for long-term keys
}

// Account is the caller's account, empty for an anonymous caller.
func (c *Caller) Account() arn.AccountID { return arn.AccountID(c.Principal.Account) }

// Anonymous is the caller of an unsigned request.
func Anonymous() *Caller {
	return &Caller{Principal: policy.Principal{Type: policy.Anonymous}}
}

// SessionID identifies a session, whatever its access key id is: 128 random bits.
type SessionID [16]byte

// Session is what a session token says: everything that a decision or a
// revocation needs to know, since sessions are stored nowhere else.
type Session struct {
	ID        SessionID
	Kind      SessionKind
	Partition string
	Account   arn.AccountID
	// PrincipalID is the unique id of the role. A role made anew under the same
	// name has another id, and revives no session.
	PrincipalID    string
	Name           string // RoleSessionName
	Issued         time.Time
	Expires        time.Time
	Policy         string   // inline session policy, empty when none was given
	PolicyARNs     []string // managed session policies, resolved at each use
	Tags           []Tag
	TransitiveKeys []string
	SourceIdentity string
	MFATime        time.Time // zero without MFA
	// Context are further keys set when the session was made, by lower-case
	// name, such as aws:federatedprovider.
	Context []Tag
	// Ancestors are the sessions this one was chained from, oldest first.
	Ancestors []SessionID
	// LongTermKey is the access key at the start of the chain.
	LongTermKey string
}

// SessionKind says which operation made a session.
type SessionKind uint8

// The kinds of sessions. The numbers are part of the token.
const (
	RoleSession SessionKind = 1
)

// Chained reports whether the session was made with the credentials of another.
func (s *Session) Chained() bool { return len(s.Ancestors) > 0 }

// Limited reports whether session policies apply.
func (s *Session) Limited() bool { return s.Policy != "" || len(s.PolicyARNs) > 0 }
