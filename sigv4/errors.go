package sigv4

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors about what a request claims, from Parse.
var (
	// ErrNoSignature means that the request is anonymous: no Authorization
	// header and no authentication parameter in the query.
	ErrNoSignature = errors.New("sigv4: request is not signed")
	// ErrMultipleAuth means more than one claim: header and query together,
	// repeated Authorization headers, or parameters of both versions.
	ErrMultipleAuth = errors.New("sigv4: more than one authentication mechanism")
	// ErrUnsupportedAlgorithm means a scheme that this package does not verify.
	ErrUnsupportedAlgorithm = errors.New("sigv4: unsupported authentication scheme")
	// ErrIncomplete is matched by *IncompleteError.
	ErrIncomplete = errors.New("sigv4: incomplete signature")
	// ErrMalformedAuthorization means an Authorization header that does not follow its grammar.
	ErrMalformedAuthorization = errors.New("sigv4: malformed authorization header")
	// ErrMalformedQuery means a query string that cannot be decoded exactly.
	ErrMalformedQuery = errors.New("sigv4: malformed query string")
	// ErrDuplicateParameter means that an authentication parameter stands twice.
	ErrDuplicateParameter = errors.New("sigv4: repeated authentication parameter")
	// ErrMalformedCredential means a Credential that is not ID/DATE/REGION/SERVICE/aws4_request.
	ErrMalformedCredential = errors.New("sigv4: malformed credential scope")
	// ErrMalformedSignature means a signature that is not of the right length and alphabet.
	ErrMalformedSignature = errors.New("sigv4: malformed signature")
	// ErrMalformedSignedHeaders means names that are not lower case, sorted and distinct.
	ErrMalformedSignedHeaders = errors.New("sigv4: malformed list of signed headers")
	// ErrHostNotSigned means that the host is not among the signed headers.
	ErrHostNotSigned = errors.New("sigv4: host is not signed")
	// ErrUnsignedHeader is matched by *UnsignedHeaderError.
	ErrUnsignedHeader = errors.New("sigv4: x-amz- header is not signed")
	// ErrMissingSignedHeader means that a signed header is not in the request.
	ErrMissingSignedHeader = errors.New("sigv4: signed header is missing")
	// ErrMalformedDate means that X-Amz-Date (or Date) is not a time in one of the accepted forms.
	ErrMalformedDate = errors.New("sigv4: malformed request date")
	// ErrScopeDate is matched by *ScopeDateError.
	ErrScopeDate = errors.New("sigv4: date in credential scope differs from the request's date")
	// ErrMalformedExpires means an X-Amz-Expires or Expires that is not a number.
	ErrMalformedExpires = errors.New("sigv4: malformed expiry")
	// ErrExpiresRange means an X-Amz-Expires outside of 1 to 604800 seconds at S3.
	ErrExpiresRange = errors.New("sigv4: expiry is not within 1 to 604800 seconds")
	// ErrMissingContentSHA256 means an S3 request without x-amz-content-sha256.
	ErrMissingContentSHA256 = errors.New("sigv4: x-amz-content-sha256 is missing")
	// ErrUnsupportedPayload means an x-amz-content-sha256 that is no hash and no
	// payload mode which the service allows.
	ErrUnsupportedPayload = errors.New("sigv4: unsupported x-amz-content-sha256")
	// ErrMissingDecodedLength means a streaming body without a usable
	// x-amz-decoded-content-length.
	ErrMissingDecodedLength = errors.New("sigv4: x-amz-decoded-content-length is missing or malformed")
	// ErrMultipleTokens means a session token in the header and in the query.
	ErrMultipleTokens = errors.New("sigv4: more than one session token")
	// ErrUnsignedParameter means a query parameter that names another resource
	// or action and that a Signature Version 2 URL does not cover.
	ErrUnsignedParameter = errors.New("sigv4: query parameter is not covered by a version 2 signature")
	// ErrTooLong means that a part of the claim is longer than this package reads.
	ErrTooLong = errors.New("sigv4: authentication data too long")
)

