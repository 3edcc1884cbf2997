package s3_test

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

func TestObjects(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	put := w.ok(admin, "PUT", "/bucket/a%20b/%C3%BC+", "hello", "Content-Type", "text/x", "x-amz-meta-k", "v", "Cache-Control", "no-store")
	if put.Header.Get("Etag") != `"5d41402abc4b2a76b9719d911017c592"` || put.Body != "" {
		t.Errorf("PutObject answered %v %v", put.Header, put)
	}
	for _, method := range []string{"GET", "HEAD"} {
		r := w.ok(admin, method, "/bucket/a%20b/%C3%BC+", "")
		want := map[string]string{
			"Content-Type": "text/x", "X-Amz-Meta-K": "v", "Cache-Control": "no-store", "Content-Length": "5", "Accept-Ranges": "bytes",
			"Etag": put.Header.Get("Etag"), "Transfer-Encoding": "",
		}
		for name, value := range want {
			if r.Header.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", method, name, r.Header.Get(name), value)
			}
		}
		if _, err := http.ParseTime(r.Header.Get("Last-Modified")); err != nil {
			t.Errorf("%s: %v", method, err)
		}
		if method == "GET" && r.Body != "hello" || method == "HEAD" && r.Body != "" {
			t.Errorf("%s has the body %q", method, r.Body)
		}
	}
	if r := w.ok(admin, "DELETE", "/bucket/a%20b/%C3%BC+", ""); r.Status != 204 {
		t.Errorf("DeleteObject answered %v", r)
	}
	w.ok(admin, "DELETE", "/bucket/a%20b/%C3%BC+", "")
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/a%20b/%C3%BC+", "")
}

func TestRangesAndConditions(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	tag := w.ok(admin, "PUT", "/bucket/k", "0123456789").Header.Get("Etag")
	r := w.ok(admin, "GET", "/bucket/k", "", "Range", "bytes=2-4")
	if r.Status != 206 || r.Body != "234" || r.Header.Get("Content-Range") != "bytes 2-4/10" {
		t.Errorf("a range is %v %v", r, r.Header)
	}
	r = w.no(416, "InvalidRange", admin, "GET", "/bucket/k", "", "Range", "bytes=10-")
	if !strings.Contains(r.Body, "<ActualObjectSize>10</ActualObjectSize>") || !strings.Contains(r.Body, "<RangeRequested>bytes=10-</RangeRequested>") {
		t.Errorf("416 says %s", r.Body)
	}
	if r := w.do(admin, "GET", "/bucket/k", "", "If-None-Match", tag); r.Status != 304 || r.Body != "" || r.Header.Get("Etag") != tag {
		t.Errorf("If-None-Match: %v %v", r, r.Header)
	}
	w.no(412, "PreconditionFailed", admin, "GET", "/bucket/k", "", "If-Match", `"x"`)
	w.no(412, "PreconditionFailed", admin, "PUT", "/bucket/k", "new", "If-None-Match", "*")
	w.no(412, "PreconditionFailed", admin, "PUT", "/bucket/k", "new", "If-Match", `"00000000000000000000000000000000"`)
	if r := w.ok(admin, "GET", "/bucket/k", ""); r.Body != "0123456789" {
		t.Errorf("a refused write left %q", r.Body)
	}
	w.ok(admin, "PUT", "/bucket/k", "new", "If-Match", tag)
}

