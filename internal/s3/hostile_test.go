package s3_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// Listings tell nothing of what the store keeps for itself, however deep the
// prefix goes.
func TestListingsHideUnfinishedUploads(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	id := w.upload("/bucket/secret")
	w.ok(admin, "PUT", "/bucket/secret?partNumber=1&uploadId="+id, "part")
	for _, prefix := range []string{".sgwtmp", ".sgwtmp/", ".sgwtmp/multipart/", ".sgwtmp/multipart", ".sgwtmp/multipart/x/../"} {
		for _, version := range []string{"", "&list-type=2", "&delimiter=/"} {
			r := w.ok(admin, "GET", "/bucket?max-keys=7&prefix="+url.QueryEscape(prefix)+version, "")
			if strings.Contains(r.Body, "<Contents>") || strings.Contains(r.Body, "<CommonPrefixes>") || !strings.Contains(r.Body, "<MaxKeys>7</MaxKeys>") {
				t.Errorf("list %q%s: got %v, want an empty listing", prefix, version, r)
			}
		}
	}
	w.no(400, "InvalidArgument", admin, "PUT", "/bucket/a/.sgwtmp/hidden", "an object that no listing would show")
}

// upload begins an upload in parts and returns its id.
func (w *world) upload(path string) string {
	w.t.Helper()
	_, rest, _ := strings.Cut(w.ok(admin, "POST", path+"?uploads", "").Body, "<UploadId>")
	id, _, _ := strings.Cut(rest, "</UploadId>")
	return id
}

// What a query says in the place of a header is acted on, or refused.
func TestHeadersInTheQuery(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "object")
	for _, query := range []string{
		"X-Amz-Copy-Source=bucket/k", "x-amz-copy-source=bucket/k", "x%2Damz%2Dcopy%2Dsource=bucket/k",
		"x-amz-meta-a=b%0d%0ac", "x-amz-meta-a=%00", "x-amz-meta-%20a=b", "x-amz-meta-a%0a=b",
	} {
		w.no(400, "InvalidArgument", admin, "PUT", "/bucket/new?"+query, "")
	}
	w.no(501, "NotImplemented", admin, "PUT", "/bucket/new?x%2Damz%2Dserver-side-encryption=AES256", "")
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/new", "")
}

// A copy takes the source's tags along unless it says REPLACE, so the tags in
// its header are then no reason to allow it.
func TestTagsOfACopy(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/plain", "object")
	w.ok(admin, "PUT", "/bucket/red", "object", "x-amz-tagging", "colour=red")
	w.ok(admin, "PUT", "/bucket/blue", "object", "x-amz-tagging", "colour=blue")
	only := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},
		{"Effect":"Allow","Action":"s3:Put*","Resource":"*","Condition":{"StringEquals":{"s3:RequestObjectTag/colour":"blue"}}}]}`
	painter := w.user(account, "painter", only)
	tests := []struct {
		source, tags, directive string
		status                  int
	}{
		{"blue", "", "", 200},
		{"blue", "", "COPY", 200},
		{"red", "", "", 403},
		{"red", "colour=blue", "", 403},
		{"red", "colour=blue", "COPY", 403},
		{"plain", "colour=blue", "COPY", 403},
		{"red", "colour=blue", "REPLACE", 200},
		{"blue", "colour=red", "REPLACE", 403},
	}
	for _, tt := range tests {
		header := []string{"x-amz-copy-source", "bucket/" + tt.source}
		if tt.tags != "" {
			header = append(header, "x-amz-tagging", tt.tags)
		}
		if tt.directive != "" {
			header = append(header, "x-amz-tagging-directive", tt.directive)
		}
		if r := w.do(painter, "PUT", "/bucket/copy", "", header...); r.Status != tt.status {
			t.Errorf("copy %s with tags %q, %q: got %v, want %d", tt.source, tt.tags, tt.directive, r, tt.status)
		}
	}
}

// The version that a copy reads stands in its source, and nowhere else.
func TestVersionOfACopy(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},
		{"Effect":"Deny","Action":"s3:GetObjectVersion","Resource":"*","Condition":{"StringNotEquals":{"s3:VersionId":"good"}}}]}`
	reader := w.user(account, "reader", policy)
	w.no(403, "AccessDenied", reader, "PUT", "/bucket/copy", "", "x-amz-copy-source", "bucket/k?versionId=bad")
	w.no(403, "AccessDenied", reader, "PUT", "/bucket/copy?versionId=good", "", "x-amz-copy-source", "bucket/k?versionId=bad")
	if r := w.do(reader, "PUT", "/bucket/copy", "", "x-amz-copy-source", "bucket/k?versionId=good"); r.Status == 403 {
		t.Errorf("copy of the version that is allowed: got %v, want another refusal", r)
	}
}

