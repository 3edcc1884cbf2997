package s3

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"rolecall.dev/rolecall/internal/gate"
)

// relay passes on an upstream's answer with its body.
func relay(a *Answer) *gate.Stream {
	if a.Status == http.StatusNotModified {
		a.Length = -1
	}
	if a.Header.Get("X-Amz-Storage-Class") == "STANDARD" {
		a.Header.Del("X-Amz-Storage-Class") // which S3 says of all other classes only
	}
	lowerMetadata(a.Header)
	return &gate.Stream{Status: a.Status, Header: a.Header, Body: a.Body, Length: a.Length}
}

// headersOf passes on what an upstream's answer says in its headers. Its body
// has nothing for the client.
func headersOf(a *Answer) *gate.Stream {
	_ = a.Body.Close()
	a.Header.Del("Content-Type")
	lowerMetadata(a.Header)
	return empty(a.Status, a.Header)
}

// lowerMetadata spells the names of metadata as S3 does, in lower case: clients
// take them out of the headers as they stand, and programs look them up there.
// From then on Header.Get does not find them.
func lowerMetadata(h http.Header) {
	for name, values := range h {
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// empty is an answer without a body.
func empty(status int, h http.Header) *gate.Stream {
	s := &gate.Stream{Status: status, Header: h}
	if status == http.StatusNoContent {
		s.Length = -1 // has no Content-Length
	}
	return s
}

// documentAnswer is an answer of one XML document, with h's headers.
func documentAnswer(v any, h http.Header) (*gate.Stream, error) {
	b, err := encode(v)
	if err != nil {
		return nil, err
	}
	return bytesAnswer(b, "application/xml", h), nil
}

func bytesAnswer(b []byte, contentType string, h http.Header) *gate.Stream {
	if h == nil {
		h = http.Header{}
	}
	h["Content-Type"] = []string{contentType}
	return &gate.Stream{Status: http.StatusOK, Header: h, Body: io.NopCloser(bytes.NewReader(b)), Length: int64(len(b))}
}
