package s3

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/internal/gate"
)

// trailer is a checksum that becomes known only at the end of a body. It is sent
// on the way it came, behind the body, so that the store checks and keeps it.
type trailer struct {
	name string // in canonical form
	size int    // of the value
	body gate.Body
}

// trailer returns the checksum that the request announces behind its body, nil
// for none. A body without bytes is sent without its checksum.
func (in *Input) trailer(body gate.Body) *trailer {
	name := http.CanonicalHeaderKey(strings.TrimSpace(in.Header.Get("X-Amz-Trailer")))
	makeHash, ok := digests[name]
	if !ok || name == "Content-Md5" {
		return nil
	}
	const perGroup = 4 // characters of base64 for three bytes
	return &trailer{name: name, size: (makeHash().Size() + 2) / 3 * perGroup, body: body}
}

// encode puts a body of size bytes into the aws-chunked encoding, as one chunk
// without a signature, and announces that in h. The length of the result is
// exact, since that of the value is known. That the body is encoded is told by
// x-amz-content-sha256: of aws-chunked in Content-Encoding stores make a part of
// the object.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
func (t *trailer) encode(h http.Header, body io.Reader, size int64) (io.Reader, int64) {
	h["X-Amz-Decoded-Content-Length"] = []string{strconv.FormatInt(size, 10)}
	h["X-Amz-Trailer"] = []string{strings.ToLower(t.name)}
	head := strconv.FormatInt(size, 16) + "\r\n"
	tail := &lateReader{text: func() string {
		return "\r\n0\r\n" + strings.ToLower(t.name) + ":" + t.body.Trailer().Get(t.name) + "\r\n\r\n"
	}}
	length := int64(len(head)) + size + int64(len("\r\n0\r\n")+len(t.name)+len(":")+t.size+len("\r\n\r\n"))
	return io.MultiReader(strings.NewReader(head), body, tail), length
}

// lateReader reads a text that is made when the first byte of it is wanted.
type lateReader struct {
	text func() string
	src  *strings.Reader
}

// Read implements io.Reader.
func (l *lateReader) Read(p []byte) (int, error) {
	if l.src == nil {
		l.src = strings.NewReader(l.text())
	}
	return l.src.Read(p)
}
