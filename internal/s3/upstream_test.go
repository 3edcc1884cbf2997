package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/s3/embedded"
	"rolecall.dev/rolecall/sigv4"
)

// startUpstream runs an embedded store and returns the way to it.
func startUpstream(t testing.TB, keys KeyRule) *Upstream {
	t.Helper()
	store, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	id, secret, region := store.Credentials()
	u, err := NewUpstream(UpstreamConfig{
		Endpoint: store.Socket(), Region: region, Keys: keys, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Credentials: sigv4.Credentials{AccessKeyID: id, SecretAccessKey: sigv4.Secret(secret)},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		u.Close()
		if err := store.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return u
}

// call builds a call; params are pairs.
func call(operation, bucket, key string, params ...string) Call {
	c := Call{Target: Target{Operation: operation, Bucket: bucket, Key: key}, Header: http.Header{}}
	for i := 0; i < len(params); i += 2 {
		c.Query = append(c.Query, Param{params[i], params[i+1]})
	}
	return c
}

func (c Call) with(header, value string) Call {
	c.Header = c.Header.Clone()
	c.Header.Set(header, value)
	return c
}

func (c Call) body(s string) Call {
	c.Body, c.Length = strings.NewReader(s), int64(len(s))
	return c
}

// do sends c and returns the answer with its body.
func do(t testing.TB, u *Upstream, c Call) (*Answer, string, error) {
	t.Helper()
	a, err := u.Do(t.Context(), c)
	if err != nil {
		return nil, "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatalf("%s: read: %v", c.Operation, err)
	}
	return a, string(b), nil
}

func must(t testing.TB, u *Upstream, c Call) (*Answer, string) {
	t.Helper()
	a, b, err := do(t, u, c)
	if err != nil {
		t.Fatalf("%s %s/%s: %v", c.Operation, c.Bucket, c.Key, err)
	}
	return a, b
}

func TestObjects(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, PathKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	for _, key := range []string{"a", "dir/b", "dir/ü 日+%2F;?&=#\"'<>*", `back\slash`, "folder/", "x?versionId=y"} {
		body := "body of " + key
		if strings.HasSuffix(key, "/") {
			body = ""
		}
		put := call("PutObject", "bucket", key).body(body).with("Content-Type", "text/x-test").with("X-Amz-Meta-K", "v").
			with("Content-Encoding", "aws-chunked, gzip").with("X-Evil", "1").with("Cookie", "secret")
		if _, _, err := do(t, u, put); err != nil {
			t.Errorf("PutObject %q: %v", key, err)
			continue
		}
		a, got := must(t, u, call("GetObject", "bucket", key))
		if got != body || a.Status != 200 || a.Length != int64(len(body)) {
			t.Errorf("GetObject %q = %d %q, length %d", key, a.Status, got, a.Length)
		}
		if _, only := must(t, u, call("GetObject", "bucket", key, "versionId", "null")); only != body {
			t.Errorf("GetObject %q, version null = %q", key, only)
		}
		if h := a.Header; !strings.HasSuffix(key, "/") && (h.Get("Content-Type") != "text/x-test" || h.Get("X-Amz-Meta-K") != "v" || h.Get("Content-Encoding") != "gzip") {
			t.Errorf("GetObject %q has headers %v", key, h)
		}
		for _, name := range []string{"Server", "X-Amz-Request-Id", "X-Amz-Id-2", "Connection", "Date"} {
			if a.Header.Get(name) != "" {
				t.Errorf("the upstream's %s came through", name)
			}
		}
		must(t, u, call("DeleteObject", "bucket", key))
		if _, _, err := do(t, u, call("GetObject", "bucket", key)); !errors.Is(err, apierr.NoSuchKey) {
			t.Errorf("GetObject %q after DeleteObject: %v, want NoSuchKey", key, err)
		}
	}
	must(t, u, call("DeleteBucket", "bucket", ""))
	if _, _, err := do(t, u, call("HeadBucket", "bucket", "")); !errors.Is(err, apierr.NoSuchBucket) {
		t.Errorf("HeadBucket after DeleteBucket: %v, want NoSuchBucket", err)
	}
}

func TestRangesAndConditions(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, PathKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	put, _ := must(t, u, call("PutObject", "bucket", "k").body("0123456789"))
	etag := put.Header.Get("Etag")
	get := call("GetObject", "bucket", "k")
	tests := []struct {
		name   string
		call   Call
		status int
		body   string
		err    apierr.Kind
	}{
		{"range", get.with("Range", "bytes=2-4"), 206, "234", apierr.Kind{}},
		{"suffix", get.with("Range", "bytes=-3"), 206, "789", apierr.Kind{}},
		{"beyond", get.with("Range", "bytes=99-"), 0, "", apierr.InvalidRange},
		{"match", get.with("If-Match", etag), 200, "0123456789", apierr.Kind{}},
		{"no match", get.with("If-Match", `"x"`), 0, "", apierr.PreconditionFailed},
		{"not modified", get.with("If-None-Match", etag), 304, "", apierr.Kind{}},
		{"disposition", call("GetObject", "bucket", "k", "response-content-disposition", "attachment; filename=\"a&b\""), 200, "0123456789", apierr.Kind{}},
		{"create only", call("PutObject", "bucket", "k").body("new").with("If-None-Match", "*"), 0, "", apierr.PreconditionFailed},
		{"head", call("HeadObject", "bucket", "k"), 200, "", apierr.Kind{}},
		{"head absent", call("HeadObject", "bucket", "none"), 0, "", apierr.NoSuchKey},
		{"no bucket", call("GetObject", "nowhere", "k"), 0, "", apierr.NoSuchBucket},
		{"exists", call("CreateBucket", "bucket", ""), 0, "", apierr.BucketAlreadyOwnedByYou},
		{"not empty", call("DeleteBucket", "bucket", ""), 0, "", apierr.BucketNotEmpty},
		{"below a key", call("PutObject", "bucket", "k/below").body("x"), 0, "", apierr.KeyConflict},
		{"no upload", call("ListParts", "bucket", "k", "uploadId", "none"), 0, "", apierr.NoSuchUpload},
		{"bad digest", call("PutObject", "bucket", "d").body("x").with("Content-Md5", "1B2M2Y8AsgTpgAmY7PhCfg=="), 0, "", apierr.BadDigest},
		{"unbuilt", call("GetBucketPolicy", "bucket", ""), 0, "", apierr.NotImplemented},
	}
	for _, tt := range tests {
		a, body, err := do(t, u, tt.call)
		switch {
		case tt.err != apierr.Kind{}:
			if !errors.Is(err, tt.err) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.err.Code)
			}
		case err != nil || a.Status != tt.status || body != tt.body:
			t.Errorf("%s: %+v %q %v, want %d %q", tt.name, a, body, err, tt.status, tt.body)
		}
	}
	must(t, u, call("PutObject", "bucket", "dir/below").body("x"))
	if _, _, err := do(t, u, call("PutObject", "bucket", "dir").body("x")); !errors.Is(err, apierr.KeyConflict) {
		t.Errorf("a key above others: %v, want KeyConflict", err)
	}
	a, _ := must(t, u, call("GetObject", "bucket", "k", "response-content-disposition", "attachment; filename=\"a&b\""))
	if got := a.Header.Get("Content-Disposition"); got != "attachment; filename=\"a&b\"" {
		t.Errorf("response-content-disposition gives %q", got)
	}
}

