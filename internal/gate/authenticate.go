package gate

import (
	"errors"
	"net/http"
	"time"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/sts"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/sigv4"
)

// Refusals of authenticate, richer than the wire: several of these share one
// code of AWS's. errors.go maps them for each service.
var (
	errUnknownKey  = errors.New("gate: access key is unknown, inactive or without its token")
	errWrongToken  = errors.New("gate: session token does not go with the access key")
	errGone        = errors.New("gate: the user or role behind the credentials is gone")
	errExpired     = errors.New("gate: session expired")
	errNoSignature = errors.New("gate: request is not signed")
)

// authenticate finds the caller. The body of a query or JSON request is read
// here, under a limit, because the signature covers it; S3's stays where it is.
func (s *Server) authenticate(w http.ResponseWriter, req *Request) error {
	if req.Service.Model != nil {
		if err := s.readBody(w, req); err != nil {
			return err
		}
	}
	if req.Signature == nil {
		return s.admitAnonymous(req)
	}
	claim, err := s.look(req)
	if err != nil {
		return s.authError(req, err)
	}
	err = req.Signature.Verify(claim.secret, s.keys, sigv4.VerifyOptions{Now: req.received, Body: req.body})
	if err == nil {
		err = claim.check(s.Clock.Now())
	}
	if err != nil {
		return s.authError(req, err)
	}
	req.Caller = claim.caller
	s.IAM.NoteUse(req.Caller, req.received, req.Service.Name, s.region(req.Service))
	return nil
}

func (s *Server) admitAnonymous(req *Request) error {
	req.Caller = iam.Anonymous()
	if req.Service.Model != nil {
		if op, ok := s.unsignedOperation(req); !ok || !op.Unsigned {
			return s.authError(req, errNoSignature)
		}
	}
	return nil
}

// unsignedOperation is the operation of an unsigned request, as far as it can
// be read.
func (s *Server) unsignedOperation(req *Request) (*wire.Operation, bool) {
	name, err := s.operationName(req)
	if err != nil {
		return nil, false
	}
	return req.Service.Model.Operation(name)
}

// claim is who the credentials of a request belong to, before the signature has
// been verified.
type claim struct {
	caller *iam.Caller
	secret sigv4.Secret
}

// check judges what only a caller who has the secret may learn.
func (c claim) check(now time.Time) error {
	if s := c.caller.Session; s != nil && !now.Before(s.Expires) {
		return errExpired
	}
	return nil
}

// look finds the claim, from memory first. What memory does not know is looked
// up again at the store's current revision.
func (s *Server) look(req *Request) (claim, error) {
	var c claim
	var err error
	settleErr := s.IAM.Settle(req.HTTP.Context(), func() bool {
		c, err = s.lookInMemory(req.Signature)
		return err == nil
	})
	if settleErr != nil {
		return claim{}, settleErr
	}
	return c, err
}

// lookInMemory tries long-term keys first: an administrator may bring any key
// id from outside, one that looks like a session's too.
func (s *Server) lookInMemory(sig *sigv4.Signature) (claim, error) {
	key, ok := s.IAM.AccessKey(sig.AccessKeyID)
	switch {
	case ok && sig.SessionToken != "":
		return claim{}, errWrongToken
	case ok:
		return s.claimOfKey(key)
	case sig.SessionToken == "":
		return claim{}, errUnknownKey
	}
	session, secret, err := s.Tokens.Open(sig.AccessKeyID, sig.SessionToken)
	if errors.Is(err, sts.ErrToken) {
		return claim{}, errors.Join(errWrongToken, err)
	}
	if err != nil {
		return claim{}, err
	}
	caller, ok := s.IAM.CallerOfSession(session, sig.AccessKeyID)
	if !ok {
		return claim{}, errGone
	}
	return claim{caller, secret}, nil
}

func (s *Server) claimOfKey(key *iam.AccessKey) (claim, error) {
	if !key.Active {
		return claim{}, errUnknownKey
	}
	caller, ok := s.IAM.CallerOfKey(key)
	if !ok {
		return claim{}, errGone
	}
	secret, err := s.IAM.SecretOf(key)
	return claim{caller, sigv4.Secret(secret)}, err
}

// region is aws:RequestedRegion for a service.
func (s *Server) region(service *Service) string {
	if service.Region != "" {
		return service.Region
	}
	return s.Region
}
