package s3_test

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/store"
)

func TestBucketsBelongToAccounts(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := w.user(w.otherAccount(), "root-like", allow("s3:*", "*"))
	if r := w.ok(admin, "PUT", "/first", ""); r.Header.Get("Location") != "/first" {
		t.Errorf("Location is %q, want /first", r.Header.Get("Location"))
	}
	w.ok(admin, "PUT", "/first", "") // as in us-east-1
	w.ok(other, "PUT", "/second", "")
	w.no(409, "BucketAlreadyExists", other, "PUT", "/first", "")
	w.no(409, "BucketAlreadyExists", admin, "PUT", "/second", "")
	w.no(403, "AccessDenied", nobody, "PUT", "/third", "")
	w.no(404, "NoSuchBucket", admin, "DELETE", "/third", "")
	w.no(403, "AccessDenied", other, "DELETE", "/first", "")
	if r := w.ok(admin, "GET", "/", ""); !strings.Contains(r.Body, "<Name>first</Name>") || strings.Contains(r.Body, "second") {
		t.Errorf("ListBuckets shows %s", r.Body)
	}
	if r := w.ok(other, "GET", "/", ""); !strings.Contains(r.Body, "<Name>second</Name>") || strings.Contains(r.Body, "first") {
		t.Errorf("ListBuckets of the other account shows %s", r.Body)
	}
	w.no(403, "AccessDenied", nobody, "GET", "/", "")
	w.ok(admin, "DELETE", "/first", "")
	w.ok(other, "PUT", "/first", "")
}

func TestListBucketsInPages(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, name := range []string{"aaa", "bbb-1", "bbb-2", "ccc"} {
		w.ok(admin, "PUT", "/"+name, "")
	}
	first := w.ok(admin, "GET", "/?max-buckets=1&prefix=bbb", "").Body
	_, token, _ := strings.Cut(first, "<ContinuationToken>")
	token, _, _ = strings.Cut(token, "<")
	if !strings.Contains(first, "bbb-1") || strings.Contains(first, "bbb-2") || token == "" {
		t.Fatalf("first page is %s", first)
	}
	second := w.ok(admin, "GET", "/?max-buckets=1&prefix=bbb&continuation-token="+token, "").Body
	if !strings.Contains(second, "bbb-2") || strings.Contains(second, "ContinuationToken") || strings.Contains(second, "ccc") {
		t.Errorf("second page is %s", second)
	}
	for _, q := range []string{"max-buckets=0", "max-buckets=10001", "max-buckets=x", "continuation-token=%21"} {
		w.no(400, "InvalidArgument", admin, "GET", "/?"+q, "")
	}
}

