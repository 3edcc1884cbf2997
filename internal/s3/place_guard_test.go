package s3_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// A key that the store would mistake is refused in each place where a key can
// stand, in the words of the rule, and before anybody is asked whether it is
// allowed: the caller here may do nothing at all.
func TestKeysAreRefusedBeforeTheyAreDecided(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	stranger := w.user(account, "stranger", "")
	const words = "This store cannot keep the object key: it "
	for key, fault := range map[string]string{
		"pub/../k": "has a segment that is empty", "./k": "has a segment that is empty", "a//b": "has a segment that is empty", "/k": "has a segment that is empty",
		".sgwtmp/k": "has a segment that the store keeps", strings.Repeat("s", 256): "has a segment of more than 255",
	} {
		for place, r := range map[string]reply{
			"path":        w.do(stranger, "GET", "/bucket/"+key, ""),
			"copy source": w.do(stranger, "PUT", "/bucket/copy", "", "x-amz-copy-source", "bucket/"+key),
			"part source": w.do(stranger, "PUT", "/bucket/copy?partNumber=1&uploadId=u", "", "x-amz-copy-source", "bucket/"+key),
		} {
			if r.Status != 400 || r.Code != "InvalidArgument" || !strings.HasPrefix(r.Message, words+fault) {
				t.Errorf("%q as %s: got %v, want InvalidArgument %q", key, place, r, fault)
			}
		}
		r := w.delete(stranger, "/bucket?delete", "<Delete><Object><Key>"+key+"</Key></Object></Delete>")
		if r.Status != 200 || !strings.Contains(r.Body, "<Code>InvalidArgument</Code><Message>"+words+fault) {
			t.Errorf("%q in DeleteObjects: got %v, want InvalidArgument %q", key, r, fault)
		}
	}
	for _, key := range []string{"a%00b", "a%0Ab", "a%1Fb", "a%7Fb"} {
		r := w.no(400, "InvalidArgument", stranger, "GET", "/bucket/"+key, "")
		if !strings.HasPrefix(r.Message, words+"contains a control character") {
			t.Errorf("%q: got %v", key, r)
		}
		w.no(400, "InvalidArgument", stranger, "PUT", "/bucket/copy", "", "x-amz-copy-source", "bucket/"+key)
	}
}

// A key that ends in "/" is a directory of the store, and gets no data however
// that is sent.
func TestAFolderGetsNoData(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "body")
	w.ok(admin, "PUT", "/bucket/empty", "")
	const words = "ends in '/'"
	for what, r := range map[string]reply{
		"put":    w.do(admin, "PUT", "/bucket/folder/", "body"),
		"upload": w.do(admin, "POST", "/bucket/folder/?uploads", ""),
	} {
		if r.Code != "InvalidArgument" || !strings.Contains(r.Message, words) {
			t.Errorf("%s: got %v, want InvalidArgument %q", what, r, words)
		}
	}
	if r := w.do(admin, "PUT", "/bucket/folder/", "", "x-amz-copy-source", "bucket/k"); r.Status != 400 {
		t.Errorf("a copy of an object with data: got %v, want 400", r)
	}
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/folder/", "")
	w.ok(admin, "PUT", "/bucket/folder/", "", "x-amz-copy-source", "bucket/empty")
	w.ok(admin, "GET", "/bucket/folder/", "")
}

// DeleteObjects takes 1,000 keys and 2 MiB, and nothing is deleted by one that
// has more.
func TestLimitsOfDeleteObjects(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "x")
	const object = "<Object><Key>k</Key></Object>"
	many := func(n int) string { return "<Delete>" + strings.Repeat(object, n) + "</Delete>" }
	w.no(400, "MalformedXML", admin, "POST", "/bucket?delete", many(1001), "Content-Md5", md5Of(many(1001)))
	large := "<Delete>" + object + strings.Repeat(" ", 2<<20) + "</Delete>"
	r := w.no(400, "MaxMessageLengthExceeded", admin, "POST", "/bucket?delete", large, "Content-Md5", md5Of(large))
	if r.Message != "Your request was too large." {
		t.Errorf("more than 2 MiB: got %v", r)
	}
	w.ok(admin, "GET", "/bucket/k", "")
	w.delete(admin, "/bucket?delete", many(1000))
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
}

