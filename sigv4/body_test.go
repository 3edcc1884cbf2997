package sigv4

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const testSecret = Secret("test/SECRET+exampleEXAMPLEkeyEXAMPLE0000")

var (
	testCreds = Credentials{AccessKeyID: "AKIAEXAMPLEEXAMPLE00", SecretAccessKey: testSecret}
	testNow   = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	testS3    = Target{Region: "us-east-1", Service: "s3"}
)

// verified returns the signature of a PUT with the given payload line and
// headers, signed with testCreds, and verified.
func verified(t testing.TB, payload string, length int64, headers ...string) *Signature {
	t.Helper()
	r, err := http.NewRequest("PUT", "http://127.0.0.1:8420/bucket/key", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = length
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if err := Sign(r, testCreds, testS3, payload, testNow); err != nil {
		t.Fatal(err)
	}
	sig, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := sig.Verify(testSecret, nil, VerifyOptions{Now: testNow}); err != nil {
		t.Fatal(err)
	}
	return sig
}

// encodeChunks writes content in the signed or unsigned aws-chunked encoding, as
// the S3 API reference describes it, with eol after each trailing header.
func encodeChunks(sig *Signature, content []byte, size int, signed bool, eol string, trailers ...string) []byte {
	signer := chunkSigner{key: sig.key, time: sig.Time, scope: sig.Scope, previous: sig.given}
	var out bytes.Buffer
	chunk := func(data []byte) {
		fmt.Fprintf(&out, "%x", len(data))
		if signed {
			signer.chunk(data, "")
			out.WriteString(";chunk-signature=" + signer.previous)
		}
		out.WriteString("\r\n")
		out.Write(data)
	}
	for len(content) > 0 {
		n := min(size, len(content))
		chunk(content[:n])
		out.WriteString("\r\n")
		content = content[n:]
	}
	chunk(nil)
	canonical := ""
	for _, line := range trailers {
		out.WriteString(line + eol)
		canonical += line + "\n"
	}
	if signed && canonical != "" {
		signer.trailer([]byte(canonical), "")
		out.WriteString(trailerSignature + ":" + signer.previous + "\r\n")
	}
	out.WriteString("\r\n")
	return out.Bytes()
}

// TestPublishedChunks is the example of the S3 API reference for the chunked
// upload of 66560 letters, with its four published signatures.
func TestPublishedChunks(t *testing.T) {
	t.Parallel()
	r := readRequest(t, `PUT /examplebucket/chunkObject.txt HTTP/1.1
Host: s3.amazonaws.com
x-amz-date: 20130524T000000Z
x-amz-storage-class: REDUCED_REDUNDANCY
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9
x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD
Content-Encoding: aws-chunked
x-amz-decoded-content-length: 66560
Content-Length: 66824`)
	sig := mustVerify(t, r, s3Secret, VerifyOptions{Now: stamp("20130524T000000Z")})
	letters := strings.Repeat("a", 66560)
	wire := "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + letters[:65536] +
		"\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + letters[65536:] +
		"\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
	if len(wire) != 66824 {
		t.Fatalf("encoded length %d, want 66824", len(wire))
	}
	for name, wrap := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r }, "byte by byte": iotest.OneByteReader, "data with EOF": iotest.DataErrReader} {
		body, err := sig.Body(wrap(strings.NewReader(wire)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(body)
		if err != nil || string(got) != letters {
			t.Errorf("%s: %d bytes, %v; want 66560 letters", name, len(got), err)
		}
	}
}

// TestChecksums holds each algorithm to the check value of its catalogue entry,
// the checksum of "123456789".
func TestChecksums(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"crc32": "cbf43926", "crc32c": "e3069283", "crc64nvme": "ae8b14860a799888",
		"sha1": "f7c3bc1d808e04732adf679965ccc34ca7ae3441", "md5": "25f9e794323b453885f5181f1b624d0b",
		"sha256": "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
	} {
		sum := newChecksum("x-amz-checksum-" + name)
		sum.Write([]byte("123456789"))
		if got := hex.EncodeToString(sum.Sum(nil)); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	if sum := newChecksum("x-amz-checksum-xxhash64"); sum != nil {
		t.Errorf("an algorithm that is not computed has a checksum: %T", sum)
	}
}

func checksumLine(name string, content []byte) string {
	sum := newChecksum(name)
	sum.Write(content)
	return name + ":" + base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

// TestTrailers reads every algorithm in both modes, with both ends of line.
func TestTrailers(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("0123456789abcdef"), 5000)
	for _, payload := range []string{StreamingPayloadTrailer, StreamingUnsignedPayloadTrailer} {
		for _, alg := range []string{"crc32", "crc32c", "crc64nvme", "sha1", "sha256", "sha512", "md5"} {
			for _, eol := range []string{"\r\n", "\n\r\n"} {
				name := "x-amz-checksum-" + alg
				sig := verified(t, payload, -1, "X-Amz-Trailer", name, "X-Amz-Decoded-Content-Length", fmt.Sprint(len(content)))
				line := checksumLine(name, content)
				wire := encodeChunks(sig, content, 64<<10, payload == StreamingPayloadTrailer, eol, line)
				body, err := sig.Body(bytes.NewReader(wire))
				if err != nil {
					t.Fatal(err)
				}
				if early := body.Trailer(); early != nil {
					t.Errorf("%s: trailer %v before the end", name, early)
				}
				got, err := io.ReadAll(body)
				if err != nil || !bytes.Equal(got, content) {
					t.Fatalf("%s %s eol %q: %d bytes, %v", payload, alg, eol, len(got), err)
				}
				if got := name + ":" + body.Trailer().Get(name); got != line {
					t.Errorf("trailer %q, want %q", got, line)
				}
			}
		}
	}
}

// TestBodyFaults spoils bodies. None may end cleanly, and none may release the
// whole content.
func TestBodyFaults(t *testing.T) {
	t.Parallel()
	const crc = "x-amz-checksum-crc32"
	content := bytes.Repeat([]byte("content-"), 3000) // 24000 bytes: chunks of 16384 and 7616
	good := checksumLine(crc, content)
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(old), []byte(new), 1) }
	}
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:len(b)-n] } }
	for _, tt := range []struct {
		name    string
		payload string
		length  int
		chunk   int
		line    string
		spoil   func([]byte) []byte
		want    error
	}{
		{"first byte", StreamingPayload, 24000, 16384, "", replace("content-", "Content-"), ErrChunkSignatureMismatch},
		{"chunk signature", StreamingPayload, 24000, 16384, "", replace("signature=", "signature=0"), ErrMalformedChunk},
		{"last signature", StreamingPayload, 24000, 16384, "", spoilLast, ErrChunkSignatureMismatch},
		{"no chunk signature", StreamingPayload, 24000, 16384, "", replace(";chunk-signature=", ";chunk-nothing=00"), ErrMalformedChunk},
		{"chunks swapped", StreamingPayload, 24000, 12000, "", swapChunks, ErrChunkSignatureMismatch},
		{"chunk repeated", StreamingPayload, 24000, 12000, "", func(b []byte) []byte { return append(b[:len(b)/2:len(b)/2], b...) }, ErrMalformedChunk},
		{"small chunks", StreamingPayload, 24000, 8191, "", nil, ErrChunkTooSmall},
		{"longer", StreamingPayload, 23999, 16384, "", nil, ErrDecodedLengthMismatch},
		{"shorter", StreamingPayload, 24001, 16384, "", nil, ErrDecodedLengthMismatch},
		{"cut in last line", StreamingPayload, 24000, 16384, "", cut(1), ErrIncompleteBody},
		{"cut in content", StreamingPayload, 24000, 16384, "", func(b []byte) []byte { return b[:20000] }, ErrIncompleteBody},
		{"more after the end", StreamingPayload, 24000, 16384, "", func(b []byte) []byte { return append(b, 'x') }, ErrMalformedChunk},
		{"uninvited trailer", StreamingPayload, 24000, 16384, good, nil, ErrMalformedTrailer},
		{"large chunk", StreamingPayload, MaxChunk + 1, 0, "", func([]byte) []byte {
			return fmt.Appendf(nil, "%x;chunk-signature=%s\r\n", MaxChunk+1, EmptySHA256)
		}, ErrChunkTooLarge},
		{"size overflow", StreamingPayload, 24000, 0, "", func([]byte) []byte { return []byte("ffffffffffffffff;chunk-signature=" + EmptySHA256 + "\r\n") }, ErrMalformedChunk},
		{"negative size", StreamingPayload, 24000, 0, "", func([]byte) []byte { return []byte("-1;chunk-signature=" + EmptySHA256 + "\r\n") }, ErrMalformedChunk},
		{"endless header", StreamingPayload, 24000, 0, "", func([]byte) []byte { return bytes.Repeat([]byte("0"), 1<<20) }, ErrMalformedChunk},
		{"trailer value", StreamingPayloadTrailer, 24000, 16384, checksumLine(crc, nil), nil, ErrChecksumMismatch},
		{"trailer signature", StreamingPayloadTrailer, 24000, 16384, good, replace("x-amz-checksum-crc32:", "x-amz-checksum-crc32:A"), ErrChunkSignatureMismatch},
		{"trailer unsigned", StreamingPayloadTrailer, 24000, 16384, good, func(b []byte) []byte { return append(b[:bytes.Index(b, []byte(trailerSignature))], "\r\n"...) }, ErrMalformedTrailer},
		{"trailer stripped", StreamingPayloadTrailer, 24000, 16384, "", nil, ErrMalformedTrailer},
		{"other trailer", StreamingPayloadTrailer, 24000, 16384, checksumLine("x-amz-checksum-sha1", content), nil, ErrMalformedTrailer},
		{"unsigned value", StreamingUnsignedPayloadTrailer, 24000, 16384, checksumLine(crc, nil), nil, ErrChecksumMismatch},
		{"unsigned content", StreamingUnsignedPayloadTrailer, 24000, 16384, good, replace("content-", "Content-"), ErrChecksumMismatch},
		{"unsigned stripped", StreamingUnsignedPayloadTrailer, 24000, 16384, "", nil, ErrMalformedTrailer},
		{"unsigned longer", StreamingUnsignedPayloadTrailer, 23999, 16384, good, nil, ErrDecodedLengthMismatch},
		{"unsigned shorter", StreamingUnsignedPayloadTrailer, 24001, 16384, good, nil, ErrDecodedLengthMismatch},
		{"unsigned cut", StreamingUnsignedPayloadTrailer, 24000, 16384, good, cut(2), ErrIncompleteBody},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			headers := []string{"X-Amz-Decoded-Content-Length", fmt.Sprint(tt.length)}
			if tt.payload != StreamingPayload {
				headers = append(headers, "X-Amz-Trailer", crc)
			}
			sig := verified(t, tt.payload, -1, headers...)
			var lines []string
			if tt.line != "" {
				lines = []string{tt.line}
			}
			var wire []byte
			if tt.chunk > 0 {
				wire = encodeChunks(sig, content, tt.chunk, tt.payload != StreamingUnsignedPayloadTrailer, "\r\n", lines...)
			}
			if tt.spoil != nil {
				wire = tt.spoil(wire)
			}
			body, err := sig.Body(bytes.NewReader(wire))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(body)
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if len(got) >= tt.length {
				t.Errorf("released %d of %d bytes", len(got), tt.length)
			}
			if _, again := body.Read(make([]byte, 1)); !errors.Is(again, tt.want) {
				t.Errorf("second error %v, want %v", again, tt.want)
			}
		})
	}
}

