package s3

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
)

func request(method, uri string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://host"+uri, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	tests := []struct{ method, uri, operation, bucket, key string }{
		{"GET", "/", "ListBuckets", "", ""},
		{"GET", "/?prefix=a&max-buckets=2&x-id=ListBuckets", "ListBuckets", "", ""},
		{"GET", "/bucket", "ListObjects", "bucket", ""},
		{"GET", "/bucket/", "ListObjects", "bucket", ""},
		{"GET", "/bucket?list-type=2&prefix=a;b", "ListObjectsV2", "bucket", ""},
		{"GET", "/bucket?x-id=ListObjects", "ListObjects", "bucket", ""},
		{"PUT", "/bucket", "CreateBucket", "bucket", ""},
		{"HEAD", "/bucket", "HeadBucket", "bucket", ""},
		{"DELETE", "/bucket", "DeleteBucket", "bucket", ""},
		{"POST", "/bucket", "PostObject", "bucket", ""},
		{"GET", "/bucket?location", "GetBucketLocation", "bucket", ""},
		{"GET", "/bucket?policy=", "GetBucketPolicy", "bucket", ""},
		{"DELETE", "/bucket?policy", "DeleteBucketPolicy", "bucket", ""},
		{"POST", "/bucket?delete&x-id=DeleteObjects", "DeleteObjects", "bucket", ""},
		{"GET", "/bucket?uploads", "ListMultipartUploads", "bucket", ""},
		{"GET", "/bucket?analytics", "ListBucketAnalyticsConfigurations", "bucket", ""},
		{"GET", "/bucket?analytics&id=x", "GetBucketAnalyticsConfiguration", "bucket", ""},
		{"GET", "/bucket/a/b", "GetObject", "bucket", "a/b"},
		{"GET", "/bucket/a%2Fb%20%2B", "GetObject", "bucket", "a/b +"},
		{"GET", "/bucket/a%252Fb", "GetObject", "bucket", "a%2Fb"},
		{"GET", "/bucket/a/?partNumber=2&versionId=null", "GetObject", "bucket", "a/"},
		{"PUT", "/bucket/k?x-id=PutObject", "PutObject", "bucket", "k"},
		{"PUT", "/bucket/k?partNumber=1&uploadId=ab-c", "UploadPart", "bucket", "k"},
		{"GET", "/bucket/k?uploadId=u", "ListParts", "bucket", "k"},
		{"POST", "/bucket/k?uploadId=u", "CompleteMultipartUpload", "bucket", "k"},
		{"DELETE", "/bucket/k?uploadId=u", "AbortMultipartUpload", "bucket", "k"},
		{"POST", "/bucket/k?uploads", "CreateMultipartUpload", "bucket", "k"},
		{"POST", "/bucket/k?select&select-type=2", "SelectObjectContent", "bucket", "k"},
		{"GET", "/bucket/k?attributes", "GetObjectAttributes", "bucket", "k"},
		{"POST", "/WriteGetObjectResponse", "WriteGetObjectResponse", "", ""},
	}
	for _, tt := range tests {
		got, err := PathKeys.ParseTarget(request(tt.method, tt.uri))
		if err != nil || got.Operation != tt.operation || got.Bucket != tt.bucket || got.Key != tt.key {
			t.Errorf("%s %s = %s %q %q, %v; want %s %q %q", tt.method, tt.uri, got.Operation, got.Bucket, got.Key, err, tt.operation, tt.bucket, tt.key)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, uri string
		want        apierr.Kind
	}{
		{"GET", "/bucket?acl&policy", apierr.InvalidArgument},
		{"PUT", "/bucket/k?acl&tagging", apierr.InvalidArgument},
		{"GET", "/bucket?prefix=a&prefix=b", apierr.InvalidArgument},
		{"GET", "/bucket?prefix=%zz", apierr.InvalidURI},
		{"GET", "/bucket?list-type=1", apierr.InvalidArgument},
		{"DELETE", "/bucket/k?policy", apierr.MethodNotAllowed},
		{"DELETE", "/bucket?acl", apierr.MethodNotAllowed},
		{"DELETE", "/bucket?uploadId=u", apierr.MethodNotAllowed},
		{"HEAD", "/bucket/k?uploadId=u", apierr.MethodNotAllowed},
		{"PATCH", "/bucket/k", apierr.MethodNotAllowed},
		{"PUT", "/", apierr.MethodNotAllowed},
		{"GET", "/?location", apierr.MethodNotAllowed},
		{"GET", "/?list-type=2&prefix=", apierr.MethodNotAllowed},
		{"GET", "/?encoding-type=url", apierr.MethodNotAllowed},
		{"GET", "/key?x-id=GetObject", apierr.MethodNotAllowed},
		{"PUT", "/key?x-id=PutObject", apierr.MethodNotAllowed},
		{"PUT", "/key?x-id=CopyObject", apierr.MethodNotAllowed},
		{"DELETE", "/key?x-id=DeleteObject", apierr.MethodNotAllowed},
		{"GET", "//bucket/k", apierr.InvalidBucketName},
		{"GET", "/../etc/passwd", apierr.InvalidBucketName},
		{"GET", "/Bucket/k", apierr.InvalidBucketName},
		{"GET", "/bucket//k", apierr.InvalidArgument},
		{"GET", "/bucket/pub/%2e%2e/secret", apierr.InvalidArgument},
		{"GET", "/bucket/pub%2F..%2Fsecret", apierr.InvalidArgument},
		{"GET", "/bucket/.sgwtmp/multipart/x", apierr.InvalidArgument},
		{"GET", "/bucket/" + strings.Repeat("a/", 512) + "z", apierr.KeyTooLong},
		{"PUT", "/bucket/k?partNumber=1", apierr.InvalidArgument},
		{"PUT", "/bucket/k?partNumber=0&uploadId=u", apierr.InvalidArgument},
		{"PUT", "/bucket/k?partNumber=10001&uploadId=u", apierr.InvalidArgument},
		{"PUT", "/bucket/k?uploadId=u", apierr.InvalidArgument},
		{"DELETE", "/bucket/k?uploadId=../../x", apierr.NoSuchUpload},
		{"DELETE", "/bucket/k?uploadId=..", apierr.NoSuchUpload},
		{"DELETE", "/bucket/k?uploadId=", apierr.NoSuchUpload},
		{"GET", "/bucket/k?versionId=..%2Fx", apierr.InvalidArgument},
		{"DELETE", "/bucket/k?versionId=", apierr.InvalidArgument},
		{"DELETE", "/bucket/k?versionId", apierr.InvalidArgument},
		{"POST", "/bucket/k?select", apierr.InvalidArgument},
	}
	for _, tt := range tests {
		got, err := PathKeys.ParseTarget(request(tt.method, tt.uri))
		if apierr.From(err).Kind != tt.want {
			t.Errorf("%s %s = %+v, %v; want %s", tt.method, tt.uri, got, err, tt.want.Code)
		}
	}
}