func TestListings(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, PathKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	for _, key := range []string{"a;b/1", "a;b/2", "a/1", "z<&>"} {
		must(t, u, call("PutObject", "bucket", key).body("x"))
	}
	mine := &owner{ID: "canonical"}
	for _, tt := range []struct {
		call Call
		want []string
	}{
		{call("ListObjectsV2", "bucket", "", "list-type", "2", "prefix", "a;b/"), []string{"a;b/1", "a;b/2"}},
		{call("ListObjectsV2", "bucket", "", "list-type", "2", "fetch-owner", "true"), []string{"a/1", "a;b/1", "a;b/2", "z<&>"}},
		{call("ListObjects", "bucket", "", "marker", "a;b/1"), []string{"a;b/2", "z<&>"}},
		{call("ListObjects", "bucket", "", "max-keys", "1"), []string{"a/1"}},
	} {
		a, err := u.Do(t.Context(), tt.call)
		if err != nil {
			t.Fatal(err)
		}
		var list listObjectsResult
		if err := decodeAnswer(a, &list); err != nil {
			t.Fatal(err)
		}
		list.setOwner(mine)
		var keys []string
		for _, o := range list.Contents {
			keys = append(keys, o.Key)
			if o.Owner != mine || o.Size != 1 || time.Time(o.LastModified).IsZero() || o.ETag == "" {
				t.Errorf("entry %+v", o)
			}
		}
		if diff := cmp.Diff(tt.want, keys); diff != "" || list.Name != "bucket" {
			t.Errorf("%v of %q (-want +got):\n%s", tt.call.Query, list.Name, diff)
		}
	}
	a, err := u.Do(t.Context(), call("ListObjectsV2", "bucket", "", "list-type", "2", "delimiter", "/", "max-keys", "1"))
	var list listObjectsResult
	if err != nil || decodeAnswer(a, &list) != nil || !list.IsTruncated || list.Next == "" || len(list.CommonPrefixes) != 1 {
		t.Errorf("first page: %+v, %v", list, err)
	}
	again, err := encode(&list)
	if err != nil || !bytes.Contains(again, []byte(`<ListBucketResult xmlns="`+namespace+`"`)) || !bytes.Contains(again, []byte("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>")) {
		t.Errorf("written again: %s, %v", again, err)
	}
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, PathKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	must(t, u, call("PutObject", "bucket", "source").body("0123456789"))
	a, err := u.Do(t.Context(), call("CreateMultipartUpload", "bucket", "big").with("Content-Type", "text/big"))
	if err != nil {
		t.Fatal(err)
	}
	var up initiateResult
	if err := decodeAnswer(a, &up); err != nil || up.UploadID == "" || up.Bucket != "bucket" || up.Key != "big" {
		t.Fatalf("%+v, %v", up, err)
	}
	part := func(op string, n int) Call {
		return call(op, "bucket", "big", "partNumber", strconv.Itoa(n), "uploadId", up.UploadID)
	}
	first, _ := must(t, u, part("UploadPart", 1).body(strings.Repeat("a", 5<<20)))
	second := part("UploadPartCopy", 2).with("X-Amz-Copy-Source-Range", "bytes=2-4")
	second.Source = &Source{Bucket: "bucket", Key: "source"}
	a, err = u.Do(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	var copied copyResult
	if err := decodeAnswer(a, &copied); err != nil || copied.ETag == "" {
		t.Fatalf("%+v, %v", copied, err)
	}
	var parts listPartsResult
	if a, err = u.Do(t.Context(), call("ListParts", "bucket", "big", "uploadId", up.UploadID)); err != nil || decodeAnswer(a, &parts) != nil || len(parts.Parts) != 2 {
		t.Errorf("ListParts = %+v, %v", parts, err)
	}
	var uploads listUploadsResult
	if a, err = u.Do(t.Context(), call("ListMultipartUploads", "bucket", "")); err != nil || decodeAnswer(a, &uploads) != nil || len(uploads.Uploads) != 1 {
		t.Errorf("ListMultipartUploads = %+v, %v", uploads, err)
	}
	doc, err := encode(completeRequest{Parts: []completedPart{
		{PartNumber: 1, ETag: first.Header.Get("Etag")}, {PartNumber: 2, ETag: copied.ETag},
	}})
	if err != nil {
		t.Fatal(err)
	}
	a, err = u.Do(t.Context(), call("CompleteMultipartUpload", "bucket", "big", "uploadId", up.UploadID).body(string(doc)))
	if err != nil {
		t.Fatal(err)
	}
	var done completeResult
	if err := decodeAnswer(a, &done); err != nil || done.ETag == "" || done.Bucket != "bucket" {
		t.Errorf("CompleteMultipartUpload = %+v, %v", done, err)
	}
	got, body := must(t, u, call("GetObject", "bucket", "big"))
	if len(body) != 5<<20+3 || body[5<<20:] != "234" || got.Header.Get("Content-Type") != "text/big" {
		t.Errorf("the object has %d bytes and headers %v", len(body), got.Header)
	}
	copyCall := call("CopyObject", "bucket", "copy of+source")
	copyCall.Source = &Source{Bucket: "bucket", Key: "source"}
	must(t, u, copyCall)
	if _, body := must(t, u, call("GetObject", "bucket", "copy of+source")); body != "0123456789" {
		t.Errorf("the copy holds %q", body)
	}
}

// failing yields n bytes and then err.
type failing struct {
	n   int
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.n == 0 {
		return 0, f.err
	}
	n := min(len(p), f.n)
	f.n -= n
	return n, nil
}

func TestABodyThatFailsIsNotStored(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, PathKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	must(t, u, call("PutObject", "bucket", "k").body("before"))
	forged := errors.New("forged")
	for _, tt := range []struct {
		length int64
		body   io.Reader
		want   error
	}{
		{1 << 20, &failing{1<<20 - 1, forged}, forged},
		{10, &failing{9, io.EOF}, apierr.IncompleteBody},
		{0, &failing{0, forged}, forged},
		{0, strings.NewReader("more"), apierr.IncompleteBody},
		{-1, strings.NewReader("x"), apierr.MissingContentLength},
		{3, nil, apierr.IncompleteBody},
	} {
		c := call("PutObject", "bucket", "k")
		c.Body, c.Length = tt.body, tt.length
		if _, _, err := do(t, u, c); !errors.Is(err, tt.want) || tt.want == forged && err != forged {
			t.Errorf("a body of %d: %v, want %v as it was", tt.length, err, tt.want)
		}
		if _, got := must(t, u, call("GetObject", "bucket", "k")); got != "before" {
			t.Errorf("after a body of %d failed, the object holds %d bytes", tt.length, len(got))
		}
	}
}

func TestTheUpstreamSeesNoChunksAndNoHopHeaders(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		seen = r
	}))
	defer server.Close()
	u := upstreamAt(t, server.URL)
	for _, c := range []Call{
		call("PutObject", "bucket", "k").body("x"), call("PutObject", "bucket", "k"),
		call("CreateMultipartUpload", "bucket", "k"), call("CreateBucket", "bucket", ""),
	} {
		must(t, u, c.with("Connection", "x-amz-meta-a").with("Transfer-Encoding", "chunked").with("X-Amz-Meta-A", "1").with("Te", "trailers").
			with("Expect", "100-continue").with("X-Amz-Security-Token", "caller's").with("Authorization", "caller's").with("X-Amz-Acl", "public-read"))
		if len(seen.TransferEncoding) != 0 || seen.ContentLength != c.Length || seen.Header.Get("Content-Length") != strconv.FormatInt(c.Length, 10) {
			t.Errorf("%s: transfer coding %v, length %d; want %d", c.Operation, seen.TransferEncoding, seen.ContentLength, c.Length)
		}
		for _, name := range []string{"Connection", "Te", "Expect", "X-Amz-Security-Token", "X-Amz-Acl"} {
			if seen.Header.Get(name) != "" {
				t.Errorf("%s: %s was sent: %q", c.Operation, name, seen.Header.Get(name))
			}
		}
		if !strings.Contains(seen.Header.Get("Authorization"), "Credential=OURS/") {
			t.Errorf("%s: Authorization is %q", c.Operation, seen.Header.Get("Authorization"))
		}
	}
}