// A download that is gone on with must not end in bytes of another object.
func TestIfRange(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	put := w.ok(admin, "PUT", "/bucket/k", "0123456789")
	tag := put.Header.Get("Etag")
	modified := w.ok(admin, "HEAD", "/bucket/k", "").Header.Get("Last-Modified")
	const before = "Wed, 21 Oct 2015 07:28:00 GMT"
	for _, c := range []struct {
		validator string
		more      []string
		want      string
	}{
		{tag, nil, "206 56789"},
		{modified, nil, "206 56789"},
		{`"other"`, nil, "200 0123456789"},
		{"W/" + tag, nil, "200 0123456789"},
		{before, nil, "200 0123456789"},
		{tag, []string{"If-Match", tag}, "200 0123456789"},
		{`"other"`, []string{"If-Match", `"other"`}, "412 "},
		{tag, []string{"If-None-Match", tag}, "304 "},
	} {
		r := w.do(admin, "GET", "/bucket/k", "", append(c.more, "Range", "bytes=5-", "If-Range", c.validator)...)
		if r.Status >= 300 {
			r.Body = ""
		}
		if got := fmt.Sprintf("%d %s", r.Status, r.Body); got != c.want {
			t.Errorf("If-Range %s %q: got %q, want %q", c.validator, c.more, got, c.want)
		}
	}
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/none", "", "Range", "bytes=5-", "If-Range", tag)
}

// HTTP takes a PUT without a length for one of no bytes.
func TestMissingContentLength(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for _, path := range []string{"/bucket/k", "/bucket/k?partNumber=1&uploadId=u"} {
		conn := w.dial()
		var head bytes.Buffer
		r := w.request(call{as: admin, method: "PUT", path: path})
		fmt.Fprintf(&head, "PUT %s HTTP/1.1\r\nHost: %s\r\n", path, r.URL.Host)
		w.check(r.Header.Write(&head))
		_, err := conn.Write(append(head.Bytes(), "\r\n"...))
		w.check(err)
		res, err := http.ReadResponse(bufio.NewReader(conn), r)
		w.check(err)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusLengthRequired || !strings.Contains(string(body), "<Code>MissingContentLength</Code>") {
			t.Errorf("PUT %s without a length: %d %s", path, res.StatusCode, body)
		}
	}
}

// Each row is a key that the store would take for another, or cannot keep. None
// may come as far as a decision, wherever it stands.
func TestKeysThatTheStoreWouldMistake(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/secret/k", "secret")
	reader := w.user(account, "reader", allow("s3:*", "arn:aws:s3:::bucket/pub/* arn:aws:s3:::bucket"))
	for _, key := range []string{"pub/../secret/k", "pub//k", "./pub/k", "pub/./k", "pub/..", ".sgwtmp/x", "pub/a%00b", "pub/" + strings.Repeat("x", 256)} {
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			w.no(400, "InvalidArgument", reader, method, "/bucket/"+key, "")
		}
		w.no(400, "InvalidArgument", reader, "POST", "/bucket/"+key+"?uploads", "")
		w.no(400, "InvalidArgument", reader, "PUT", "/bucket/pub/copy", "", "x-amz-copy-source", "bucket/"+key)
		if strings.Contains(key, "%") {
			continue
		}
		r := w.delete(reader, "/bucket?delete", "<Delete><Object><Key>"+key+"</Key></Object></Delete>")
		if r.Status != 200 || !strings.Contains(r.Body, "<Code>InvalidArgument</Code>") {
			t.Errorf("DeleteObjects %s: %v", key, r)
		}
	}
	w.no(400, "InvalidArgument", admin, "PUT", "/bucket/folder/", "body")
	w.ok(admin, "PUT", "/bucket/folder/", "")
	w.no(400, "KeyTooLongError", admin, "PUT", "/bucket/"+strings.Repeat("y/", 513), "")
	w.no(409, "InvalidRequest", admin, "PUT", "/bucket/secret/k/below", "x")
}

// delete sends DeleteObjects with the checksum that it needs.
func (w *world) delete(as *sigv4.Credentials, path, body string) reply {
	w.t.Helper()
	return w.do(as, "POST", path, body, "Content-Md5", md5Of(body))
}

func md5Of(s string) string {
	sum := md5.Sum([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func crc32Of(s string) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s", be32(crc32.ChecksumIEEE([]byte(s)))))
}

func be32(n uint32) []byte { return []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)} }

