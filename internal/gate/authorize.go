package gate

import (
	"context"
	"errors"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/policy"
)

// authorize asks the row for its checks and lets the request on if every one of
// them is allowed. A no that rests on memory is decided again at the store's
// current revision, checks included, since they may rest on memory too.
func (s *Server) authorize(req *Request) error {
	var err error
	settleErr := s.IAM.Settle(req.HTTP.Context(), func() bool {
		err = s.decide(req)
		return err == nil || !decided(err)
	})
	if settleErr != nil {
		return settleErr
	}
	return err
}

// decided reports whether an error is an answer about state, which a newer
// revision may change.
func decided(err error) bool {
	e := apierr.From(err)
	return errors.Is(e, apierr.AccessDenied) || errors.Is(e, apierr.AccessDeniedException) || e.Status == 404
}

func (s *Server) decide(req *Request) error {
	req.Env, req.server = s.environment(req), s
	checks, err := req.row.Checks(req.HTTP.Context(), req)
	req.checks, req.decisions = checks, req.decisions[:0]
	if err != nil {
		return err
	}
	if req.Caller.Principal.Type == policy.Anonymous && !req.row.Anonymous && req.Service.Model == nil {
		return apierr.AccessDenied.New("Access Denied")
	}
	var denied error
	for i := range checks {
		d, err := s.IAM.Authorize(&req.Env, &checks[i])
		if err != nil {
			return err
		}
		req.decisions = append(req.decisions, d)
		if !d.Allowed() && denied == nil {
			denied = s.denial(req, &checks[i], d)
		}
	}
	return denied
}

// Allowed decides one more check for a request that is already running, such as
// each key of DeleteObjects or s3:ListBucket behind a missing key, and puts it
// into the record. The error is an AccessDenied, or what build answers. A no is
// decided again at the store's current revision, once for each request; build is
// asked again then, since what it looks up may rest on memory too.
func (r *Request) Allowed(ctx context.Context, build func() (iam.Check, error)) error {
	var check iam.Check
	var d policy.Decision
	var err error
	settleErr := r.server.IAM.Settle(ctx, func() bool {
		check, d, err = r.decideOne(build)
		yes := err == nil && d.Allowed() || err != nil && !decided(err)
		settled := yes || r.refreshed
		r.refreshed = r.refreshed || !yes
		return settled
	})
	if settleErr != nil {
		return settleErr
	}
	if err != nil {
		return err
	}
	r.checks, r.decisions = append(r.checks, check), append(r.decisions, d)
	if !d.Allowed() {
		return r.server.denial(r, &check, d)
	}
	return nil
}

func (r *Request) decideOne(build func() (iam.Check, error)) (iam.Check, policy.Decision, error) {
	check, err := build()
	if err != nil {
		return check, policy.Decision{}, err
	}
	d, err := r.server.IAM.Authorize(&r.Env, &check)
	return check, d, err
}

// denial words an AccessDenied the way AWS does ("Troubleshoot access denied
// error messages" in the IAM User Guide).
func (s *Server) denial(req *Request, check *iam.Check, d policy.Decision) error {
	if req.Service.Model == nil && req.Caller.Principal.Type == policy.Anonymous {
		return apierr.AccessDenied.New("Access Denied")
	}
	var b strings.Builder
	b.WriteString("User: ")
	if who := req.Caller.Principal.ARN; who != "" {
		b.WriteString(who)
	} else {
		b.WriteString("anonymous")
	}
	b.WriteString(" is not authorized to perform: ")
	b.WriteString(check.Action)
	b.WriteString(" on resource: ")
	if req.Service.Model == nil {
		b.WriteString(`"` + check.Resource + `"`)
	} else {
		b.WriteString(check.Resource)
	}
	if !req.row.Quiet {
		b.WriteString(" " + d.Message(check.Action))
	}
	if req.Service.Model != nil && req.Service.Model.Target != "" {
		return apierr.AccessDeniedException.New("%s", b.String())
	}
	return apierr.AccessDenied.New("%s", b.String())
}

// environment is what conditions can know of the request.
func (s *Server) environment(req *Request) iam.Environment {
	env := s.IAM.Environment(req.Caller)
	env.Now = req.received.Add(s.Clock.Offset())
	env.SourceIP, env.Secure = req.SourceIP, req.Secure
	env.UserAgent, env.Referer = req.HTTP.UserAgent(), req.HTTP.Referer()
	env.Region = s.region(req.Service)
	return env
}
