package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
)

// Payload says how a signature covers the body.
type Payload int

// The payload modes, by the value of x-amz-content-sha256.
const (
	// PayloadBody: the header is absent (general services); the signature
	// covers the hash of the body, which Verify is given.
	PayloadBody Payload = iota
	// PayloadHash: the SHA-256 in hexadecimal.
	PayloadHash
	// PayloadUnsigned: UNSIGNED-PAYLOAD, or an S3 presigned URL that says nothing.
	PayloadUnsigned
	// PayloadStreaming: STREAMING-AWS4-HMAC-SHA256-PAYLOAD, aws-chunked with a signature on each chunk.
	PayloadStreaming
	// PayloadStreamingTrailer: the same with a signed trailer.
	PayloadStreamingTrailer
	// PayloadStreamingUnsignedTrailer: aws-chunked without signatures, with a trailer.
	PayloadStreamingUnsignedTrailer
)

// The values of x-amz-content-sha256 that are not hashes.
const (
	UnsignedPayload                 = "UNSIGNED-PAYLOAD"
	StreamingPayload                = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	StreamingPayloadTrailer         = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	StreamingUnsignedPayloadTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// EmptySHA256 is the SHA-256 of no bytes.
const EmptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// Streaming reports whether the body is in the aws-chunked encoding.
func (p Payload) Streaming() bool { return p >= PayloadStreaming }

func parsePayload(s string) (Payload, error) {
	switch s {
	case UnsignedPayload:
		return PayloadUnsigned, nil
	case StreamingPayload:
		return PayloadStreaming, nil
	case StreamingPayloadTrailer:
		return PayloadStreamingTrailer, nil
	case StreamingUnsignedPayloadTrailer:
		return PayloadStreamingUnsignedTrailer, nil
	}
	if !isHex(s, sha256.Size) {
		return 0, ErrUnsupportedPayload
	}
	return PayloadHash, nil
}

// isHex reports whether s is n bytes in lower-case hexadecimal.
func isHex(s string, n int) bool {
	if len(s) != 2*n {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// readPayload sets the payload mode from the header or, for presigned requests,
// from the query.
func (s *Signature) readPayload() error {
	value, err := s.contentSHA256()
	if err != nil {
		return err
	}
	switch {
	case value == "" && !s.S3():
		s.Payload = PayloadBody
		return nil
	case value == "" && s.Presigned:
		s.Payload, s.ContentSHA256 = PayloadUnsigned, UnsignedPayload
		return nil
	case value == "":
		return ErrMissingContentSHA256
	}
	if s.Payload, err = parsePayload(value); err != nil {
		return err
	}
	if !s.S3() && s.Payload != PayloadHash {
		return fmt.Errorf("%w: %s outside of S3", ErrUnsupportedPayload, value)
	}
	s.ContentSHA256 = value
	if s.Payload.Streaming() {
		return s.readDecodedLength()
	}
	return nil
}

func (s *Signature) contentSHA256() (string, error) {
	value, err := single(s.req.Header, "X-Amz-Content-Sha256")
	if err != nil || !s.Presigned {
		return value, err
	}
	inQuery, ok, err := find(s.query, "X-Amz-Content-Sha256")
	if err != nil {
		return "", err
	}
	if ok && value != "" && value != inQuery {
		return "", fmt.Errorf("%w: x-amz-content-sha256 in header and query", ErrUnsupportedPayload)
	}
	if ok {
		return inQuery, nil
	}
	return value, nil
}

func (s *Signature) readDecodedLength() error {
	value, err := single(s.req.Header, "X-Amz-Decoded-Content-Length")
	if err != nil {
		return err
	}
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil {
		return ErrMissingDecodedLength
	}
	s.DecodedLength = int64(n)
	return nil
}

// single returns the only value of a header, "" when it is absent.
func single(h http.Header, key string) (string, error) {
	switch values := h[key]; len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	default:
		return "", fmt.Errorf("%w: %s", ErrDuplicateParameter, key)
	}
}

// HashPayload returns the SHA-256 of body as x-amz-content-sha256 carries it.
func HashPayload(body []byte) string {
	sum := sha256.Sum256(body)
	var text hexSum
	hex.Encode(text[:], sum[:])
	return string(text[:])
}