// A body that is not what was announced or signed leaves no object.
func TestBodiesThatAreNotWhatTheySay(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.no(400, "BadDigest", admin, "PUT", "/bucket/k", "body", "Content-Md5", md5Of("other"))
	w.no(400, "InvalidDigest", admin, "PUT", "/bucket/k", "body", "Content-Md5", "nonsense")
	w.no(400, "BadDigest", admin, "PUT", "/bucket/k", "body", "x-amz-checksum-crc32", crc32Of("other"))
	w.no(400, "InvalidRequest", admin, "PUT", "/bucket/k", "body", "x-amz-checksum-crc32", "nonsense")
	r := w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: "body", payload: sigv4.HashPayload([]byte("what was signed"))})
	if got := w.send(r); got.Code != "XAmzContentSHA256Mismatch" {
		t.Errorf("another body than the signed one: %v", got)
	}
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
	w.ok(admin, "PUT", "/bucket/k", "body", "Content-Md5", md5Of("body"), "x-amz-checksum-crc32", crc32Of("body"))
	got := w.ok(admin, "GET", "/bucket/k", "", "x-amz-checksum-mode", "ENABLED")
	if got.Header.Get("X-Amz-Checksum-Crc32") != crc32Of("body") {
		t.Errorf("the checksum is gone: %v", got.Header)
	}
	for _, method := range []string{"GET", "DELETE", "HEAD"} {
		r := w.request(call{as: admin, method: method, path: "/bucket/k", payload: sigv4.HashPayload([]byte("x"))})
		if got := w.send(r); got.Status != 400 {
			t.Errorf("%s without the body that was signed: %v", method, got)
		}
	}
}

// A chunked body whose trailer or signature fails at the last byte.
func TestChunkedBodies(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	send := func(content, checksum string) reply {
		body := fmt.Sprintf("%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n", len(content), content, checksum)
		return w.send(w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: body, payload: sigv4.StreamingUnsignedPayloadTrailer, header: []string{
			"Content-Encoding", "aws-chunked", "x-amz-decoded-content-length", fmt.Sprint(len(content)), "x-amz-trailer", "x-amz-checksum-crc32",
		}}))
	}
	if r := send("content", crc32Of("other")); r.Code != "BadDigest" {
		t.Errorf("a wrong trailer: %v", r)
	}
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
	if r := send("content", crc32Of("content")); r.Status != 200 {
		t.Fatalf("a good trailer: %v", r)
	}
	r := w.ok(admin, "GET", "/bucket/k", "", "x-amz-checksum-mode", "ENABLED")
	if r.Body != "content" || r.Header.Get("Content-Encoding") != "" || r.Header.Get("X-Amz-Checksum-Crc32") != crc32Of("content") {
		t.Errorf("stored %v with %v", r, r.Header)
	}
}

// Clients with TLS send checksums behind the parts, and name them at the end.
func TestPartsWithTrailers(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	made := w.ok(admin, "POST", "/bucket/k?uploads", "", "x-amz-checksum-algorithm", "CRC32").Body
	_, id, _ := strings.Cut(made, "<UploadId>")
	id, _, _ = strings.Cut(id, "<")
	sum := crc32Of("content")
	part := w.send(w.request(call{
		as: admin, method: "PUT", path: "/bucket/k?partNumber=1&uploadId=" + id, payload: sigv4.StreamingUnsignedPayloadTrailer,
		body: "7\r\ncontent\r\n0\r\nx-amz-checksum-crc32:" + sum + "\r\n\r\n",
		header: []string{
			"Content-Encoding", "aws-chunked", "x-amz-decoded-content-length", "7", "x-amz-trailer", "x-amz-checksum-crc32", "x-amz-sdk-checksum-algorithm", "CRC32",
		},
	}))
	if part.Status != 200 || part.Header.Get("X-Amz-Checksum-Crc32") != sum {
		t.Fatalf("UploadPart: %v %v", part, part.Header)
	}
	done := `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>%s</ETag><ChecksumCRC32>%s</ChecksumCRC32></Part></CompleteMultipartUpload>`
	w.no(400, "InvalidPart", admin, "POST", "/bucket/k?uploadId="+id, fmt.Sprintf(done, part.Header.Get("Etag"), crc32Of("other")))
	w.ok(admin, "POST", "/bucket/k?uploadId="+id, fmt.Sprintf(done, part.Header.Get("Etag"), sum))
}

