package gate

import (
	"errors"
	"net/http"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/sigv4"
)

// route finds the service. With a signature the service is the scope's. An
// unsigned request with an Action is STS's, whose errors it gets; the rest is S3.
// A request whose signature cannot be read still needs a service for the form of
// its error, and gets the one that it looks like.
func (s *Server) route(req *Request) error {
	r := req.HTTP
	sig, err := sigv4.Parse(r)
	switch {
	case err == nil:
		req.Signature = sig
		req.Service = s.services[sig.Scope.Service]
	case errors.Is(err, sigv4.ErrNoSignature):
		req.Service, err = s.resembled(r), nil
	default:
		req.Service = s.resembled(r)
	}
	if err != nil {
		return s.authError(req, err)
	}
	if req.Service == nil {
		name := sig.Scope.Service
		req.Service = s.resembled(r)
		return apierr.SignatureDoesNotMatch.New("Credential should be scoped to correct service: this endpoint has no service %q.", clip(name))
	}
	req.json = req.Service.Model != nil && wantsJSON(r.Header)
	return nil
}

// resembled guesses the service of a request by its form.
func (s *Server) resembled(r *http.Request) *Service {
	if target, _, ok := wire.SplitTarget(r.Header.Get("X-Amz-Target")); ok {
		for _, service := range s.services {
			if service.Model != nil && service.Model.Target == target {
				return service
			}
		}
	}
	formBody := r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	rootPath := strings.Trim(r.URL.Path, "/") == ""
	if rootPath && (formBody || strings.HasPrefix(r.URL.RawQuery, "Action=") || strings.Contains(r.URL.RawQuery, "&Action=")) {
		return s.services["sts"]
	}
	if s3 := s.services["s3"]; s3 != nil {
		return s3
	}
	return s.services["sts"]
}

// wantsJSON reports whether the client accepts JSON and no XML.
func wantsJSON(h http.Header) bool {
	accept := h.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "xml")
}

// clip shortens what a client sent for a message.
func clip(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}
