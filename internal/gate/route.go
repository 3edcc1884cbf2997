package gate

import (
	"errors"
	"net/http"
	"strings"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/sigv4"
)

// unsignedService is the service that is left when nothing else fits.
const unsignedService = "sts"

// route finds the service. With a signature the service is the scope's. An
// unsigned request with an Action is STS's, whose errors it gets; the rest is S3.
// A request whose signature cannot be read still needs a service for the form of
// its error, and gets the one that it looks like.
func (s *Server) route(req *Request) error {
	sig, err := sigv4.Parse(req.HTTP)
	if err != nil {
		s.guess(req)
		if errors.Is(err, sigv4.ErrNoSignature) {
			return nil
		}
		return s.authError(req, err)
	}
	req.Signature = sig
	req.Service = s.services[sig.Scope.Service]
	if req.Service == nil {
		s.guess(req)
		return s.authError(req, errNoService{sig.Scope.Service})
	}
	req.json = req.Service.Model != nil && wantsJSON(req.HTTP.Header)
	return nil
}

// errNoService is a signature for a service that is not here.
type errNoService struct{ name string }

func (e errNoService) Error() string {
	return "Credential should be scoped to correct service: this endpoint has no service '" + clip(e.name) + "'."
}

// guess settles the form of the answer to a request whose service is not known.
func (s *Server) guess(req *Request) {
	req.Service = s.resembled(req.HTTP)
	req.json = req.Service.Model != nil && wantsJSON(req.HTTP.Header)
}

// resembled guesses the service of a request by its form.
func (s *Server) resembled(r *http.Request) *Service {
	if service := s.services[claimedService(r)]; service != nil {
		return service
	}
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
		return s.services[unsignedService]
	}
	if s3 := s.services["s3"]; s3 != nil {
		return s3
	}
	return s.services[unsignedService]
}

// claimedService reads the service out of a credential that may be malformed
// otherwise, in the header or in the query; "" if there is none.
func claimedService(r *http.Request) string {
	_, credential, ok := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if !ok {
		_, credential, _ = strings.Cut(r.URL.RawQuery, "X-Amz-Credential=")
		credential, _, _ = strings.Cut(credential, "&")
		credential = strings.ReplaceAll(credential, "%2F", "/")
	}
	credential, _, _ = strings.Cut(credential, ",")
	if parts := strings.Split(credential, "/"); len(parts) == 5 {
		return parts[3]
	}
	return ""
}

// wantsJSON reports whether the client accepts JSON and no XML.
func wantsJSON(h http.Header) bool {
	accept := h.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "xml")
}

// clip shortens what a client sent for a message.
func clip(s string) string {
	if len(s) > 64 {
		return strings.ToValidUTF8(s[:64], "") + "..."
	}
	return s
}