func TestParseTargetKeepsTheWholeQuery(t *testing.T) {
	t.Parallel()
	got, err := PathKeys.ParseTarget(request("GET", "/bucket?prefix=a;b&&delimiter=%2F&marker=x+y&flag"))
	want := Query{{"prefix", "a;b"}, {"delimiter", "/"}, {"marker", "x y"}, {"flag", ""}}
	if diff := cmp.Diff(want, got.Query); err != nil || diff != "" {
		t.Errorf("query (-want +got):\n%s%v", diff, err)
	}
}

func TestCopySource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		header string
		want   Source
	}{
		{"bucket/key", Source{Bucket: "bucket", Key: "key"}},
		{"/bucket/a/b", Source{Bucket: "bucket", Key: "a/b"}},
		{"bucket%2Fa%2Fb%20c%2B", Source{Bucket: "bucket", Key: "a/b c+"}},
		{"bucket/k?versionId=3sL4", Source{Bucket: "bucket", Key: "k", VersionID: "3sL4"}},
		{"bucket/k%3Fx", Source{Bucket: "bucket", Key: "k?x"}},
	}
	for _, tt := range tests {
		r := request("PUT", "/target/k", "X-Amz-Copy-Source", tt.header)
		got, err := PathKeys.ParseTarget(r)
		if err != nil || got.Operation != "CopyObject" || got.Source == nil || *got.Source != tt.want {
			t.Errorf("copy source %q = %s %+v, %v; want %+v", tt.header, got.Operation, got.Source, err, tt.want)
			continue
		}
		again, err := PathKeys.ParseSource(got.Source.header())
		if err != nil || again != tt.want {
			t.Errorf("%q is sent as %q, which is read as %+v, %v", tt.header, got.Source.header(), again, err)
		}
	}
	for _, bad := range []string{
		"", "bucket", "bucket/", "/", "Bucket/k", "bucket/pub/../secret", "bucket/pub%2F..%2Fsecret", "bucket//k", "bucket/%zz",
		"bucket/.sgwtmp/x", "bucket/k?versionId=", "bucket/k?versionId=../x", "bucket/k%3FversionId=null", "../bucket/k",
	} {
		if got, err := PathKeys.ParseSource(bad); apierr.From(err).Status != 400 {
			t.Errorf("ParseSource(%q) = %+v, %v; want an error", bad, got, err)
		}
	}
	r := request("PUT", "/target/k", "X-Amz-Copy-Source", "bucket/a", "X-Amz-Copy-Source", "bucket/b")
	if got, err := PathKeys.ParseTarget(r); err == nil {
		t.Errorf("two copy sources = %+v, want an error", got)
	}
	r = request("PUT", "/target/k?partNumber=1&uploadId=u", "X-Amz-Copy-Source", "bucket/a")
	if got, err := PathKeys.ParseTarget(r); err != nil || got.Operation != "UploadPartCopy" {
		t.Errorf("a part with a copy source = %s, %v", got.Operation, err)
	}
}

