package sigv4

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const algorithm = "AWS4-HMAC-SHA256"

// Limits on what Parse reads; longer input is ErrTooLong.
const (
	maxAuthorization = 16 << 10
	maxSignedHeaders = 256
	maxSessionToken  = 16 << 10
)

// Parse reads the signature that r carries, without any cryptography and
// without touching the body. The error is ErrNoSignature for an anonymous
// request, and otherwise one of the errors of this package that says what is
// wrong with the claim. r is kept and must not be changed until the signature has
// been verified and the body read.
//
// A session token in a query counts as part of the signed query, as STS, IAM and
// S3 ask for. (Some other services want it appended after signing; there is
// none of those here, and such a URL does not verify.)
func Parse(r *http.Request) (*Signature, error) {
	query, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	inHeader, inV4, inV2 := len(r.Header["Authorization"]) > 0, hasV4Params(query), hasV2Params(query)
	s := &Signature{req: r, query: query}
	switch {
	case inHeader && (inV4 || inV2), inV4 && inV2, len(r.Header["Authorization"]) > 1:
		return nil, ErrMultipleAuth
	case inHeader:
		err = s.parseHeader(r.Header["Authorization"][0])
	case inV4:
		err = s.parsePresigned()
	case inV2:
		err = s.parseV2()
	default:
		err = ErrNoSignature
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// parseHeader reads
//
//	AWS4-HMAC-SHA256 Credential=C, SignedHeaders=a;b;c, Signature=HEX
//
// The parts may come in any order, with or without spaces around the commas.
func (s *Signature) parseHeader(value string) error {
	if len(value) > maxAuthorization {
		return fmt.Errorf("%w: authorization header", ErrTooLong)
	}
	scheme, rest, _ := strings.Cut(value, " ")
	if scheme != algorithm {
		return ErrUnsupportedAlgorithm
	}
	credential, headers, signature, err := splitAuthorization(rest)
	if err != nil {
		return err
	}
	stamp, isDate, err := s.dateHeader()
	if err != nil {
		return err
	}
	var missing []string
	for _, part := range [...]struct{ name, value string }{
		{"Credential", credential}, {"Signature", signature}, {"SignedHeaders", headers}, {"X-Amz-Date", stamp},
	} {
		if part.value == "" {
			missing = append(missing, part.name)
		}
	}
	if missing != nil {
		return &IncompleteError{Missing: missing}
	}
	s.Time, err = parseStamp(stamp)
	if isDate {
		s.Time, err = parseDateHeader(stamp)
	}
	if err != nil {
		return err
	}
	if s.SessionToken, err = single(s.req.Header, "X-Amz-Security-Token"); err != nil {
		return err
	}
	return s.claim(credential, headers, signature)
}

func splitAuthorization(rest string) (credential, headers, signature string, err error) {
	for part := range strings.SplitSeq(rest, ",") {
		part = strings.Trim(part, " \t")
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		var into *string
		switch name {
		case "Credential":
			into = &credential
		case "SignedHeaders":
			into = &headers
		case "Signature":
			into = &signature
		default:
			return "", "", "", ErrMalformedAuthorization
		}
		if *into != "" {
			return "", "", "", fmt.Errorf("%w: %s", ErrDuplicateParameter, name)
		}
		*into = value
	}
	return credential, headers, signature, nil
}

// dateHeader returns X-Amz-Date or, failing that, Date.
func (s *Signature) dateHeader() (value string, isDate bool, err error) {
	if value, err = single(s.req.Header, "X-Amz-Date"); err != nil || value != "" {
		return value, false, err
	}
	value, err = single(s.req.Header, "Date")
	return value, true, err
}

// claim checks and stores what header and query have in common. It needs Time.
func (s *Signature) claim(credential, headers, signature string) (err error) {
	s.Version = V4
	if s.AccessKeyID, s.Scope, err = parseCredential(credential); err != nil {
		return err
	}
	var day [len(stampLayout)]byte
	if string(appendStamp(day[:0], s.Time)[:8]) != s.Scope.Date {
		return &ScopeDateError{Scope: s.Scope.Date, Time: s.Time}
	}
	if len(s.SessionToken) > maxSessionToken {
		return fmt.Errorf("%w: session token", ErrTooLong)
	}
	if !isHex(signature, sha256.Size) {
		return ErrMalformedSignature
	}
	s.given = signature
	if err := s.parseSignedHeaders(headers); err != nil {
		return err
	}
	if err := s.checkUnsigned(); err != nil {
		return err
	}
	return s.readPayload()
}

// parseSignedHeaders reads names separated by ';', which must be lower case,
// sorted and distinct, and host among them.
func (s *Signature) parseSignedHeaders(list string) error {
	if strings.Count(list, ";") >= maxSignedHeaders || len(list) > maxAuthorization {
		return fmt.Errorf("%w: list of signed headers", ErrTooLong)
	}
	names := strings.Split(list, ";")
	for i, name := range names {
		if !validHeaderName(name) || i > 0 && names[i-1] >= name {
			return ErrMalformedSignedHeaders
		}
	}
	if _, ok := slices.BinarySearch(names, "host"); !ok {
		return ErrHostNotSigned
	}
	s.headers, s.SignedHeaders = list, names
	return nil
}

// validHeaderName accepts the tokens of RFC 9110, section 5.6.2, in lower case.
func validHeaderName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if ('a' > c || c > 'z') && ('0' > c || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// checkUnsigned refuses x-amz- headers that the signature does not cover,
// because the operations act on them. x-amzn- headers, which tracing adds
// underway, are another prefix.
func (s *Signature) checkUnsigned() error {
	var unsigned []string
	for name := range s.req.Header {
		if len(name) < len(amzPrefix) || !strings.EqualFold(name[:len(amzPrefix)], amzPrefix) || s.signs(name) {
			continue
		}
		unsigned = append(unsigned, strings.ToLower(name))
	}
	if unsigned == nil {
		return nil
	}
	slices.Sort(unsigned)
	return &UnsignedHeaderError{Names: unsigned}
}

const amzPrefix = "x-amz-"

func (s *Signature) signs(name string) bool {
	for _, signed := range s.SignedHeaders {
		if len(signed) == len(name) && strings.EqualFold(signed, name) {
			return true
		}
	}
	return false
}