// A client that breaks off half way changes nothing.
func TestALostConnectionLeavesNoObject(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	r := w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: strings.Repeat("x", 100_000)})
	conn := w.dial()
	var head strings.Builder
	w.check(r.Write(&head))
	_, err := io.WriteString(conn, head.String()[:head.Len()-50_000])
	w.check(err)
	time.Sleep(50 * time.Millisecond)
	w.check(conn.Close())
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
	if r := w.ok(admin, "GET", "/bucket?list-type=2", ""); strings.Contains(r.Body, "<Contents>") {
		t.Errorf("the bucket holds %s", r.Body)
	}
}

// A body that comes slowly must not end up in a bucket that another account has
// made meanwhile under the name that was authorized.
func TestASlowBodyMissesABucketMadeAnew(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := w.user(w.otherAccount(), "u", allow("s3:*", "*"))
	w.ok(admin, "PUT", "/bucket", "")
	var all strings.Builder
	w.check(w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: strings.Repeat("x", 100_000)}).Write(&all))
	conn := w.dial()
	_, err := io.WriteString(conn, all.String()[:50_000])
	w.check(err)
	time.Sleep(50 * time.Millisecond)
	w.ok(admin, "DELETE", "/bucket", "")
	w.ok(other, "PUT", "/bucket", "")
	_, err = io.WriteString(conn, all.String()[50_000:])
	w.check(err)
	w.check(conn.SetReadDeadline(time.Now().Add(10 * time.Second)))
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 404") {
		t.Errorf("the answer is %q, %v; want 404", line, err)
	}
	w.no(404, "NoSuchKey", other, "GET", "/bucket/k", "")
}

func TestTagging(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "x", "x-amz-tagging", "team=red")
	const blue = "<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>"
	tagger := w.user(account, "tagger", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*Tagging","Resource":"*","Condition":{"StringEquals":{"s3:RequestObjectTag/team":"blue"}}}]}`)
	w.no(403, "AccessDenied", tagger, "PUT", "/bucket/k?tagging", strings.Replace(blue, "blue", "green", 1))
	if r := w.ok(admin, "GET", "/bucket/k?tagging", ""); !strings.Contains(r.Body, "<Tag><Key>team</Key><Value>red</Value></Tag>") {
		t.Errorf("the tags are %s", r.Body)
	}
	w.ok(tagger, "PUT", "/bucket/k?tagging", blue)
	if r := w.ok(admin, "GET", "/bucket/k?tagging", ""); !strings.Contains(r.Body, "<Value>blue</Value>") {
		t.Errorf("the tags are %s", r.Body)
	}
	w.no(400, "MalformedXML", admin, "PUT", "/bucket/k?tagging", "<Tagging><TagSet><Tag><Odd/></Tag></TagSet></Tagging>")
	w.no(400, "MalformedXML", admin, "PUT", "/bucket/k?tagging", "<Tagging/>")
	w.no(400, "InvalidTag", admin, "PUT", "/bucket/k?tagging", strings.Replace(blue, "team", "aws:x", 1))
	w.no(400, "BadDigest", admin, "PUT", "/bucket/k?tagging", blue, "Content-Md5", md5Of("other"))
	if r := w.ok(admin, "DELETE", "/bucket/k?tagging", ""); r.Status != 204 {
		t.Errorf("DeleteObjectTagging answers %v", r)
	}
	if r := w.ok(admin, "GET", "/bucket/k?tagging", ""); strings.Contains(r.Body, "<Tag>") {
		t.Errorf("the tags are %s", r.Body)
	}
	writer := w.user(account, "writer", allow("s3:PutObject s3:GetObject", "*"))
	w.ok(writer, "PUT", "/bucket/k2", "x")
	w.no(403, "AccessDenied", writer, "PUT", "/bucket/k2", "x", "x-amz-tagging", "team=red")
}

