package sigv4

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Version is the version of the signing process.
type Version int

// The versions that Verify knows. V2 exists as presigned S3 URLs only.
const (
	V4 Version = 4
	V2 Version = 2
)

// Signature is what a request claims about its signer. Nothing in it is true
// before Verify has returned nil. It is not safe for concurrent use.
type Signature struct {
	Version       Version
	Presigned     bool // the claim stands in the query
	AccessKeyID   string
	SessionToken  string // "" when there is none
	Scope         Scope  // for V2 only Service is set, to "s3"
	SignedHeaders []string
	Time          time.Time     // X-Amz-Date or Date, UTC; zero for V2
	Expires       time.Duration // X-Amz-Expires of a presigned S3 request of version 4
	ExpiresAt     time.Time     // end of a presigned S3 request; zero otherwise
	Payload       Payload
	ContentSHA256 string // the payload line as signed; for PayloadBody "" until Verify
	DecodedLength int64  // x-amz-decoded-content-length of a streaming payload

	req     *http.Request
	query   []param
	headers string // SignedHeaders as sent: "host;x-amz-date"
	given   string // the signature as sent

	verified bool
	key      signingKey // set by Verify for V4; chunk signatures need it
}

// S3 reports whether S3's rules apply instead of the general ones.
func (s *Signature) S3() bool { return s.Scope.Service == "s3" }

// String names the signer without the signature or the session token.
func (s *Signature) String() string {
	return fmt.Sprintf("v%d %s %s", s.Version, s.AccessKeyID, s.Scope)
}

// LogValue implements slog.LogValuer with String's content.
func (s *Signature) LogValue() slog.Value { return slog.StringValue(s.String()) }
