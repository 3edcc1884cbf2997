package gate

import (
	"errors"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/sigv4"
)

// refusal is how one cause is told at the query and JSON services and at S3,
// which use different codes.
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
	nonconforming  = "The request signature does not conform to AWS standards."
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
	{sigv4.ErrMultipleAuth, apierr.IncompleteSignature, apierr.InvalidArgument, "The request is signed in more than one way.", "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"},
	{sigv4.ErrUnsignedHeader, apierr.SignatureDoesNotMatch, apierr.AccessDenied, "There were headers present in the request which were not signed", "There were headers present in the request which were not signed"},
	{sigv4.ErrHostNotSigned, apierr.SignatureDoesNotMatch, apierr.AuthorizationHeaderMalformed, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", malformedS3},
	{sigv4.ErrMissingSignedHeader, apierr.SignatureDoesNotMatch, apierr.SignatureDoesNotMatch, mismatch, mismatchS3},
	{sigv4.ErrScopeDate, apierr.SignatureDoesNotMatch, apierr.AuthorizationHeaderMalformed, "", malformedS3},
	{sigv4.ErrMissingContentSHA256, apierr.IncompleteSignature, apierr.InvalidRequest, nonconforming, "Missing required header for this request: x-amz-content-sha256"},
	{sigv4.ErrUnsupportedPayload, apierr.SignatureDoesNotMatch, apierr.InvalidArgument, "The value of x-amz-content-sha256 is not a SHA-256 in hexadecimal.", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value."},
	{sigv4.ErrMissingDecodedLength, apierr.IncompleteSignature, apierr.MissingContentLength, nonconforming, "You must provide the Content-Length HTTP header."},
	{sigv4.ErrUnsupportedTrailer, apierr.IncompleteSignature, apierr.InvalidRequest, nonconforming, "The value specified in the x-amz-trailer header is not supported"},
	{sigv4.ErrMalformedTrailer, apierr.IncompleteSignature, apierr.MalformedTrailer, nonconforming, "The request contained trailing data that was not well-formed or did not conform to our published schema."},
	{sigv4.ErrUnsupportedAlgorithm, apierr.IncompleteSignature, apierr.InvalidRequest, "Only AWS4-HMAC-SHA256 signatures are supported.", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."},
	{sigv4.ErrMalformedQuery, apierr.MalformedQueryString, apierr.InvalidURI, "The query string contains a syntax error.", "Couldn't parse the specified URI."},
	{sigv4.ErrMalformedExpires, apierr.IncompleteSignature, apierr.AuthorizationQueryParametersError, nonconforming, "X-Amz-Expires should be a number"},
	{sigv4.ErrExpiresRange, apierr.IncompleteSignature, apierr.AuthorizationQueryParametersError, nonconforming, "X-Amz-Expires must be between 1 and 604800 seconds"},
	{sigv4.ErrMalformedDate, apierr.IncompleteSignature, apierr.AccessDenied, "Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601", "AWS authentication requires a valid Date or x-amz-date header"},
	{sigv4.ErrIncomplete, apierr.IncompleteSignature, apierr.AuthorizationHeaderMalformed, "", malformedS3},
}

// jsonKinds are the codes of JSON services, where they differ from STS's. See
// "Common Errors" in the AWS Organizations API Reference.
var jsonKinds = map[apierr.Kind]apierr.Kind{
	apierr.InvalidClientTokenID:       apierr.UnrecognizedClientException,
	apierr.ExpiredToken:               apierr.ExpiredTokenException,
	apierr.MissingAuthenticationToken: apierr.MissingAuthenticationTokenException,
	apierr.SignatureDoesNotMatch:      apierr.InvalidSignatureException,
	apierr.IncompleteSignature:        apierr.IncompleteSignatureException,
}

// authError tells a failure to authenticate in the words of the request's
// service, and keeps the cause for the log. What is not the client's doing stays
// as it is.
func (s *Server) authError(req *Request, cause error) error {
	if _, ours := errors.AsType[*apierr.Error](cause); ours {
		return cause
	}
	for i := range refusals {
		if r := &refusals[i]; errors.Is(cause, r.cause) {
			return r.tell(req.Service, cause)
		}
	}
	if missing, ok := errors.AsType[errNoService](cause); ok {
		r := refusal{cause, apierr.SignatureDoesNotMatch, apierr.AuthorizationHeaderMalformed, missing.Error(), missing.Error()}
		return r.tell(req.Service, cause)
	}
	if req.Signature == nil { // it could not be read
		r := refusal{cause, apierr.IncompleteSignature, apierr.AuthorizationHeaderMalformed, nonconforming, malformedS3}
		return r.tell(req.Service, cause)
	}
	return cause
}

func (r *refusal) tell(service *Service, cause error) error {
	kind, words := r.query, r.message
	switch {
	case service.Model == nil:
		kind, words = r.s3, r.s3words
	case service.Model.Protocol == wire.JSON11:
		if k, ok := jsonKinds[kind]; ok {
			kind = k
		}
	}
	switch cause := cause.(type) {
	case *sigv4.TimeError:
		words = cause.Error()
	case *sigv4.ScopeDateError:
		words = cause.Error()
	case *sigv4.IncompleteError:
		words = incomplete(cause)
	}
	return kind.Wrap(cause, "%s", words)
}

// incomplete names what a signature lacks, as AWS does.
func incomplete(e *sigv4.IncompleteError) string {
	if e.Presigned {
		return "AWS query-string parameters must include '" + strings.Join(e.Missing, "', '") + "'."
	}
	var b strings.Builder
	for _, name := range e.Missing {
		if name == "X-Amz-Date" {
			b.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
			continue
		}
		b.WriteString("Authorization header requires '" + name + "' parameter. ")
	}
	return strings.TrimSuffix(b.String(), " ")
}
