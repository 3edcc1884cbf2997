package gate

import (
	"errors"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/sigv4"
)

// refusal is how one cause is told at the query and JSON services and at S3,
// which use different codes. An empty message stands for the cause's own.
type refusal struct {
	cause   error
	query   apierr.Kind
	s3      apierr.Kind
	message string
	s3words string
}

const (
	invalidToken   = "The security token included in the request is invalid."
	invalidKeyS3   = "The AWS Access Key Id you provided does not exist in our records."
	invalidTokenS3 = "The provided token is malformed or otherwise invalid."
	mismatch       = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	mismatchS3     = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	malformedS3    = "The authorization header that you provided is not valid."
)

// refusals is tried from the top with errors.Is. The codes are those of "Common
// errors" in the STS reference and of "Error responses" in the S3 reference.
var refusals = []refusal{
	{errUnknownKey, apierr.InvalidClientTokenID, apierr.InvalidAccessKeyID, invalidToken, invalidKeyS3},
	{errWrongToken, apierr.InvalidClientTokenID, apierr.InvalidToken, invalidToken, invalidTokenS3},
	{errGone, apierr.InvalidClientTokenID, apierr.InvalidAccessKeyID, invalidToken, invalidKeyS3},
	{errExpired, apierr.ExpiredToken, apierr.S3ExpiredToken, "The security token included in the request is expired", "The provided token has expired."},
	{errNoSignature, apierr.MissingAuthenticationToken, apierr.AccessDenied, "Request is missing Authentication Token", "Access Denied"},
	{sigv4.ErrSignatureMismatch, apierr.SignatureDoesNotMatch, apierr.SignatureDoesNotMatch, mismatch, mismatchS3},
	{sigv4.ErrExpired, apierr.SignatureDoesNotMatch, apierr.RequestTimeTooSkewed, "", ""},
	{sigv4.ErrNotYetCurrent, apierr.SignatureDoesNotMatch, apierr.RequestTimeTooSkewed, "", ""},
	{sigv4.ErrTimeTooSkewed, apierr.SignatureDoesNotMatch, apierr.RequestTimeTooSkewed, "", ""},
	{sigv4.ErrPresignExpired, apierr.SignatureDoesNotMatch, apierr.AccessDenied, "", ""},
	{sigv4.ErrPresignNotYetValid, apierr.SignatureDoesNotMatch, apierr.AccessDenied, "", ""},
	{sigv4.ErrContentSHA256Mismatch, apierr.SignatureDoesNotMatch, apierr.XAmzContentSHA256Mismatch, mismatch, "The provided 'x-amz-content-sha256' header does not match what was computed."},
	{sigv4.ErrMultipleAuth, apierr.IncompleteSignature, apierr.InvalidArgument, "", "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"},
	{sigv4.ErrUnsignedHeader, apierr.SignatureDoesNotMatch, apierr.AccessDenied, "", "There were headers present in the request which were not signed"},
	{sigv4.ErrHostNotSigned, apierr.SignatureDoesNotMatch, apierr.AuthorizationHeaderMalformed, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", malformedS3},
	{sigv4.ErrMissingSignedHeader, apierr.SignatureDoesNotMatch, apierr.SignatureDoesNotMatch, mismatch, mismatchS3},
	{sigv4.ErrScopeDate, apierr.SignatureDoesNotMatch, apierr.AuthorizationHeaderMalformed, "", malformedS3},
	{sigv4.ErrMissingContentSHA256, apierr.IncompleteSignature, apierr.InvalidRequest, "", "Missing required header for this request: x-amz-content-sha256"},
	{sigv4.ErrUnsupportedPayload, apierr.SignatureDoesNotMatch, apierr.InvalidArgument, "", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value."},
	{sigv4.ErrMissingDecodedLength, apierr.IncompleteSignature, apierr.MissingContentLength, "", "You must provide the Content-Length HTTP header."},
	{sigv4.ErrUnsupportedAlgorithm, apierr.IncompleteSignature, apierr.InvalidRequest, "", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."},
	{sigv4.ErrMalformedQuery, apierr.MalformedQueryString, apierr.InvalidURI, "The query string contains a syntax error.", "Couldn't parse the specified URI."},
	{sigv4.ErrMalformedExpires, apierr.IncompleteSignature, apierr.AuthorizationQueryParametersError, "", "X-Amz-Expires should be a number"},
	{sigv4.ErrExpiresRange, apierr.IncompleteSignature, apierr.AuthorizationQueryParametersError, "", "X-Amz-Expires must be between 1 and 604800 seconds"},
	{sigv4.ErrMalformedDate, apierr.IncompleteSignature, apierr.AccessDenied, "", "AWS authentication requires a valid Date or x-amz-date header"},
	{sigv4.ErrIncomplete, apierr.IncompleteSignature, apierr.AuthorizationHeaderMalformed, "", malformedS3},
}

// authError tells a failure to authenticate in the words of the request's
// service, and keeps the cause for the log.
func (s *Server) authError(req *Request, cause error) error {
	if _, ours := errors.AsType[*apierr.Error](cause); ours {
		return cause
	}
	isS3 := req.Service != nil && req.Service.Name == "s3"
	for i := range refusals {
		if r := &refusals[i]; errors.Is(cause, r.cause) {
			return r.tell(cause, isS3)
		}
	}
	if isS3 {
		return apierr.AuthorizationHeaderMalformed.Wrap(cause, malformedS3)
	}
	if req.Signature == nil {
		return apierr.IncompleteSignature.Wrap(cause, "The request signature does not conform to AWS standards.")
	}
	return apierr.From(cause)
}

func (r *refusal) tell(cause error, isS3 bool) error {
	kind, words := r.query, r.message
	if isS3 {
		kind, words = r.s3, r.s3words
	}
	if words == "" {
		words = cause.Error()
	}
	e := kind.Wrap(cause, "%s", words)
	if timed, ok := errors.AsType[*sigv4.TimeError](cause); ok {
		e.Message = timed.Error()
	}
	return e
}
