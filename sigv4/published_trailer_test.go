package sigv4

import (
	"io"
	"strings"
	"testing"
)

// TestPublishedTrailer is the example of the S3 API reference, "Signature
// calculations: including trailing headers", with its published signatures.
func TestPublishedTrailer(t *testing.T) {
	t.Parallel()
	r := readRequest(t, `PUT /examplebucket/chunkObject.txt HTTP/1.1
Host: s3.amazonaws.com
x-amz-date: 20130524T000000Z
x-amz-storage-class: REDUCED_REDUNDANCY
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e
x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
Content-Encoding: aws-chunked
x-amz-decoded-content-length: 66560
x-amz-trailer: x-amz-checksum-crc32c
Content-Length: 67000`)
	sig := mustVerify(t, r, s3Secret, VerifyOptions{Now: stamp("20130524T000000Z")})
	letters := strings.Repeat("a", 66560)
	body, err := sig.Body(strings.NewReader(
		"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n" + letters[:65536] +
			"\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" + letters[65536:] +
			"\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n" +
			"x-amz-checksum-crc32c:sOO8/Q==\r\n" +
			"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(body)
	if err != nil || string(got) != letters || body.Trailer().Get("X-Amz-Checksum-Crc32c") != "sOO8/Q==" {
		t.Errorf("%d bytes, trailer %v, %v", len(got), body.Trailer(), err)
	}
}
