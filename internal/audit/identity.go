package audit

import "time"

// Identity says who made a request: CloudTrail's userIdentity element,
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type Identity struct {
	// Type is Root, IAMUser, AssumedRole, FederatedUser, AWSAccount,
	// AWSService, SAMLUser or WebIdentityUser; empty is written as Unknown.
	Type             string
	PrincipalID      string // the unique id; "AROA…:session" for a role session
	ARN              string
	AccountID        string
	AccessKeyID      string
	UserName         string
	IdentityProvider string // of a SAMLUser or WebIdentityUser
	InvokedBy        string // the service that called on someone's behalf
	Session          Session
}

// Session describes temporary credentials; the zero value means that the
// request used none.
type Session struct {
	Issuer           Issuer
	Created          time.Time
	MFAAuthenticated bool
	SourceIdentity   string
}

// Issuer is the role or user that a session was issued for.
type Issuer struct {
	Type        string // Role, IAMUser or Root
	PrincipalID string
	ARN         string
	AccountID   string
	UserName    string // the role's name, for a role
}

func (who *Identity) append(b []byte) []byte {
	kind := who.Type
	if kind == "" {
		kind = "Unknown"
	}
	b = appendText(append(b, `{"type":`...), kind, maxName)
	b = appendMember(b, "principalId", who.PrincipalID, maxName)
	b = appendMember(b, "arn", who.ARN, maxName)
	b = appendMember(b, "accountId", who.AccountID, maxName)
	b = appendMember(b, "accessKeyId", who.AccessKeyID, maxName)
	b = appendMember(b, "userName", who.UserName, maxName)
	b = appendMember(b, "identityProvider", who.IdentityProvider, maxName)
	b = appendMember(b, "invokedBy", who.InvokedBy, maxName)
	if who.Session != (Session{}) {
		b = who.Session.append(appendKey(b, "sessionContext"))
	}
	return append(b, '}')
}

func (s *Session) append(b []byte) []byte {
	b = append(b, '{')
	if s.Issuer != (Issuer{}) {
		b = s.Issuer.append(appendKey(b, "sessionIssuer"))
	}
	b = append(appendKey(b, "attributes"), '{')
	if !s.Created.IsZero() {
		b = appendTime(appendKey(b, "creationDate"), s.Created)
	}
	// CloudTrail writes this truth value as a string.
	mfa := "false"
	if s.MFAAuthenticated {
		mfa = "true"
	}
	b = append(appendMember(b, "mfaAuthenticated", mfa, maxName), '}')
	b = appendMember(b, "sourceIdentity", s.SourceIdentity, maxName)
	return append(b, '}')
}

func (i *Issuer) append(b []byte) []byte {
	b = append(b, '{')
	b = appendMember(b, "type", i.Type, maxName)
	b = appendMember(b, "principalId", i.PrincipalID, maxName)
	b = appendMember(b, "arn", i.ARN, maxName)
	b = appendMember(b, "accountId", i.AccountID, maxName)
	b = appendMember(b, "userName", i.UserName, maxName)
	return append(b, '}')
}