func TestCreateBucketRefuses(t *testing.T) {
	t.Parallel()
	w := start(t)
	place := func(region string) string {
		return `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>` + region + `</LocationConstraint></CreateBucketConfiguration>`
	}
	w.no(400, "IllegalLocationConstraintException", admin, "PUT", "/bucket", place("eu-west-1"))
	w.no(400, "MalformedXML", admin, "PUT", "/bucket", "<CreateBucket/>")
	w.no(400, "InvalidBucketName", admin, "PUT", "/Bucket", "")
	w.no(400, "InvalidBucketName", admin, "PUT", "/readyz/", "")
	w.no(400, "InvalidBucketAclWithObjectOwnership", admin, "PUT", "/bucket", "", "x-amz-acl", "public-read")
	w.no(501, "NotImplemented", admin, "PUT", "/bucket", "", "x-amz-bucket-object-lock-enabled", "true")
	w.no(404, "NoSuchBucket", admin, "GET", "/bucket", "")
	here := w.user(account, "here", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:CreateBucket","Resource":"*","Condition":{"StringEquals":{"s3:LocationConstraint":"us-east-1"}}}]}`)
	w.no(403, "AccessDenied", here, "PUT", "/bucket", "")
	w.ok(here, "PUT", "/bucket", place("us-east-1"))
}

// What the upstream holds under a name that nobody owns must not fall to whoever
// asks for the name first, and half-done operations must be safe to repeat.
func TestBucketsLeftBehind(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := w.user(w.otherAccount(), "u", allow("s3:*", "*"))
	upstream := w.dir + "/objects/objects/"
	w.ok(admin, "PUT", "/full", "")
	w.ok(admin, "PUT", "/full/secret", "x")
	w.ok(admin, "PUT", "/hollow", "")
	for _, name := range []string{"full", "hollow"} {
		w.forget(name)
	}
	w.no(409, "BucketAlreadyExists", other, "PUT", "/full", "")
	w.no(404, "NoSuchBucket", other, "GET", "/full/secret", "")
	w.ok(other, "PUT", "/hollow", "")
	w.ok(other, "PUT", "/hollow/key", "x")

	w.ok(admin, "PUT", "/lost", "")
	w.check(os.RemoveAll(upstream + "lost"))
	w.no(404, "NoSuchBucket", admin, "PUT", "/lost/key", "x")
	w.ok(admin, "PUT", "/lost", "")
	w.ok(admin, "PUT", "/lost/key", "x")
	w.check(os.RemoveAll(upstream + "lost"))
	w.ok(admin, "DELETE", "/lost", "")
	w.no(404, "", admin, "HEAD", "/lost", "")
}

// forget deletes the record of a bucket and leaves the upstream's, as a crash
// does that comes between the two.
func (w *world) forget(name string) {
	w.t.Helper()
	_, err := w.State().Store.Commit(w.t.Context(), (&store.Txn{}).Delete(iam.Root+"bucket/"+name))
	w.check(err)
	err = w.State().IAM.Refresh(w.t.Context())
	w.check(err)
}

func TestOneOfManyGetsABucket(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := w.user(w.otherAccount(), "u", allow("s3:*", "*"))
	outcomes := make([]int, 8)
	var group sync.WaitGroup
	for i := range outcomes {
		group.Go(func() {
			as := admin
			if i%2 == 1 {
				as = other
			}
			outcomes[i] = w.do(as, "PUT", "/wanted", "").Status
		})
	}
	group.Wait()
	for _, of := range []int{0, 1} {
		won := outcomes[of]
		for i := of; i < len(outcomes); i += 2 {
			if outcomes[i] != won {
				t.Errorf("callers of one account got %v", outcomes)
			}
		}
	}
	if outcomes[0] == outcomes[1] {
		t.Errorf("both accounts got %d", outcomes[0])
	}
}

func TestBucketsOutliveARestart(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/key", "body")
	w.check(w.Stop())
	w.serve()
	if r := w.ok(admin, "GET", "/bucket/key", ""); r.Body != "body" {
		t.Errorf("after a restart the object is %q", r.Body)
	}
	r := w.ok(admin, "HEAD", "/bucket", "")
	if r.Header.Get("X-Amz-Bucket-Region") != "us-east-1" {
		t.Errorf("HeadBucket says %v", r.Header)
	}
	if r := w.ok(admin, "GET", "/bucket?location", ""); !strings.Contains(r.Body, "<LocationConstraint") || strings.Contains(r.Body, "us-east-1") {
		t.Errorf("the location is %s", r.Body)
	}
	w.no(409, "BucketNotEmpty", admin, "DELETE", "/bucket", "")
}

func TestTheRegionIsNoSecret(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for path, want := range map[string]struct {
		status int
		region string
	}{"/bucket": {403, "us-east-1"}, "/no-bucket": {404, ""}} {
		if r := w.do(nil, "HEAD", path, ""); r.Status != want.status || r.Header.Get("X-Amz-Bucket-Region") != want.region {
			t.Errorf("HEAD %s without a signature: %d in %q, want %v", path, r.Status, r.Header.Get("X-Amz-Bucket-Region"), want)
		}
	}
}

func TestExpectedOwner(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/key", "x", "x-amz-expected-bucket-owner", string(account))
	w.no(403, "AccessDenied", admin, "GET", "/bucket/key", "", "x-amz-expected-bucket-owner", "111122223333")
	w.no(400, "InvalidArgument", admin, "GET", "/bucket/key", "", "x-amz-expected-bucket-owner", "me")
	copies := []string{"x-amz-copy-source", "bucket/key", "x-amz-source-expected-bucket-owner"}
	w.no(403, "AccessDenied", admin, "PUT", "/bucket/copy", "", append(copies, "111122223333")...)
	w.ok(admin, "PUT", "/bucket/copy", "", append(copies, string(account))...)
}

func TestOperationsThatAreNotBuilt(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for _, c := range []struct{ method, path string }{
		{"GET", "/bucket?acl"}, {"PUT", "/bucket?versioning"}, {"GET", "/bucket?versions"}, {"GET", "/bucket/key?attributes"}, {"PUT", "/bucket/key?retention"},
	} {
		w.no(501, "NotImplemented", admin, c.method, c.path, "")
	}
	w.no(405, "MethodNotAllowed", admin, "DELETE", "/bucket/key?policy", "")
	w.ok(admin, "PUT", "/bucket/key", "kept", "x-amz-acl", "private")
	for _, query := range []string{"annotation&annotationName=a", "what-comes-next", "what-comes-next=1"} {
		w.no(501, "NotImplemented", admin, "PUT", "/bucket/key?"+query, "lost")
		w.no(501, "NotImplemented", admin, "DELETE", "/bucket/key?"+query, "")
	}
	if r := w.ok(admin, "GET", "/bucket/key?what-comes-next", ""); r.Body != "kept" {
		t.Errorf("an operation that is not built left %q", r.Body)
	}
	w.ok(admin, "PUT", "/bucket/key?x-id=PutObject&x-team=blue&content-type=text/plain", "new")
	w.no(403, "AccessForbidden", nobody, http.MethodOptions, "/bucket/key", "", "Origin", "https://example.com", "Access-Control-Request-Method", "GET")
	w.no(400, "BadRequest", nobody, http.MethodOptions, "/bucket/key", "")
}