// spoilLast alters the signature of the last, empty chunk.
func spoilLast(b []byte) []byte {
	copy(b[bytes.LastIndex(b, []byte("0;chunk-signature="))+len("0;chunk-signature="):], strings.Repeat("0", 64))
	return b
}

// swapChunks exchanges two chunks of equal length with their signatures.
func swapChunks(b []byte) []byte {
	second := bytes.LastIndex(b, []byte("2ee0;"))
	last := bytes.LastIndex(b, []byte("0;chunk"))
	return slices.Concat(b[second:last], b[:second], b[last:])
}

// TestHashedBody shows that a body with a wrong hash neither ends cleanly nor
// comes out whole, so that a consumer which counts bytes is stopped as well.
func TestHashedBody(t *testing.T) {
	t.Parallel()
	hash := HashPayload([]byte("content"))
	for _, tt := range []struct {
		name, body string
		length     int64
		got        string
		want       error
	}{
		{"good", "content", 7, "content", nil},
		{"good of unknown length", "content", -1, "content", nil},
		{"altered", "c0ntent", 7, "", ErrContentSHA256Mismatch},
		{"empty", "", 0, "", ErrContentSHA256Mismatch},
		{"short", "conten", 7, "", ErrContentSHA256Mismatch},
		{"long", "contents", 7, "", ErrContentSHA256Mismatch},
	} {
		sig := verified(t, hash, tt.length)
		body, err := sig.Body(strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(body)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
		if tt.want == nil && string(got) != tt.got || tt.want != nil && tt.length >= 0 && int64(len(got)) == tt.length && tt.length > 0 {
			t.Errorf("%s: released %q", tt.name, got)
		}
	}
}

// TestBodyNeedsVerify holds the order of the two steps.
// The body of a request that nobody signed is what its header says, if it says.
func TestUnsignedBody(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		header, body string
		start, end   error
	}{
		{"", "body", nil, nil},
		{UnsignedPayload, "body", nil, nil},
		{HashPayload([]byte("body")), "body", nil, nil},
		{EmptySHA256, "", nil, nil},
		{HashPayload([]byte("body")), "bode", nil, ErrContentSHA256Mismatch},
		{HashPayload([]byte("body")), "", nil, ErrContentSHA256Mismatch},
		{"nonsense", "body", ErrUnsupportedPayload, nil},
		{strings.ToUpper(EmptySHA256), "", ErrUnsupportedPayload, nil},
		{StreamingPayload, "body", ErrUnsupportedPayload, nil},
		{StreamingUnsignedPayloadTrailer, "body", ErrUnsupportedPayload, nil},
	} {
		r, err := http.NewRequest("PUT", "http://host/bucket/key", strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if tt.header != "" {
			r.Header.Set("x-amz-content-sha256", tt.header)
		}
		b, err := UnsignedBody(r, r.Body)
		if !errors.Is(err, tt.start) {
			t.Errorf("%q: %v, want %v", tt.header, err, tt.start)
		}
		if err != nil {
			continue
		}
		if got, err := io.ReadAll(b); !errors.Is(err, tt.end) || err == nil && string(got) != tt.body || b.Size() != int64(len(tt.body)) {
			t.Errorf("%q of %q: read %q of %d, %v, want %v", tt.header, tt.body, got, b.Size(), err, tt.end)
		}
	}
}

func TestBodyNeedsVerify(t *testing.T) {
	t.Parallel()
	sig := verified(t, UnsignedPayload, 0)
	again, err := Parse(sig.req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Body(strings.NewReader("")); !errors.Is(err, ErrNotVerified) {
		t.Errorf("Body before Verify: %v, want ErrNotVerified", err)
	}
	if err := again.Verify(testSecret+"x", nil, VerifyOptions{Now: testNow}); err == nil {
		t.Error("wrong secret verified")
	}
	if _, err := again.Body(strings.NewReader("")); !errors.Is(err, ErrNotVerified) {
		t.Errorf("Body after a failed Verify: %v, want ErrNotVerified", err)
	}
}
