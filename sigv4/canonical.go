package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// canonicalRequest holds the parts of a request that a signature covers:
//
//	Method \n
//	Path \n
//	Query \n
//	name:value \n     for each signed header
//	\n
//	SignedHeaders \n
//	PayloadHash
type canonicalRequest struct {
	req     *http.Request
	query   []param
	headers string   // "host;x-amz-date"
	names   []string // the same, split
	payload string
}

// append appends the canonical request with the given path. A signed header
// that the request lacks is ErrMissingSignedHeader: "absent" and "empty" are not
// the same to those who act on headers.
func (c *canonicalRequest) append(dst []byte, path []byte) ([]byte, error) {
	dst = append(dst, c.req.Method...)
	dst = append(dst, '\n')
	dst = append(dst, path...)
	dst = append(dst, '\n')
	dst = appendCanonicalQuery(dst, c.query)
	dst = append(dst, '\n')
	for _, name := range c.names {
		dst = append(dst, name...)
		dst = append(dst, ':')
		var ok bool
		if dst, ok = appendHeader(dst, c.req, name); !ok {
			return nil, fmt.Errorf("%w: %s", ErrMissingSignedHeader, name)
		}
		dst = append(dst, '\n')
	}
	dst = append(dst, '\n')
	dst = append(dst, c.headers...)
	dst = append(dst, '\n')
	return append(dst, c.payload...), nil
}

// appendHeader appends the canonical value of the header with the lower-case
// name. Four headers are not, or not always, in net/http's header map.
func appendHeader(dst []byte, r *http.Request, name string) ([]byte, bool) {
	if name == "host" {
		return appendFolded(dst, hostOf(r)), true
	}
	if values := headerValues(r.Header, name); len(values) > 0 {
		return appendValues(dst, values), true
	}
	switch {
	case name == "content-length" && r.ContentLength >= 0:
		return strconv.AppendInt(dst, r.ContentLength, 10), true
	case name == "transfer-encoding" && len(r.TransferEncoding) > 0:
		return appendValues(dst, r.TransferEncoding), true
	}
	return dst, false
}

func hostOf(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// headerValues looks a lower-case name up without allocating its canonical form.
func headerValues(h http.Header, name string) []string {
	var space [64]byte
	if len(name) > len(space) {
		return h[http.CanonicalHeaderKey(name)]
	}
	key := append(space[:0], name...)
	upper := true
	for i, c := range key {
		if upper && 'a' <= c && c <= 'z' {
			key[i] = c - 'a' + 'A'
		}
		upper = c == '-'
	}
	return h[string(key)]
}

func appendValues(dst []byte, values []string) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendFolded(dst, v)
	}
	return dst
}

// appendFolded appends s without white space at its ends and with every run of
// it inside turned into one space.
func appendFolded(dst []byte, s string) []byte {
	start, pending := len(dst), false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == ' ' || c == '\t' {
			pending = true
			continue
		}
		if pending && len(dst) > start {
			dst = append(dst, ' ')
		}
		pending = false
		dst = append(dst, c)
	}
	return dst
}

// appendStringToSign appends
//
//	AWS4-HMAC-SHA256 \n 20150830T123600Z \n scope \n hex(SHA-256(canonical))
func appendStringToSign(dst []byte, t time.Time, scope Scope, canonical []byte) []byte {
	dst = append(dst, algorithm...)
	dst = append(dst, '\n')
	dst = appendStamp(dst, t)
	dst = append(dst, '\n')
	dst = scope.append(dst)
	dst = append(dst, '\n')
	sum := sha256.Sum256(canonical)
	return hex.AppendEncode(dst, sum[:])
}

// sentPath returns the path of a received request as it stood on the wire. The
// server side of net/http keeps it in RawPath whenever it is not the standard
// encoding of Path; EscapedPath alone would hide bytes sent without escaping.
func sentPath(u *url.URL) string {
	if u.RawPath != "" {
		return u.RawPath
	}
	return u.EscapedPath()
}

// appendGeneralPath appends the path of general services: normalized, and the
// escaped form encoded once more.
func appendGeneralPath(dst []byte, escaped string) []byte {
	return appendEscaped(dst, normalizePath(escaped), true)
}

// appendS3Path appends the path of S3: every byte encoded once, nothing resolved.
func appendS3Path(dst []byte, decoded string) []byte {
	if decoded == "" {
		return append(dst, '/')
	}
	return appendEscaped(dst, decoded, true)
}
