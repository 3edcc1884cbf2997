package sigv4

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// FuzzAuthorization feeds Parse any header. Whatever it accepts must print as a
// header that parses to the same claim.
func FuzzAuthorization(f *testing.F) {
	f.Add(authorization(okCredential, "host;x-amz-date", okSignature))
	f.Add(algorithm + " Signature=" + okSignature + ",Credential=" + okCredential + ",SignedHeaders=host;x-amz-date")
	f.Add("AWS AKID:sig")
	parse := func(value string) (*Signature, error) {
		return Parse(&http.Request{Method: "GET", Host: "h", URL: &url.URL{Path: "/"}, Header: http.Header{
			"Authorization": {value}, "X-Amz-Date": {"20150830T123600Z"}}})
	}
	f.Fuzz(func(t *testing.T, value string) {
		sig, err := parse(value)
		if err != nil {
			return
		}
		printed := authorization(sig.AccessKeyID+"/"+sig.Scope.String(), strings.Join(sig.SignedHeaders, ";"), sig.given)
		again, err := parse(printed)
		if err != nil || again.AccessKeyID != sig.AccessKeyID || again.Scope != sig.Scope || again.given != sig.given || !slices.Equal(again.SignedHeaders, sig.SignedHeaders) {
			t.Errorf("%q parses as %v, its print %q as %v, %v", value, sig, printed, again, err)
		}
		if err := sig.Verify(testSecret, nil, VerifyOptions{Now: sig.Time}); err == nil {
			t.Errorf("%q verifies with a secret that never signed it", value)
		}
	})
}

// FuzzCanonicalQuery: the canonical form is its own canonical form, holds every
// parameter, and a request with the query signs and verifies.
func FuzzCanonicalQuery(f *testing.F) {
	f.Add("b=2&a=1&b=1&empty=&none")
	f.Add("prefix=a;b&x=%2F+~")
	f.Add("%C3%BC=%zz&&=")
	f.Fuzz(func(t *testing.T, raw string) {
		params, err := parseQuery(raw)
		if err != nil || hasV4Params(params) || hasV2Params(params) {
			return
		}
		once := string(appendCanonicalQuery(nil, params))
		again, err := parseQuery(once)
		if err != nil || len(again) != len(params) || string(appendCanonicalQuery(nil, again)) != once {
			t.Errorf("%q: canonical %q is not stable: %q, %v", raw, once, again, err)
		}
		r := &http.Request{Method: "GET", Host: "h", URL: &url.URL{Path: "/b/k", RawQuery: raw}, Header: http.Header{}}
		if err := Sign(r, testCreds, testS3, EmptySHA256, testNow); err != nil {
			t.Fatal(err)
		}
		sig, err := Parse(r)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		if err := sig.Verify(testSecret, nil, VerifyOptions{Now: testNow}); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
	})
}

// FuzzPath: signer and verifier agree on every path that survives the wire.
func FuzzPath(f *testing.F) {
	f.Add("/bucket/a b+c", true)
	f.Add("//a/../%2F/ü", false)
	f.Fuzz(func(t *testing.T, path string, s3 bool) {
		u := &url.URL{Scheme: "http", Host: "h", Path: "/" + strings.TrimPrefix(path, "/")}
		target := Target{Region: "r", Service: map[bool]string{true: "s3", false: "sts"}[s3]}
		r := &http.Request{Method: "GET", Host: "h", URL: u, Header: http.Header{}}
		if err := Sign(r, testCreds, target, EmptySHA256, testNow); err != nil {
			t.Fatal(err)
		}
		sent, err := url.ParseRequestURI(u.RequestURI())
		if err != nil {
			return
		}
		r.URL = sent
		sig, err := Parse(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := sig.Verify(testSecret, nil, VerifyOptions{Now: testNow}); err != nil {
			t.Errorf("%q sent as %q: %v", path, u.RequestURI(), err)
		}
	})
}

// FuzzChunkedBody alters a signed body anywhere. What is released is a prefix of
// the content, and a clean end means all of it.
func FuzzChunkedBody(f *testing.F) {
	const crc = "x-amz-checksum-crc32"
	content := []byte("0123456789 the content of one short chunk, so that mutations hit its frame")
	sig := verified(f, StreamingPayloadTrailer, -1, "X-Amz-Trailer", crc, "X-Amz-Decoded-Content-Length", strconv.Itoa(len(content)))
	good := encodeChunks(sig, content, minChunk, true, "\r\n", checksumLine(crc, content))
	f.Add(good)
	f.Add(good[:len(good)-2])
	f.Add(bytes.Replace(good, []byte("0123"), []byte("0124"), 1))
	f.Add(append(slices.Clone(good[:len(good)/2]), good...))
	f.Fuzz(func(t *testing.T, wire []byte) {
		body, err := sig.Body(bytes.NewReader(wire))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(body)
		if !bytes.HasPrefix(content, got) {
			t.Errorf("released %q, which is not the signed content", got)
		}
		if err == nil && len(got) != len(content) {
			t.Errorf("clean end after %d bytes", len(got))
		}
		if err != nil && len(got) == len(content) {
			t.Errorf("whole content released before %v", err)
		}
	})
}

// FuzzUnsignedChunks feeds the decoder of the unsigned mode with anything.
func FuzzUnsignedChunks(f *testing.F) {
	sig := verified(f, StreamingUnsignedPayloadTrailer, -1, "X-Amz-Decoded-Content-Length", "5")
	f.Add([]byte("5\r\nhello\r\n0\r\n\r\n"))
	f.Add([]byte("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"))
	f.Add([]byte("ffffffffffffffff\r\n"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		body, err := sig.Body(bytes.NewReader(wire))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(body); err == nil && len(got) != 5 || len(got) > 5 {
			t.Errorf("%q decodes to %q, %v", wire, got, err)
		}
	})
}