// What the signature does not cover, or what two readers could read in two
// ways, is not acted upon.
func TestHeadersThatAreNotWhatWasSigned(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	target := sigv4.Target{Region: "us-east-1", Service: "s3"}
	for _, tt := range []struct {
		name   string
		mangle func(*http.Request)
		status int
		code   string
	}{
		{"unsigned acl", func(r *http.Request) { r.Header.Set("x-amz-acl", "private") }, 403, "AccessDenied"},
		{"unsigned copy source", func(r *http.Request) { r.Header.Set("X-Amz-Copy-Source", "bucket/k") }, 403, "AccessDenied"},
		{"unsigned metadata", func(r *http.Request) { r.Header.Set("x-amz-meta-a", "b") }, 403, "AccessDenied"},
		{"unsigned tracing", func(r *http.Request) { r.Header.Set("X-Amzn-Trace-Id", "Root=1") }, 200, ""},
		{"removed by Connection", func(r *http.Request) { r.Header.Set("Connection", "x-amz-date") }, 400, "InvalidRequest"},
		{"two signatures", func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) }, 400, "InvalidArgument"},
		{"header and query", func(r *http.Request) {
			signed, err := sigv4.Presign(r.Clone(t.Context()), *admin, target, sigv4.UnsignedPayload, time.Minute, time.Now())
			w.check(err)
			_, query, _ := strings.Cut(signed, "?")
			r.URL.RawQuery = query
		}, 400, "InvalidArgument"},
	} {
		r := w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: "body"})
		tt.mangle(r)
		if got := w.send(r); got.Status != tt.status || got.Code != tt.code {
			t.Errorf("%s: got %v, want %d %s", tt.name, got, tt.status, tt.code)
		}
	}
	for _, name := range []string{"x-amz-acl", "Range", "If-Match", "Content-Type", "Content-Md5"} {
		r := w.request(call{method: "PUT", path: "/bucket/k", body: "body"})
		r.Header.Add(name, "a")
		r.Header.Add(name, "b")
		w.check(sigv4.Sign(r, *admin, target, sigv4.HashPayload([]byte("body")), time.Now()))
		if got := w.send(r); got.Status != 400 || got.Code != "InvalidRequest" {
			t.Errorf("two %s: got %v, want 400 InvalidRequest", name, got)
		}
	}
	w.no(400, "InvalidRequest", admin, "PUT", "/bucket/k?x-amz-meta-a=1", "body", "x-amz-meta-a", "2")
}

// A condition that is not understood must not delete.
func TestConditionsOfADeletion(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	tag := w.ok(admin, "PUT", "/bucket/k", "body").Header.Get("Etag")
	for _, header := range [][2]string{
		{"x-amz-if-match-size", "no"}, {"x-amz-if-match-size", "4"}, {"x-amz-if-match-last-modified-time", "yesterday"},
	} {
		w.no(501, "NotImplemented", admin, "DELETE", "/bucket/k", "", header[0], header[1])
	}
	w.no(412, "PreconditionFailed", admin, "DELETE", "/bucket/k", "", "If-Match", `"00000000000000000000000000000000"`)
	w.ok(admin, "GET", "/bucket/k", "")
	w.ok(admin, "DELETE", "/bucket/k", "", "If-Match", tag)
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
}

// Signed chunks are held against their signatures.
func TestSignedChunks(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	body := fmt.Sprintf("7;chunk-signature=%064d\r\ncontent\r\n0;chunk-signature=%064d\r\n\r\n", 0, 0)
	r := w.send(w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: body, payload: sigv4.StreamingPayload, header: []string{
		"Content-Encoding", "aws-chunked", "x-amz-decoded-content-length", "7",
	}}))
	if r.Status != 403 || r.Code != "SignatureDoesNotMatch" {
		t.Errorf("chunks with false signatures: got %v, want 403 SignatureDoesNotMatch", r)
	}
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/k", "")
}
