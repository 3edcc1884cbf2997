package gate

import (
	"crypto/tls"
	"errors"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/policy"
)

// intend records that a change is about to run. Without the record it does not.
func (s *Server) intend(req *Request) error {
	req.event = audit.NewID()
	if !req.row.Changes {
		return nil
	}
	err := s.Audit.Intent(req.HTTP.Context(), &audit.Intent{
		ID: req.event, Time: req.received, RequestID: req.ID,
		Source: req.Service.EventSource(), Name: req.Operation, Region: s.region(req.Service),
		SourceIPAddress: req.SourceIP, Identity: identity(req.Caller), Resources: resources(req),
		Decision: audit.Allow, FreesSpace: req.row.Frees,
	})
	return recordError(err)
}

// record hands the outcome to the log before the first byte of the answer. A
// request that was not authenticated, or is nobody's and for nothing, is only
// counted.
func (s *Server) record(req *Request, answer any, failure *apierr.Error) error {
	if failure != nil && unproven(req.Caller) {
		s.Audit.CountFailure(req.received, req.SourceIP, failure.Code)
		return nil
	}
	ev := audit.Event{
		ID: req.event, Time: s.Clock.Real(), RequestID: req.ID,
		Source: req.Service.EventSource(), Name: req.Operation, Region: s.region(req.Service),
		SourceIPAddress: req.SourceIP, UserAgent: req.HTTP.UserAgent(), Identity: identity(req.Caller),
		Resources: resources(req), ReadOnly: req.row == nil || !req.row.Changes, DataEvent: req.row != nil && req.row.Data,
		RecipientAccountID: string(req.Caller.Account()), TLS: connection(req.HTTP.TLS, req.HTTP.Host),
		ClockOffset: s.Clock.Offset(),
	}
	ev.Decision, ev.Checks = verdict(req, failure)
	if failure != nil {
		ev.ErrorCode, ev.ErrorMessage = failure.Code, failure.Message
	}
	if req.row != nil && req.Input != nil {
		ev.RequestParameters = req.parameters()
		if failure == nil && req.row.Elements != nil {
			ev.ResponseElements = req.row.Elements(answer)
		}
	}
	return recordError(s.Audit.Record(req.HTTP.Context(), &ev))
}

// unproven reports whether a request was refused to somebody who proved nothing.
// Such requests are counted, for strangers could fill the record with them.
func unproven(c *iam.Caller) bool { return c == nil || c.Principal.Type == policy.Anonymous }

func recordError(err error) error {
	if err == nil {
		return nil
	}
	return apierr.ServiceUnavailable.Wrap(errors.Join(errNoRecord, err), "The request cannot be recorded.")
}

var errNoRecord = errors.New("gate: no record, no answer")

// verdict is the outcome of all checks together, and each of them.
func verdict(req *Request, failure *apierr.Error) (audit.Decision, []audit.Check) {
	if len(req.decisions) == 0 {
		if failure != nil && (errors.Is(failure, apierr.AccessDenied) || errors.Is(failure, apierr.AccessDeniedException)) {
			return audit.ImplicitDeny, nil
		}
		if req.event == (audit.ID{}) {
			return audit.NotEvaluated, nil
		}
		return audit.Allow, nil // no permission needed
	}
	all := audit.Allow
	checks := make([]audit.Check, len(req.decisions))
	for i, d := range req.decisions {
		effect := effects[d.Effect]
		checks[i] = audit.Check{Action: req.checks[i].Action, Resource: req.checks[i].Resource, Decision: effect}
		if d.By != 0 {
			checks[i].PolicyType = d.By.String()
		}
		if effect != audit.Allow && all != audit.ExplicitDeny {
			all = effect
		}
	}
	return all, checks
}

var effects = [...]audit.Decision{
	policy.Allow: audit.Allow, policy.ExplicitDeny: audit.ExplicitDeny, policy.ImplicitDeny: audit.ImplicitDeny,
}

// identity is a caller in CloudTrail's words.
func identity(c *iam.Caller) audit.Identity {
	p := &c.Principal
	who := audit.Identity{PrincipalID: c.UserID, ARN: p.ARN, AccountID: p.Account, AccessKeyID: c.AccessKeyID}
	switch p.Type {
	case policy.User:
		who.Type = "IAMUser"
		if c.User != nil {
			who.UserName = c.User.Name.Name
		}
	case policy.Root:
		who.Type = "Root"
	case policy.RoleSession:
		who.Type = "AssumedRole"
		who.Session = audit.Session{
			Issuer: audit.Issuer{
				Type: "Role", PrincipalID: c.Role.ID, ARN: p.Role,
				AccountID: string(c.Role.Account), UserName: c.Role.Name.Name,
			},
			Created: c.Session.Issued, MFAAuthenticated: !c.Session.MFATime.IsZero(), SourceIdentity: c.Session.SourceIdentity,
		}
	case policy.Anonymous:
		who.Type, who.AccountID, who.PrincipalID = "AWSAccount", "anonymous", ""
	}
	return who
}

// resources are what the checks are about.
func resources(req *Request) []audit.Resource {
	var all []audit.Resource
	for i := range req.checks {
		c := &req.checks[i]
		if c.Resource == "*" || i > 0 && c.Resource == req.checks[i-1].Resource {
			continue
		}
		all = append(all, audit.Resource{ARN: c.Resource, AccountID: string(c.Owner), Type: resourceType(c.Resource)})
	}
	return all
}

// resourceType is CloudTrail's type of a resource, by its ARN.
func resourceType(name string) string {
	switch {
	case strings.HasPrefix(name, "arn:aws:s3:::") && strings.Contains(name, "/"):
		return "AWS::S3::Object"
	case strings.HasPrefix(name, "arn:aws:s3:::"):
		return "AWS::S3::Bucket"
	case strings.Contains(name, ":role/"):
		return "AWS::IAM::Role"
	case strings.Contains(name, ":user/"):
		return "AWS::IAM::User"
	case strings.Contains(name, ":group/"):
		return "AWS::IAM::Group"
	case strings.Contains(name, ":policy/"):
		return "AWS::IAM::Policy"
	case strings.Contains(name, ":instance-profile/"):
		return "AWS::IAM::InstanceProfile"
	}
	return ""
}

func connection(state *tls.ConnectionState, host string) audit.TLS {
	if state == nil {
		return audit.TLS{}
	}
	return audit.TLS{Version: strings.Replace(tls.VersionName(state.Version), " ", "v", 1), CipherSuite: tls.CipherSuiteName(state.CipherSuite), Host: host}
}

// parameters are what the record keeps of the input: what the row says, else
// the plain parameters of the form.
func (r *Request) parameters() []audit.Field {
	switch {
	case r.row.Parameters != nil:
		return r.row.Parameters(r)
	case r.form != nil:
		return formFields(r.form.All(), r.model.Sensitive)
	}
	return nil
}
