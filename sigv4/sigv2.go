package sigv4

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Signature Version 2 as a presigned S3 URL, "Query string request
// authentication" in S3's documentation of REST authentication:
//
//	Signature = base64(HMAC-SHA1(secret, StringToSign))
//	StringToSign =
//	    Method \n Content-MD5 \n Content-Type \n Expires \n
//	    CanonicalizedAmzHeaders CanonicalizedResource
//
// Only path-style requests are known: the resource is the path.

// v2SignedParams are the sub-resources and overrides that the string to sign covers.
var v2SignedParams = []string{
	"accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle",
	"location", "logging", "metrics", "notification", "object-lock", "partNumber", "policy", "replication",
	"requestPayment", "response-cache-control", "response-content-disposition",
	"response-content-encoding", "response-content-language", "response-content-type",
	"response-expires", "restore", "select", "select-type", "storageClass", "tagging", "torrent",
	"uploadId", "uploads", "versionId", "versioning", "versions", "website",
}

// v2FreeParams may stand in a URL without being signed, because the version
// defines it so: they select a page of a listing. Anything else that the
// signature does not cover could turn a URL into another operation, so it is
// refused.
var v2FreeParams = []string{
	"continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker", "list-type", "marker",
	"max-keys", "max-parts", "max-uploads", "part-number-marker", "prefix", "start-after",
	"upload-id-marker", "version-id-marker", "x-id",
}

// v2HeaderParams are headers that presigners move into the query.
var v2HeaderParams = []string{"content-md5", "content-type"}

func hasV2Params(query []param) bool {
	for _, p := range query {
		if p.name == "AWSAccessKeyId" || p.name == "Signature" {
			return true
		}
	}
	return false
}

// parseV2 reads AWSAccessKeyId, Expires, Signature and x-amz-security-token.
func (s *Signature) parseV2() error {
	s.Version, s.Presigned, s.Scope.Service, s.Payload = V2, true, "s3", PayloadUnsigned
	var expires string
	var missing []string
	for _, field := range []struct {
		name string
		into *string
	}{{"AWSAccessKeyId", &s.AccessKeyID}, {"Signature", &s.given}, {"Expires", &expires}} {
		value, _, err := find(s.query, field.name)
		if err != nil {
			return err
		}
		if value == "" {
			missing = append(missing, field.name)
		}
		*field.into = value
	}
	if missing != nil {
		return &IncompleteError{Presigned: true, Missing: missing}
	}
	seconds, err := strconv.ParseUint(expires, 10, 40)
	if err != nil {
		return ErrMalformedExpires
	}
	s.ExpiresAt = time.Unix(int64(seconds), 0).UTC()
	return s.checkV2()
}

func (s *Signature) checkV2() error {
	if !validAccessKeyID(s.AccessKeyID) {
		return ErrMalformedCredential
	}
	if mac, err := base64.StdEncoding.DecodeString(s.given); err != nil || len(mac) != sha1.Size {
		return ErrMalformedSignature
	}
	for _, p := range s.query {
		if !v2Known(p.name) {
			return fmt.Errorf("%w: %q", ErrUnsignedParameter, p.name)
		}
		if !v2OneLine(p) {
			return fmt.Errorf("%w: a line break in a header", ErrMalformedQuery)
		}
	}
	amz, err := s.v2AmzHeaders()
	if err != nil {
		return err
	}
	s.SessionToken = amz["x-amz-security-token"]
	if len(s.SessionToken) > maxSessionToken {
		return fmt.Errorf("%w: session token", ErrTooLong)
	}
	switch value := amz["x-amz-content-sha256"]; value {
	case "", UnsignedPayload:
	default:
		if s.Payload, err = parsePayload(value); err != nil || s.Payload != PayloadHash {
			return ErrUnsupportedPayload
		}
		s.ContentSHA256 = value
	}
	return nil
}

func v2Known(name string) bool {
	switch name {
	case "AWSAccessKeyId", "Signature", "Expires":
		return true
	}
	return strings.HasPrefix(name, amzPrefix) || slices.Contains(v2SignedParams, name) ||
		slices.Contains(v2FreeParams, name) || slices.Contains(v2HeaderParams, name)
}