// Errors about the truth of the claim, from Verify and CheckTime.
var (
	// ErrSignatureMismatch means that the signature is not the one this secret makes.
	ErrSignatureMismatch = errors.New("sigv4: signature does not match")
	// ErrExpired: general services, the request is more than 15 minutes old.
	ErrExpired = errors.New("sigv4: signature expired")
	// ErrNotYetCurrent: general services, the request is more than 15 minutes ahead.
	ErrNotYetCurrent = errors.New("sigv4: signature not yet current")
	// ErrTimeTooSkewed: S3 with a signed header, more than 15 minutes either way.
	ErrTimeTooSkewed = errors.New("sigv4: request time too skewed")
	// ErrPresignExpired: S3, the presigned URL is past its expiry.
	ErrPresignExpired = errors.New("sigv4: presigned request has expired")
	// ErrPresignNotYetValid: S3, the presigned URL is dated more than 15 minutes ahead.
	ErrPresignNotYetValid = errors.New("sigv4: presigned request is not valid yet")
)

// Errors about a body, from Verify and from the reader that Body returns.
var (
	// ErrNotVerified means that Body was called before Verify had succeeded.
	ErrNotVerified = errors.New("sigv4: signature has not been verified")
	// ErrContentSHA256Mismatch means that the body is not the one that was signed.
	ErrContentSHA256Mismatch = errors.New("sigv4: body does not match x-amz-content-sha256")
	// ErrIncompleteBody means that a streaming body ended inside its encoding.
	ErrIncompleteBody = errors.New("sigv4: body ended early")
	// ErrMalformedChunk means that a streaming body does not follow its encoding.
	ErrMalformedChunk = errors.New("sigv4: malformed chunk")
	// ErrChunkTooLarge means a signed chunk above MaxChunk.
	ErrChunkTooLarge = errors.New("sigv4: chunk too large")
	// ErrChunkTooSmall means a signed chunk below 8 KiB that is not the last.
	ErrChunkTooSmall = errors.New("sigv4: only the last chunk may be smaller than 8192 bytes")
	// ErrChunkSignatureMismatch means a chunk or trailer with a wrong signature.
	ErrChunkSignatureMismatch = errors.New("sigv4: chunk signature does not match")
	// ErrDecodedLengthMismatch means content that is longer or shorter than
	// x-amz-decoded-content-length.
	ErrDecodedLengthMismatch = errors.New("sigv4: content does not have the announced length")
	// ErrMalformedTrailer means a trailer that is not what x-amz-trailer and the
	// payload mode announce.
	ErrMalformedTrailer = errors.New("sigv4: malformed trailer")
	// ErrUnsupportedTrailer means a trailing header that is no checksum known here.
	ErrUnsupportedTrailer = errors.New("sigv4: unsupported trailer")
	// ErrChecksumMismatch means that a trailing checksum is not the content's.
	ErrChecksumMismatch = errors.New("sigv4: checksum does not match")
)

// IncompleteError lists what a signature lacks, in AWS's spelling and in the
// order in which AWS names them. It matches ErrIncomplete.
type IncompleteError struct {
	Presigned bool     // query parameters are missing rather than parts of the header
	Missing   []string // such as "Credential" or "X-Amz-Date"
}

func (e *IncompleteError) Error() string {
	return ErrIncomplete.Error() + ": missing " + strings.Join(e.Missing, ", ")
}

// Unwrap returns ErrIncomplete.
func (e *IncompleteError) Unwrap() error { return ErrIncomplete }

// UnsignedHeaderError lists the x-amz- headers that were sent but not signed, in
// lower case and sorted. It matches ErrUnsignedHeader.
type UnsignedHeaderError struct{ Names []string }

func (e *UnsignedHeaderError) Error() string {
	return ErrUnsignedHeader.Error() + ": " + strings.Join(e.Names, ", ")
}

// Unwrap returns ErrUnsignedHeader.
func (e *UnsignedHeaderError) Unwrap() error { return ErrUnsignedHeader }

// ScopeDateError says that the credential scope is for another day than the
// request. Its message is AWS's; it matches ErrScopeDate.
type ScopeDateError struct {
	Scope string // YYYYMMDD of the credential scope
	Time  time.Time
}

func (e *ScopeDateError) Error() string {
	stamp := FormatTime(e.Time)
	return fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
		e.Scope, stamp[:8], stamp)
}

// Unwrap returns ErrScopeDate.
func (e *ScopeDateError) Unwrap() error { return ErrScopeDate }