func (w *world) dial() net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.URL(), "http://"))
	w.check(err)
	w.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// A client that waits for 100-continue sends its body only if it may write.
func TestBodiesAreAuthorizedBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	reader := w.user(account, "reader", allow("s3:GetObject", "*"))
	for _, c := range []struct {
		as    *sigv4.Credentials
		first string
	}{{reader, "HTTP/1.1 403"}, {admin, "HTTP/1.1 100"}} {
		r := w.request(call{as: c.as, method: "PUT", path: "/bucket/k", body: "body", header: []string{"Expect", "100-continue"}})
		conn := w.dial()
		var all strings.Builder
		w.check(r.Write(&all))
		head, _, _ := strings.Cut(all.String(), "\r\n\r\n")
		_, err := io.WriteString(conn, head+"\r\n\r\n")
		w.check(err)
		w.check(conn.SetReadDeadline(time.Now().Add(10 * time.Second)))
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, c.first) {
			t.Errorf("the first answer is %q, %v; want %s", line, err, c.first)
		}
	}
}

func TestPresignedRequests(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	presign := func(method, path string, at time.Time, header ...string) string {
		r := w.request(call{method: method, path: path, header: header})
		signed, err := sigv4.Presign(r, *admin, sigv4.Target{Region: "us-east-1", Service: "s3"}, sigv4.UnsignedPayload, time.Minute, at)
		w.check(err)
		u, err := url.Parse(signed)
		w.check(err)
		return u.RequestURI()
	}
	w.ok(nobody, "PUT", presign("PUT", "/bucket/k", time.Now()), "body")
	r := w.ok(nobody, "GET", presign("GET", "/bucket/k?response-content-type=text/x&response-content-disposition=attachment", time.Now()), "")
	if r.Body != "body" || r.Header.Get("Content-Type") != "text/x" || r.Header.Get("Content-Disposition") != "attachment" {
		t.Errorf("got %v with %v", r, r.Header)
	}
	r = w.no(403, "AccessDenied", nobody, "GET", presign("GET", "/bucket/k", time.Now().Add(-time.Hour)), "")
	if r.Message != "Request has expired" {
		t.Errorf("an expired URL says %q", r.Message)
	}
	w.no(403, "SignatureDoesNotMatch", nobody, "GET", presign("GET", "/bucket/k", time.Now())+"&versionId=v", "")
	// What a signer puts into the query counts as the header that it was.
	w.no(400, "AccessControlListNotSupported", nobody, "PUT", presign("PUT", "/bucket/k2?x-amz-acl=public-read", time.Now()), "body")
	w.ok(nobody, "PUT", presign("PUT", "/bucket/k2?x-amz-meta-color=blue", time.Now()), "body")
	if r := w.ok(admin, "HEAD", "/bucket/k2", ""); r.Header.Get("X-Amz-Meta-Color") != "blue" {
		t.Errorf("metadata of the query is lost: %v", r.Header)
	}
}

