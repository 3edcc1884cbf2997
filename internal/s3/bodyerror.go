package s3

import (
	"errors"
	"io"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/sigv4"
)

// bodyErrors tells what sigv4 finds wrong with a body in S3's words. It is tried
// from the top with errors.Is.
var bodyErrors = []struct {
	cause error
	kind  apierr.Kind
	words string
}{
	{sigv4.ErrContentSHA256Mismatch, apierr.XAmzContentSHA256Mismatch, "The provided 'x-amz-content-sha256' header does not match what was computed."},
	{sigv4.ErrChecksumMismatch, apierr.BadDigest, "The checksum you specified did not match the calculated checksum."},
	{sigv4.ErrChunkSignatureMismatch, apierr.SignatureDoesNotMatch, "The request signature we calculated does not match the signature you provided. Check your key and signing method."},
	{sigv4.ErrChunkTooSmall, apierr.InvalidChunkSize, "Only the last chunk is allowed to have a size less than 8192 bytes"},
	{sigv4.ErrChunkTooLarge, apierr.InvalidRequest, "A chunk of the body is too large."},
	{sigv4.ErrMalformedTrailer, apierr.MalformedTrailer, "The request contained trailing data that was not well-formed or did not conform to our published schema."},
	{sigv4.ErrUnsupportedTrailer, apierr.InvalidRequest, "The value specified in the x-amz-trailer header is not supported"},
	{sigv4.ErrDecodedLengthMismatch, apierr.IncompleteBody, incompleteBody},
	{sigv4.ErrIncompleteBody, apierr.IncompleteBody, incompleteBody},
	{sigv4.ErrMalformedChunk, apierr.IncompleteBody, "The request body terminated unexpectedly"},
	{io.ErrUnexpectedEOF, apierr.IncompleteBody, incompleteBody},
}

const incompleteBody = "You did not provide the number of bytes specified by the Content-Length HTTP header."

// bodyError returns err as a client is told it. What is not about a body comes
// back as it is.
func bodyError(err error) error {
	if _, ours := errors.AsType[*apierr.Error](err); ours {
		return err
	}
	for _, b := range bodyErrors {
		if errors.Is(err, b.cause) {
			return b.kind.Wrap(err, "%s", b.words)
		}
	}
	return err
}