// A presigned URL has an unsigned body, though no header says so.
func TestPolicyAgainstUnsignedBodies(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(statement("Deny", `"*"`, "s3:PutObject", "arn:aws:s3:::bucket/*",
		`"Condition":{"StringEquals":{"s3:x-amz-content-sha256":"UNSIGNED-PAYLOAD"}}`)))
	w.ok(admin, "PUT", "/bucket/k", "signed")
	if r := w.send(w.request(call{as: admin, method: "PUT", path: "/bucket/k", body: "x", payload: sigv4.UnsignedPayload})); r.Status != 403 {
		t.Errorf("PUT with UNSIGNED-PAYLOAD: got %v, want 403", r)
	}
	signed, err := sigv4.Presign(w.request(call{method: "PUT", path: "/bucket/k"}), *admin, sigv4.Target{Region: "us-east-1", Service: "s3"}, sigv4.UnsignedPayload, time.Minute, time.Now())
	w.check(err)
	w.no(403, "AccessDenied", nobody, "PUT", strings.TrimPrefix(signed, w.URL()), "x")
}

// What a store cannot keep is the client's mistake and not a failure of ours.
func TestWhatTheStoreCannotKeep(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/d/f", "object")
	for _, name := range []string{"Content-Type", "Content-Disposition", "Cache-Control", "Expires"} {
		w.no(400, "MetadataTooLarge", admin, "PUT", "/bucket/k", "x", name, strings.Repeat("a", 2100))
	}
	w.ok(admin, "PUT", "/bucket/k", "x", "Content-Disposition", strings.Repeat("a", 2000), "x-amz-meta-a", strings.Repeat("a", 1500))
	tags := make([]string, 10)
	for i := range tags {
		tags[i] = strings.Repeat("k", 127) + string(rune('0'+i)) + "=" + strings.Repeat("v", 256)
	}
	// Whether they fit beside 2 KB depends on the file system.
	if r := w.do(admin, "PUT", "/bucket/tagged", "x", "x-amz-tagging", strings.Join(tags, "&"), "x-amz-meta-a", strings.Repeat("a", 2000)); r.Status != 200 {
		if r.Code != "MetadataTooLarge" {
			t.Errorf("ten long tags: got %v, want MetadataTooLarge or success", r)
		}
		w.no(404, "NoSuchKey", admin, "GET", "/bucket/tagged", "")
	}
	w.ok(admin, "PUT", "/bucket/tab", "x", "x-amz-meta-a", "a\tb")
	if got := w.ok(admin, "GET", "/bucket/tab", "").Header.Get("x-amz-meta-a"); got != "a b" {
		t.Errorf("metadata with a tab: got %q, want %q", got, "a b")
	}
	for _, value := range []string{"%00", "a%0d%0ax-evil:1", "%7f"} {
		w.no(400, "InvalidArgument", admin, "GET", "/bucket/k?response-expires="+value, "")
	}
	id := w.upload("/bucket/d")
	etag := w.ok(admin, "PUT", "/bucket/d?partNumber=1&uploadId="+id, "part").Header.Get("Etag")
	w.no(409, "InvalidRequest", admin, "POST", "/bucket/d?uploadId="+id,
		"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"+etag+"</ETag></Part></CompleteMultipartUpload>")
	w.ok(admin, "DELETE", "/bucket/d/", "")
	w.ok(admin, "GET", "/bucket/d/f", "")
}

// A body that nobody signed is still the one that its header announces.
func TestUnsignedBodiesAreWhatTheySay(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(statement("Allow", `"*"`, "s3:PutObject s3:DeleteObject", "arn:aws:s3:::bucket/*", "")))
	const name = "x-amz-content-sha256"
	w.ok(nobody, "PUT", "/bucket/a", "body")
	w.ok(nobody, "PUT", "/bucket/b", "body", name, sigv4.HashPayload([]byte("body")))
	w.ok(nobody, "PUT", "/bucket/c", "body", name, sigv4.UnsignedPayload)
	w.no(400, "XAmzContentSHA256Mismatch", nobody, "PUT", "/bucket/d", "body", name, sigv4.HashPayload([]byte("another")))
	w.no(400, "XAmzContentSHA256Mismatch", nobody, "PUT", "/bucket/d", "", name, sigv4.HashPayload([]byte("another")))
	w.no(400, "XAmzContentSHA256Mismatch", nobody, "DELETE", "/bucket/a", "", name, sigv4.HashPayload([]byte("another")))
	w.no(400, "InvalidArgument", nobody, "PUT", "/bucket/d", "body", name, "nonsense")
	w.no(400, "InvalidRequest", nobody, "PUT", "/bucket/d", "body", name, sigv4.StreamingUnsignedPayloadTrailer)
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/d", "")
	w.ok(admin, "GET", "/bucket/a", "")
}