func TestHeadersThatWouldBeIgnored(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for _, h := range []string{
		"x-amz-server-side-encryption: aws:kms", "x-amz-server-side-encryption: AES256", "x-amz-server-side-encryption-customer-algorithm: AES256",
		"x-amz-object-lock-mode: COMPLIANCE", "x-amz-write-offset-bytes: 1",
	} {
		name, value, _ := strings.Cut(h, ": ")
		w.no(501, "NotImplemented", admin, "PUT", "/bucket/k", "body", name, value)
	}
	w.no(400, "AccessControlListNotSupported", admin, "PUT", "/bucket/k", "body", "x-amz-acl", "public-read")
	w.no(400, "AccessControlListNotSupported", admin, "PUT", "/bucket/k", "body", "x-amz-grant-read", "id=x")
	w.no(400, "MetadataTooLarge", admin, "PUT", "/bucket/k", "body", "x-amz-meta-k", strings.Repeat("x", 2049))
	w.no(400, "InvalidTag", admin, "PUT", "/bucket/k", "body", "x-amz-tagging", "aws:k=v")
	w.no(400, "InvalidTag", admin, "PUT", "/bucket/k", "body", "x-amz-tagging", "team=a&Team=b") // a condition could judge one only
	w.no(400, "InvalidArgument", admin, "PUT", "/bucket/k", "body", "x-amz-acl", "nobody")
	w.no(400, "InvalidStorageClass", admin, "PUT", "/bucket/k", "body", "x-amz-storage-class", "FAST")
	w.no(400, "InvalidRedirectLocation", admin, "PUT", "/bucket/k", "body", "x-amz-website-redirect-location", "elsewhere")
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
	w.ok(admin, "PUT", "/bucket/k", "body", "x-amz-acl", "bucket-owner-full-control", "x-amz-storage-class", "STANDARD_IA", "x-amz-website-redirect-location", "/z")
	if r := w.ok(admin, "GET", "/bucket/k", ""); r.Header["X-Amz-Storage-Class"] != nil || r.Header.Get("X-Amz-Website-Redirect-Location") != "/z" {
		t.Errorf("an object of the standard class comes with %v", r.Header)
	}
}

func TestContentEncodingIsKeptAsWritten(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for written, want := range map[string]string{"gzip, br": "gzip, br", "aws-chunked": "", "gzip, AWS-chunked": "gzip"} {
		w.ok(admin, "PUT", "/bucket/k", "x", "Content-Encoding", written)
		if got := w.ok(admin, "HEAD", "/bucket/k", "").Header.Get("Content-Encoding"); got != want {
			t.Errorf("Content-Encoding %q: got %q, want %q", written, got, want)
		}
	}
}

// What a store would leave undone of a copy, or read in its own way.
func TestCopiesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "0123456789")
	w.ok(admin, "PUT", "/bucket/there", "kept")
	upload := "?partNumber=1&uploadId=" + element(w.ok(admin, "POST", "/bucket/there?uploads", "").Body, "UploadId")
	for _, c := range []struct {
		status      int
		code        string
		path        string
		name, value string
	}{
		{501, "NotImplemented", "/bucket/there", "If-None-Match", "*"},
		{501, "NotImplemented", "/bucket/there", "If-Match", `"x"`},
		{400, "InvalidArgument", "/bucket/there", "x-amz-metadata-directive", "MOVE"},
		{400, "InvalidArgument", "/bucket/there", "x-amz-tagging-directive", "replace"},
		{400, "InvalidStorageClass", "/bucket/there", "x-amz-storage-class", "FAST"},
		{400, "InvalidRequest", "/bucket/k", "x-amz-metadata-directive", "COPY"},
		{400, "InvalidArgument", "/bucket/there" + upload, "x-amz-copy-source-range", "bytes=5-"},
		{400, "InvalidArgument", "/bucket/there" + upload, "x-amz-copy-source-range", "bytes=-5"},
		{400, "InvalidArgument", "/bucket/there" + upload, "x-amz-copy-source-range", "bytes=0-1,4-5"},
		{400, "InvalidArgument", "/bucket/there" + upload, "x-amz-copy-source-range", "bytes=0-10"},
	} {
		w.no(c.status, c.code, admin, "PUT", c.path, "", "x-amz-copy-source", "/bucket/k", c.name, c.value)
	}
	if r := w.ok(admin, "GET", "/bucket/there", ""); r.Body != "kept" {
		t.Errorf("a refused copy left %q", r.Body)
	}
	w.ok(admin, "PUT", "/bucket/there"+upload, "", "x-amz-copy-source", "/bucket/k", "x-amz-copy-source-range", "bytes=0-9")
	// What changes something may be copied to where it is.
	w.ok(admin, "PUT", "/bucket/k", "", "x-amz-copy-source", "/bucket/k", "x-amz-storage-class", "STANDARD_IA")
	w.ok(admin, "PUT", "/bucket/k", "", "x-amz-copy-source", "/bucket/k", "x-amz-website-redirect-location", "/there")
	if r := w.ok(admin, "GET", "/bucket/k", ""); r.Body != "0123456789" || r.Header.Get("X-Amz-Website-Redirect-Location") != "/there" {
		t.Errorf("the object copied to itself is %v %v", r, r.Header)
	}
}