// A body that breaks off at its beginning is not begun: the embedded store would
// print an error of its own.
func TestABodyThatFailsAtOnceIsNotSent(t *testing.T) {
	t.Parallel()
	asked := atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	u, forged := upstreamAt(t, server.URL), errors.New("forged")
	for _, tt := range []struct {
		length int64
		body   failing
		want   error
	}{
		{1, failing{0, forged}, forged},
		{100, failing{99, forged}, forged},
		{100, failing{99, io.EOF}, apierr.IncompleteBody},
		{1 << 20, failing{8<<10 - 1, forged}, forged},
	} {
		c := call("PutObject", "bucket", "k")
		c.Body, c.Length = &tt.body, tt.length
		if _, _, err := do(t, u, c); !errors.Is(err, tt.want) {
			t.Errorf("a body of %d: %v, want %v", tt.length, err, tt.want)
		}
	}
	c := call("PutObject", "bucket", "k").body("gone")
	c.Last = func() error { return forged }
	if _, _, err := do(t, u, c); !errors.Is(err, forged) {
		t.Errorf("a body that must not be stored: %v, want %v", err, forged)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the store was asked %d times", n)
	}
}

func upstreamAt(t testing.TB, endpoint string) *Upstream {
	t.Helper()
	u, err := NewUpstream(UpstreamConfig{Endpoint: endpoint, Region: "r", Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Credentials: sigv4.Credentials{AccessKeyID: "OURS", SecretAccessKey: "s"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(u.Close)
	return u
}

func TestFaultsOfTheUpstream(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		want   apierr.Kind
	}{
		{403, "<Error><Code>AccessDenied</Code><Message>m</Message></Error>", apierr.UpstreamFailure},
		{401, "", apierr.UpstreamFailure},
		{403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", apierr.UpstreamFailure},
		{500, "<Error><Code>InternalError</Code><Message>disk sda1</Message></Error>", apierr.InternalError},
		{503, "<Error><Code>SlowDown</Code></Error>", apierr.SlowDown},
		{400, "<Error><Code>SomethingOfTheirs</Code><Message>secret detail</Message></Error>", apierr.InvalidRequest},
		{400, "<html>", apierr.InvalidRequest},
		{302, "", apierr.UpstreamFailure},
		{200, "", apierr.Kind{}},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tt.status)
			io.WriteString(w, tt.body)
		}))
		_, _, err := do(t, upstreamAt(t, server.URL), call("GetObject", "bucket", "k"))
		server.Close()
		if tt.want == (apierr.Kind{}) {
			if err != nil {
				t.Errorf("%d: %v", tt.status, err)
			}
			continue
		}
		var e *apierr.Error
		if !errors.As(err, &e) || e.Kind != tt.want || strings.Contains(e.Message, "sda1") || strings.Contains(e.Message, "secret") {
			t.Errorf("%d %s: %v, want %s %d", tt.status, tt.body, err, tt.want.Code, tt.want.Status)
		}
	}
	gone := upstreamAt(t, "/nonexistent/socket")
	if _, err := gone.Do(context.Background(), call("GetObject", "bucket", "k")); !errors.Is(err, apierr.ServiceUnavailable) {
		t.Errorf("no store: %v, want ServiceUnavailable", err)
	}
}

func TestNewUpstreamRefuses(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "store:9000", "ftp://x", "http://", "http://h/path", "http://u:p@h", "http://h?x"} {
		if u, err := NewUpstream(UpstreamConfig{Endpoint: endpoint}); err == nil {
			t.Errorf("NewUpstream(%q) = %+v, want an error", endpoint, u)
		}
	}
}
