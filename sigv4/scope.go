package sigv4

import (
	"fmt"
	"strings"
)

// terminator ends every credential scope.
const terminator = "aws4_request"

// Limits on the parts of a credential. AWS's own access key ids are 16 to 128
// characters; regions and services stay far below 64.
const (
	maxAccessKeyID = 128
	maxScopePart   = 64
)

// Scope says what a signature is good for: one day, region and service.
type Scope struct {
	Date    string // YYYYMMDD
	Region  string
	Service string
}

// String returns the scope as it stands in the string to sign:
//
//	20150830/us-east-1/iam/aws4_request
func (s Scope) String() string { return string(s.append(nil)) }

func (s Scope) append(dst []byte) []byte {
	dst = append(dst, s.Date...)
	dst = append(dst, '/')
	dst = append(dst, s.Region...)
	dst = append(dst, '/')
	dst = append(dst, s.Service...)
	dst = append(dst, '/')
	return append(dst, terminator...)
}

// parseCredential reads
//
//	Credential = AccessKeyID "/" YYYYMMDD "/" Region "/" Service "/aws4_request"
func parseCredential(s string) (accessKeyID string, scope Scope, err error) {
	if len(s) > maxAccessKeyID+3*maxScopePart {
		return "", Scope{}, fmt.Errorf("%w: credential", ErrTooLong)
	}
	accessKeyID, s, _ = strings.Cut(s, "/")
	scope.Date, s, _ = strings.Cut(s, "/")
	scope.Region, s, _ = strings.Cut(s, "/")
	scope.Service, s, _ = strings.Cut(s, "/")
	if s != terminator {
		return "", Scope{}, ErrMalformedCredential
	}
	if !validAccessKeyID(accessKeyID) || !validDay(scope.Date) || !validScopePart(scope.Region) || !validScopePart(scope.Service) {
		return "", Scope{}, ErrMalformedCredential
	}
	return accessKeyID, scope, nil
}

// validAccessKeyID accepts any printable ASCII without separators, because keys
// may come from other systems; whether a key exists is the caller's question.
func validAccessKeyID(s string) bool {
	if s == "" || len(s) > maxAccessKeyID {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c > '~' || c == '/' || c == ',' {
			return false
		}
	}
	return true
}

func validScopePart(s string) bool {
	if s == "" || len(s) > maxScopePart {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !unreserved(c) {
			return false
		}
	}
	return true
}

func validDay(s string) bool {
	if len(s) != 8 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