func element(document, name string) string {
	_, rest, _ := strings.Cut(document, "<"+name+">")
	text, _, _ := strings.Cut(rest, "</"+name+">")
	return text
}

// A page without entries is the last one: nothing says where a next would begin.
func TestPagesOfNothing(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "x")
	upload := element(w.ok(admin, "POST", "/bucket/k?uploads", "").Body, "UploadId")
	w.ok(admin, "PUT", "/bucket/k?partNumber=1&uploadId="+upload, "x")
	for _, c := range []struct{ path, entry string }{
		{"/bucket?max-keys=", "<Contents>"},
		{"/bucket?list-type=2&max-keys=", "<Contents>"},
		{"/bucket?uploads&max-uploads=", "<Upload>"},
		{"/bucket?uploads&delimiter=k&max-uploads=", "<CommonPrefixes>"},
		{"/bucket/k?uploadId=" + upload + "&max-parts=", "<Part>"},
	} {
		if r := w.ok(admin, "GET", c.path+"1", ""); !strings.Contains(r.Body, c.entry) {
			t.Errorf("GET %s1: no %s in\n%s", c.path, c.entry, r.Body)
		}
		r := w.ok(admin, "GET", c.path+"0", "")
		if strings.Contains(r.Body, c.entry) || !strings.Contains(r.Body, "<IsTruncated>false</IsTruncated>") {
			t.Errorf("GET %s0: got\n%s", c.path, r.Body)
		}
	}
}

func TestListings(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for _, key := range []string{"a%3Bb", "dir/1", "dir/2%20%2B%26", "z"} {
		w.ok(admin, "PUT", "/bucket/"+key, "x")
	}
	for _, c := range []struct{ query, want, not string }{
		{"list-type=2", "<KeyCount>4</KeyCount>", "<Owner>"},
		{"list-type=2&fetch-owner=true", "<Owner><ID>", "<DisplayName>"},
		{"list-type=2&delimiter=/", "<CommonPrefixes><Prefix>dir/</Prefix></CommonPrefixes>", "dir/1"},
		{"list-type=2&prefix=dir/", "<Key>dir/2 +&amp;</Key>", "<Key>z"},
		{"list-type=2&prefix=dir/&encoding-type=url", "<Key>dir/2%20%2B%26</Key>", "<Key>z"},
		{"list-type=2&prefix=a;b", "<Key>a;b</Key>", "<Key>z"},
		{"list-type=2&start-after=dir/2", "<StartAfter>dir/2</StartAfter>", "<Key>dir/1"},
		{"list-type=2&max-keys=0", "<KeyCount>0</KeyCount>", "<Contents>"},
		{"", "<Marker></Marker>", "KeyCount"},
		{"marker=dir/1", "<Owner><ID>", "<Key>dir/1"},
		{"delimiter=/&max-keys=2", "<NextMarker>dir/</NextMarker>", "<Key>z"},
	} {
		r := w.ok(admin, "GET", "/bucket?"+c.query, "")
		if !strings.Contains(r.Body, c.want) || strings.Contains(r.Body, c.not) || !strings.Contains(r.Body, "<Name>bucket</Name>") {
			t.Errorf("?%s: want %s and not %s in\n%s", c.query, c.want, c.not, r.Body)
		}
	}
	for _, q := range []string{"max-keys=-1", "max-keys=x", "max-keys=2147483648", "encoding-type=xml", "list-type=3", "list-type=2&continuation-token="} {
		w.no(400, "InvalidArgument", admin, "GET", "/bucket?"+q, "")
	}
}