// TestOperationsAreS3s holds that every sub-resource of the table is known as one.
func TestOperationsAreS3s(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for r, name := range operations {
		if r.sub != "" && !subResource(r.sub) {
			t.Errorf("%s is asked for by %q, which is not a sub-resource", name, r.sub)
		}
		if names[name] {
			t.Errorf("%s has two routes", name)
		}
		names[name] = true
	}
	// 111 in the service model and the four of annotations, which came later, less five that refine names (ListObjectsV2,
	// CopyObject, UploadPartCopy, WriteGetObjectResponse, ListDirectoryBuckets),
	// the four with an id and the four deprecated names; PostObject is not in the model.
	if want := 111 + 4 - 5 - 4 - 4 + 1; len(names) != want {
		t.Errorf("%d operations, want %d", len(names), want)
	}
	for op := range shapes {
		if !names[op] && op != "ListObjectsV2" && op != "CopyObject" && op != "UploadPartCopy" {
			t.Errorf("%s can be sent upstream and is no operation", op)
		}
	}
}

func FuzzParseTarget(f *testing.F) {
	f.Add("GET", "/bucket/key", "a=b", "")
	f.Add("PUT", "/bucket/a/../b", "uploadId=u&partNumber=1", "bucket/k?versionId=x")
	f.Add("DELETE", "//", "policy&acl", "%2F")
	f.Fuzz(func(t *testing.T, method, path, query, source string) {
		r := &http.Request{Method: method, Header: http.Header{}}
		r.URL = request("GET", "/").URL
		r.URL.Path, r.URL.RawQuery = path, query
		if source != "" {
			r.Header.Set("X-Amz-Copy-Source", source)
		}
		got, err := PathKeys.ParseTarget(r)
		if err != nil {
			if e := apierr.From(err); e.Status >= 500 {
				t.Errorf("%q %q %q: %v", method, path, query, err)
			}
			return
		}
		if got.Operation == "" || got.Key != "" && PathKeys.Check(got.Key) != nil || got.Bucket != "" && CheckBucket(got.Bucket) != nil {
			t.Errorf("%q %q %q = %+v", method, path, query, got)
		}
		if got.Source != nil {
			again, err := PathKeys.ParseSource(got.Source.header())
			if err != nil || again != *got.Source {
				t.Errorf("source %+v is sent as %q and read as %+v, %v", got.Source, got.Source.header(), again, err)
			}
		}
	})
}
