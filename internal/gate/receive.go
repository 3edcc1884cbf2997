package gate

import (
	"net/http"
	"net/netip"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/audit"
)

// maxHeader is the size of all header fields of a request, names and values.
// S3 allows 8 KB; a session token may need 5.4 KB alone and a chain of proxies
// adds its own.
const maxHeader = 32 << 10

// receive gives the request an id and an address, and refuses what is too
// large or ambiguous before anything else looks at it.
func (s *Server) receive(req *Request) error {
	req.ID = audit.NewID().String() // a UUID, which is what AWS's request ids look like
	s.locate(req)
	r := req.HTTP
	size := len(r.RequestURI) + len(r.Host)
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v)
		}
	}
	if size > maxHeader {
		return apierr.RequestHeaderSectionTooLarge.New("Your request header and metadata exceed the maximum allowed size.")
	}
	return checkConnection(r.Header)
}

// checkConnection refuses to let the Connection header take other headers out of
// the request: a signed x-amz- header could vanish that way on its way on.
func checkConnection(h http.Header) error {
	for _, value := range h["Connection"] {
		for token := range strings.SplitSeq(value, ",") {
			switch strings.ToLower(strings.TrimSpace(token)) {
			case "", "close", "keep-alive":
			default:
				return apierr.InvalidRequest.New("The Connection header may only say close or keep-alive.")
			}
		}
	}
	return nil
}

// locate finds the client's address and whether it came over TLS. X-Forwarded-
// headers count only from a trusted proxy, and are read from the right: the
// rightmost address that is no trusted proxy is the client's. If a trusted proxy
// says something else than an address, the client's is not known, and is not
// taken to be the proxy's, which policies may well trust.
func (s *Server) locate(req *Request) {
	r := req.HTTP
	req.Secure = r.TLS != nil
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return
	}
	address := peer.Addr().Unmap().WithZone("")
	req.SourceIP = address.String()
	if len(s.TrustedProxies) == 0 || !s.trusted(address) {
		return
	}
	if proto := r.Header["X-Forwarded-Proto"]; len(proto) > 0 {
		hops := strings.Split(proto[len(proto)-1], ",")
		req.Secure = strings.EqualFold(strings.TrimSpace(hops[len(hops)-1]), "https")
	}
	forwarded := r.Header["X-Forwarded-For"]
	if len(forwarded) == 0 {
		return
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, ok := parseHop(strings.TrimSpace(hops[i]))
		if !ok {
			req.SourceIP = ""
			return
		}
		req.SourceIP = hop.String()
		if !s.trusted(hop) {
			return
		}
	}
}

// parseHop reads one address of X-Forwarded-For, to which some proxies add the port.
func parseHop(s string) (netip.Addr, bool) {
	address, err := netip.ParseAddr(s)
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		address = withPort.Addr()
	}
	return address.Unmap().WithZone(""), true
}

func (s *Server) trusted(address netip.Addr) bool {
	for _, p := range s.TrustedProxies {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
