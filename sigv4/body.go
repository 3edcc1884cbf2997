package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
)

// Body reads the content of a signed request, decoded and checked. Its Read
// returns io.EOF only after everything that the signature covers has been found
// true; any doubt is one of the errors of this package, or the error of the
// underlying reader. After an error, every further Read returns the same one.
//
// When Size is known, the bytes that complete the content come out only after
// the whole body, with its trailer, has been verified. So a store that is told
// the size in advance never holds a complete object that is not the signed one,
// even if it does not wait for io.EOF. Content of size 0 is the exception: there is
// nothing to keep back, and the caller must Read before acting.
//
// With signed chunks each byte has been verified before it is released. With a
// hash, and with unsigned chunks, earlier bytes are released as they come.
type Body struct {
	read    io.Reader
	size    int64
	trailer http.Header
	err     error
}

// Body returns the reader for the payload, which arrives through r: the request's
// body as net/http gives it, after its transfer coding. The signature must have
// been verified, otherwise the error is ErrNotVerified. It may be called once.
func (s *Signature) Body(r io.Reader) (*Body, error) {
	if !s.verified {
		return nil, ErrNotVerified
	}
	b := &Body{size: s.req.ContentLength, read: r}
	switch s.Payload {
	case PayloadUnsigned:
	case PayloadBody, PayloadHash:
		b.check(s.ContentSHA256)
	default:
		chunks, err := newChunkReader(s, r)
		if err != nil {
			return nil, err
		}
		b.read, b.size, b.trailer = chunks, s.DecodedLength, chunks.trailer
	}
	return b, nil
}

// UnsignedBody returns the reader for the payload of r, which nobody signed and
// which arrives through src. What its x-amz-content-sha256 says is checked in the
// same way, if it is a hash; a chunked body and any other word are
// ErrUnsupportedPayload.
func UnsignedBody(r *http.Request, src io.Reader) (*Body, error) {
	b := &Body{size: r.ContentLength, read: src}
	value, err := single(r.Header, "X-Amz-Content-Sha256")
	if err != nil || value == "" {
		return b, err
	}
	mode, err := parsePayload(value)
	if err != nil || mode.Streaming() {
		return nil, ErrUnsupportedPayload
	}
	if mode == PayloadHash {
		b.check(value)
	}
	return b, nil
}

// check puts the comparison with a hash in front of the body. Of no body the hash
// is known.
func (b *Body) check(sum string) {
	if b.read == http.NoBody {
		if sum != EmptySHA256 {
			b.err = ErrContentSHA256Mismatch
		}
		return
	}
	want, _ := hex.DecodeString(sum) // it was read as one
	b.read = &hashReader{src: b.read, hash: sha256.New(), want: want, left: b.size}
}

// Read implements io.Reader.
func (b *Body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.read.Read(p)
	b.err = err
	return n, err
}

// Size returns the number of bytes that Read will yield, -1 when the request
// does not say.
func (b *Body) Size() int64 { return b.size }

// Trailer returns the verified trailing headers, such as
// X-Amz-Checksum-Crc32c. It is empty unless the body had a trailer and Read has
// returned io.EOF.
func (b *Body) Trailer() http.Header {
	if !errors.Is(b.err, io.EOF) {
		return nil
	}
	return b.trailer
}

// hashReader compares the SHA-256 of all bytes when the announced number of
// them has arrived, and when src ends.
type hashReader struct {
	src  io.Reader
	hash hash.Hash
	want []byte
	left int64 // bytes still to come; negative when unknown
}

func (h *hashReader) Read(p []byte) (int, error) {
	n, err := h.src.Read(p)
	h.hash.Write(p[:n])
	h.left -= int64(n)
	complete := err == io.EOF || n > 0 && h.left == 0
	if complete && !hmac.Equal(h.hash.Sum(nil), h.want) {
		return 0, ErrContentSHA256Mismatch
	}
	return n, err
}
