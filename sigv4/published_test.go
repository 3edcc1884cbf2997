package sigv4

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The secrets of AWS's published examples; they open nothing.
const (
	suiteSecret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") // aws4_testsuite, AKIDEXAMPLE
	s3Secret    = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY") // S3 guide, AKIAIOSFODNN7EXAMPLE
)

// readRequest parses a request the way a server receives it. Lines end in \n.
func readRequest(t testing.TB, text string) *http.Request {
	t.Helper()
	if !strings.Contains(text, "\n\n") {
		text += "\n\n"
	}
	head, body, _ := strings.Cut(text, "\n\n")
	wire := strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil {
		t.Fatalf("read request %q: %v", text, err)
	}
	return r
}

func stamp(s string) time.Time {
	t, err := time.Parse(stampLayout, s)
	if err != nil {
		panic(err)
	}
	return t
}

// TestSuiteExamples runs requests of AWS's SigV4 test suite (aws4_testsuite)
// and of the guide "Authenticating requests", which share a key and an instant.
func TestSuiteExamples(t *testing.T) {
	t.Parallel()
	const host, date = "\nHost:example.amazonaws.com", "\nX-Amz-Date:20150830T123600Z"
	for _, tt := range []struct{ name, request, signed, signature, body string }{
		{"get-vanilla", "GET / HTTP/1.1" + host + date, "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", ""},
		{"post-vanilla", "POST / HTTP/1.1" + host + date, "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b", ""},
		{"get-vanilla-query-order-key-case", "GET /?Param2=value2&Param1=value1 HTTP/1.1" + host + date, "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500", ""},
		{"get-utf8", "GET /\u1234 HTTP/1.1" + host + date, "host;x-amz-date", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85", ""},
		{"get-unreserved", "GET /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz HTTP/1.1" + host + date, "host;x-amz-date", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f", ""},
		{"get-vanilla-utf8-query", "GET /?\u1234=bar HTTP/1.1" + host + date, "host;x-amz-date", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04", ""},
		{"get-vanilla-empty-query-key", "GET /?Param1=value1 HTTP/1.1" + host + date, "host;x-amz-date", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb", ""},
		{"get-relative-relative", "GET /example1/example2/../.. HTTP/1.1" + host + date, "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", ""},
		{"get-slash", "GET // HTTP/1.1" + host + date, "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", ""},
		{"get-slashes", "GET //example// HTTP/1.1" + host + date, "host;x-amz-date", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84", ""},
		{"get-header-value-trim", "GET / HTTP/1.1" + host + "\nMy-Header1: value1\nMy-Header2: \"a   b   c\"" + date, "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", ""},
		{"get-header-key-duplicate", "GET / HTTP/1.1" + host + "\nMy-Header1:value2\nMy-Header1:value2\nMy-Header1:value1" + date, "host;my-header1;x-amz-date", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea", ""},
		{"post-x-www-form-urlencoded", "POST / HTTP/1.1\nContent-Type:application/x-www-form-urlencoded" + host + date, "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", "Param1=value1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := readRequest(t, tt.request+"\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="+tt.signed+", Signature="+tt.signature)
			mustVerify(t, r, suiteSecret, VerifyOptions{Now: stamp("20150830T124000Z"), Body: []byte(tt.body)})
		})
	}
	t.Run("iam-list-users", func(t *testing.T) {
		t.Parallel()
		r := readRequest(t, "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1\nHost: iam.amazonaws.com\nContent-Type: application/x-www-form-urlencoded; charset=utf-8"+date+
			"\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
		mustVerify(t, r, suiteSecret, VerifyOptions{Now: stamp("20150830T123600Z")})
	})
}

// TestS3Examples runs the examples of the S3 API reference, "Authenticating
// Requests (AWS Signature Version 4)": header and query.
func TestS3Examples(t *testing.T) {
	t.Parallel()
	const host = "\nHost: examplebucket.s3.amazonaws.com\nX-Amz-Date: 20130524T000000Z"
	const empty = "\nx-amz-content-sha256: " + EmptySHA256
	for _, tt := range []struct{ name, request, signed, signature string }{
		{"get object", "GET /test.txt HTTP/1.1" + host + "\nRange: bytes=0-9" + empty, "host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		{"put object", "PUT /test$file.text HTTP/1.1" + host + "\nDate: Fri, 24 May 2013 00:00:00 GMT\nx-amz-storage-class: REDUCED_REDUNDANCY\nx-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072", "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
		{"get lifecycle", "GET /?lifecycle HTTP/1.1" + host + empty, "host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		{"list objects", "GET /?max-keys=2&prefix=J HTTP/1.1" + host + empty, "host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := readRequest(t, tt.request+"\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders="+tt.signed+",Signature="+tt.signature)
			mustVerify(t, r, s3Secret, VerifyOptions{Now: stamp("20130524T000000Z")})
		})
	}
	t.Run("presigned", func(t *testing.T) {
		t.Parallel()
		r := readRequest(t, "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\nHost: examplebucket.s3.amazonaws.com")
		mustVerify(t, r, s3Secret, VerifyOptions{Now: stamp("20130524T235959Z")})
	})
}

// mustVerify verifies r twice, the second time with the key from the cache.
func mustVerify(t *testing.T, r *http.Request, secret Secret, o VerifyOptions) *Signature {
	t.Helper()
	keys := NewKeyCache(8)
	var sig *Signature
	for _, name := range []string{"derived", "cached"} {
		var err error
		if sig, err = Parse(r); err != nil {
			t.Fatalf("Parse: %v", err)
		}
		if err := sig.Verify(secret, keys, o); err != nil {
			t.Fatalf("Verify with %s key: %v", name, err)
		}
	}
	return sig
}