// v2OneLine reports whether a parameter that stands for a header is one line of
// the string to sign. With a line break in its value, one parameter would be
// signed like two headers.
func v2OneLine(p param) bool {
	if !strings.HasPrefix(p.name, amzPrefix) && !slices.Contains(v2HeaderParams, p.name) {
		return true
	}
	return !strings.ContainsAny(p.name, "\r\n:") && !strings.ContainsAny(p.value, "\r\n")
}

// v2AmzHeaders gathers the x-amz- headers from header and query, in lower case.
func (s *Signature) v2AmzHeaders() (map[string]string, error) {
	amz := make(map[string]string)
	for name, values := range s.req.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, amzPrefix) {
			amz[lower] = string(appendValues(nil, values))
		}
	}
	for _, p := range s.query {
		if !strings.HasPrefix(p.name, amzPrefix) {
			continue
		}
		if _, twice := amz[p.name]; twice {
			return nil, fmt.Errorf("%w: %s", ErrDuplicateParameter, p.name)
		}
		amz[p.name] = p.value
	}
	return amz, nil
}

// verifyV2 compares with each form of the path that clients sign.
func (s *Signature) verifyV2(secret Secret) error {
	for _, path := range s.v2Paths() {
		text, err := s.v2StringToSign(path)
		if err != nil {
			return err
		}
		if hmac.Equal([]byte(v2Sign(secret, text)), []byte(s.given)) {
			s.verified = true
			return nil
		}
	}
	return ErrSignatureMismatch
}

func v2Sign(secret Secret, text string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// v2Paths returns the path as sent, its canonical encoding where that differs,
// and for a bucket alone the path with a slash, which botocore signs. All of them
// name the same resource.
func (s *Signature) v2Paths() []string {
	sent := sentPath(s.req.URL)
	paths := []string{sent}
	if canonical := string(appendS3Path(nil, s.req.URL.Path)); canonical != sent {
		paths = append(paths, canonical)
	}
	if strings.Count(s.req.URL.Path, "/") == 1 && s.req.URL.Path != "/" {
		paths = append(paths, sent+"/")
	}
	return paths
}

func (s *Signature) v2StringToSign(path string) (string, error) {
	var b strings.Builder
	b.WriteString(s.req.Method + "\n")
	for _, name := range v2HeaderParams {
		value, err := s.v2Standard(name)
		if err != nil {
			return "", err
		}
		b.WriteString(value + "\n")
	}
	expires, _, err := find(s.query, "Expires")
	if err != nil {
		return "", err
	}
	b.WriteString(expires + "\n")
	amz, err := s.v2AmzHeaders()
	if err != nil {
		return "", err
	}
	names := make([]string, 0, len(amz))
	for name := range amz {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString(name + ":" + amz[name] + "\n")
	}
	b.WriteString(path + s.v2Resource())
	return b.String(), nil
}

// v2Standard returns content-md5 or content-type from the query or the header.
func (s *Signature) v2Standard(name string) (string, error) {
	inQuery, ok, err := find(s.query, name)
	if err != nil || ok {
		return inQuery, err
	}
	values := headerValues(s.req.Header, name)
	return string(appendValues(nil, values)), nil
}

// v2Resource returns the signed parameters, sorted, values decoded:
// "?acl&versionId=3", or "" when there are none.
func (s *Signature) v2Resource() string {
	var signed []string
	for piece := range strings.SplitSeq(s.req.URL.RawQuery, "&") {
		name, value, hasValue := strings.Cut(piece, "=")
		name, _ = unescape(name)
		if !slices.Contains(v2SignedParams, name) {
			continue
		}
		if value, _ = unescape(value); hasValue {
			name += "=" + value
		}
		signed = append(signed, name)
	}
	if signed == nil {
		return ""
	}
	slices.SortStableFunc(signed, func(a, b string) int {
		a, _, _ = strings.Cut(a, "=")
		b, _, _ = strings.Cut(b, "=")
		return strings.Compare(a, b)
	})
	return "?" + strings.Join(signed, "&")
}
