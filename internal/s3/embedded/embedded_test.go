package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// start runs a store in dir and returns it with a client.
func start(t testing.TB, dir string) (*Store, *s3.Client) {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatalf("Start(%q): %v", dir, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s, clientOf(s)
}

func clientOf(s *Store) *s3.Client {
	key, secret, region := s.Credentials()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.Socket())
	}
	return s3.New(s3.Options{
		Region: region, BaseEndpoint: aws.String("http://store"), UsePathStyle: true, RetryMaxAttempts: 1,
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: dial}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, nil
		}),
	})
}

func code(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	return fmt.Sprint(err)
}

func mustBucket(t *testing.T, c *s3.Client, name string) {
	t.Helper()
	if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatalf("CreateBucket %s: %v", name, err)
	}
}

func mustPut(t *testing.T, c *s3.Client, bucket, key, body string) {
	t.Helper()
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		t.Fatalf("PutObject %s/%s: %v", bucket, key, err)
	}
}

func read(t *testing.T, c *s3.Client, bucket, key string) string {
	t.Helper()
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatalf("GetObject %s/%s: %v", bucket, key, err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatalf("GetObject %s/%s: %v", bucket, key, err)
	}
	return string(b)
}

func TestTwoStoresShareAProcessAndLeaveItsDirectoryAlone(t *testing.T) {
	before, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	_, a := start(t, t.TempDir())
	_, b := start(t, t.TempDir())
	mustBucket(t, a, "bucket")
	mustPut(t, a, "bucket", "x/y", "of a")
	mustBucket(t, b, "bucket")
	mustPut(t, b, "bucket", "x/y", "of b")
	if got := read(t, a, "bucket", "x/y"); got != "of a" {
		t.Errorf("store a holds %q, want its own object", got)
	}
	if after, _ := os.Getwd(); after != before {
		t.Errorf("working directory is %s, was %s", after, before)
	}
	if _, err := os.Stat(filepath.Join(before, ".vgwlocks")); err == nil {
		t.Error("the store left lock files in the working directory")
	}
}

// The path of a store is settled when it starts, wherever the process goes then.
func TestARelativeDirectoryIsResolvedOnce(t *testing.T) {
	first := t.TempDir()
	t.Chdir(first)
	_, c := start(t, "data")
	t.Chdir(t.TempDir())
	mustBucket(t, c, "bucket")
	mustPut(t, c, "bucket", "k", "body")
	if _, err := os.Stat(filepath.Join(first, "data", "objects", "bucket", "k")); err != nil {
		t.Errorf("the object is not where the store was started: %v", err)
	}
}

// Nobody else on the machine reads what is stored.
func TestFilesAreTheUsersOwn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	_, c := start(t, dir)
	mustBucket(t, c, "bucket")
	mustPut(t, c, "bucket", "d/k", "body")
	for path, want := range map[string]os.FileMode{"": 0o700, "objects": 0o700, "objects/bucket": 0o700, "objects/bucket/d": 0o700, "objects/bucket/d/k": 0o600} {
		fi, err := os.Stat(filepath.Join(dir, path))
		if err != nil || fi.Mode().Perm() != want {
			t.Errorf("%q: mode %v, %v; want %v", path, fi.Mode(), err, want)
		}
	}
}

func TestObjectsSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, c := start(t, dir)
	mustBucket(t, c, "bucket")
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("bucket"), Key: aws.String("a/b"), Body: strings.NewReader("body"),
		ContentType: aws.String("text/x-test"), Metadata: map[string]string{"k": "v"}, Tagging: aws.String("t=1"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, c = start(t, dir)
	out, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("bucket"), Key: aws.String("a/b")})
	if err != nil || *out.ContentType != "text/x-test" || out.Metadata["k"] != "v" || *out.TagCount != 1 {
		t.Errorf("HeadObject after restart = %+v, %v", out, err)
	}
	if got := read(t, c, "bucket", "a/b"); got != "body" {
		t.Errorf("body after restart = %q", got)
	}
}

func TestTheSocketIsPrivateAndGoesAway(t *testing.T) {
	t.Parallel()
	// Too long for a socket address: the socket must find another place.
	long := filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	for _, dir := range []string{t.TempDir(), long} {
		s, c := start(t, dir)
		mustBucket(t, c, "bucket")
		fi, err := os.Stat(s.Socket())
		if err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v; want 0600", s.Socket(), fi.Mode(), err)
		}
		parent, err := os.Stat(filepath.Dir(s.Socket()))
		if err != nil || parent.Mode().Perm() != 0o700 {
			t.Errorf("directory of %s: mode %v, %v; want 0700", s.Socket(), parent.Mode(), err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if _, err := os.Stat(filepath.Dir(s.Socket())); err == nil {
			t.Errorf("%s is still there after Close", filepath.Dir(s.Socket()))
		}
	}
}

func TestAnotherSecretIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := start(t, t.TempDir())
	s.secret = "something else"
	_, err := clientOf(s).ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if code(err) != "SignatureDoesNotMatch" {
		t.Errorf("ListBuckets with a wrong secret: %v, want SignatureDoesNotMatch", err)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	_, c := start(t, t.TempDir())
	mustBucket(t, c, "from")
	mustBucket(t, c, "target")
	put := &s3.PutObjectInput{
		Bucket: aws.String("from"), Key: aws.String("a b/ü+"), Body: strings.NewReader("body"),
		ContentType: aws.String("text/x-test"), Metadata: map[string]string{"k": "v"}, Tagging: aws.String("t=1%202"),
	}
	if _, err := c.PutObject(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	source := aws.String("from/a%20b/%C3%BC%2B")
	tests := []struct {
		name string
		in   s3.CopyObjectInput
		code string
		typ  string
		tags int32
	}{
		{"plain", s3.CopyObjectInput{}, "", "text/x-test", 1},
		{"replace", s3.CopyObjectInput{MetadataDirective: "REPLACE", ContentType: aws.String("text/y")}, "", "text/y", 1},
		{"tags", s3.CopyObjectInput{TaggingDirective: "REPLACE", Tagging: aws.String("p=1&q=2")}, "", "text/x-test", 2},
		{"no match", s3.CopyObjectInput{CopySourceIfNoneMatch: aws.String("841a2d689ad86bd1611447453c22c6fc")}, "PreconditionFailed", "", 0},
		{"match", s3.CopyObjectInput{CopySourceIfMatch: aws.String("841a2d689ad86bd1611447453c22c6fc")}, "", "text/x-test", 1},
		{"absent", s3.CopyObjectInput{CopySource: aws.String("from/none")}, "NoSuchKey", "", 0},
		{"no bucket", s3.CopyObjectInput{CopySource: aws.String("nowhere/none")}, "NoSuchBucket", "", 0},
	}
	for _, tt := range tests {
		in := tt.in
		in.Bucket, in.Key = aws.String("target"), aws.String(tt.name+"/copy")
		if in.CopySource == nil {
			in.CopySource = source
		}
		_, err := c.CopyObject(t.Context(), &in)
		if tt.code != "" {
			if code(err) != tt.code {
				t.Errorf("%s: CopyObject: %v, want %s", tt.name, err, tt.code)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: CopyObject: %v", tt.name, err)
			continue
		}
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: in.Bucket, Key: in.Key})
		if err != nil || *head.ContentType != tt.typ || aws.ToInt32(head.TagCount) != tt.tags {
			t.Errorf("%s: copy is %+v, %v; want type %s and %d tags", tt.name, head, err, tt.typ, tt.tags)
		}
		if got := read(t, c, "target", *in.Key); got != "body" {
			t.Errorf("%s: copy holds %q", tt.name, got)
		}
	}
	_, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: put.Bucket, Key: put.Key, CopySource: source})
	if code(err) != "InvalidRequest" {
		t.Errorf("copy onto itself: %v, want InvalidRequest", err)
	}
	_, err = c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: put.Bucket, Key: put.Key, CopySource: source,
		MetadataDirective: types.MetadataDirectiveReplace, Metadata: map[string]string{"new": "1"}})
	head, _ := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: put.Bucket, Key: put.Key})
	if err != nil || head.Metadata["new"] != "1" || head.Metadata["k"] != "" {
		t.Errorf("copy onto itself with new metadata: %v, metadata %v", err, head.Metadata)
	}
}

// upload makes a multipart upload of two parts and returns what completes it.
func upload(t *testing.T, c *s3.Client, bucket, key string) *s3.CompleteMultipartUploadInput {
	t.Helper()
	up, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key, ContentType: aws.String("text/mp")})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for i, body := range []string{strings.Repeat("a", 5<<20), "tail"} {
		out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: &bucket, Key: &key, UploadId: up.UploadId, PartNumber: aws.Int32(int32(i + 1)), Body: strings.NewReader(body)})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{ETag: out.ETag, PartNumber: aws.Int32(int32(i + 1)), ChecksumCRC32: out.ChecksumCRC32})
	}
	return &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: up.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}
}

func TestCompleteSaysOnlyWhatIsTrue(t *testing.T) {
	t.Parallel()
	_, c := start(t, t.TempDir())
	mustBucket(t, c, "bucket")
	in := upload(t, c, "bucket", "big")
	out, err := c.CompleteMultipartUpload(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, c, "bucket", "big"); len(got) != 5<<20+4 || !strings.HasSuffix(got, "atail") {
		t.Errorf("the object has %d bytes", len(got))
	}
	again, err := c.CompleteMultipartUpload(t.Context(), in)
	if err != nil || *again.ETag != *out.ETag {
		t.Errorf("completing again: %v, %v; want the same ETag %s", again, err, *out.ETag)
	}
	// An upload that was aborted must not be reported as completed because the key exists.
	other := upload(t, c, "bucket", "big")
	_, err = c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: in.Bucket, Key: in.Key, UploadId: other.UploadId})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.CompleteMultipartUpload(t.Context(), other); code(err) != "NoSuchUpload" {
		t.Errorf("completing an aborted upload: %v, want NoSuchUpload", err)
	}
}

func TestPartsOfAWholeObjectsChecksumNeedNone(t *testing.T) {
	t.Parallel()
	_, c := start(t, t.TempDir())
	mustBucket(t, c, "bucket")
	first, last := strings.Repeat("a", 5<<20), "tail"
	for name, tt := range map[string]struct {
		algorithm types.ChecksumAlgorithm
		kind      types.ChecksumType
		lastPart  *string // a checksum that the completion names for it
		want      string
	}{
		"CRC32":     {types.ChecksumAlgorithmCrc32, types.ChecksumTypeFullObject, nil, ""},
		"CRC32C":    {types.ChecksumAlgorithmCrc32c, types.ChecksumTypeFullObject, nil, ""},
		"CRC64NVME": {types.ChecksumAlgorithmCrc64nvme, "", nil, ""},
		"wrong":     {types.ChecksumAlgorithmCrc64nvme, "", aws.String("AAAAAAAAAAA="), "InvalidPart"},
		"composite": {types.ChecksumAlgorithmCrc32, types.ChecksumTypeComposite, nil, "InvalidRequest"},
		"SHA256":    {types.ChecksumAlgorithmSha256, "", nil, "InvalidRequest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, key := aws.String("bucket"), aws.String(name)
			up, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ChecksumAlgorithm: tt.algorithm, ChecksumType: tt.kind})
			if err != nil {
				t.Fatal(err)
			}
			parts := make([]types.CompletedPart, 2)
			for i, body := range []string{first, last} {
				n := aws.Int32(int32(i + 1))
				out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: up.UploadId, PartNumber: n, Body: strings.NewReader(body), ChecksumAlgorithm: tt.algorithm})
				if err != nil {
					t.Fatal(err)
				}
				parts[i] = types.CompletedPart{PartNumber: n, ETag: out.ETag}
			}
			parts[1].ChecksumCRC64NVME = tt.lastPart
			_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
			if tt.want != "" {
				if code(err) != tt.want {
					t.Errorf("completing: %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled})
			if err != nil || head.ChecksumType != types.ChecksumTypeFullObject {
				t.Fatalf("checksum type %q, %v; want FULL_OBJECT", head.ChecksumType, err)
			}
			// The SDK compares the checksum of the whole object as it reads.
			if got := read(t, c, "bucket", name); got != first+last {
				t.Errorf("the object has %d bytes", len(got))
			}
		})
	}
}

// A crash in a completion leaves the upload under another name, before the object
// is made or after it, and then with the parts or without some of them. The next
// start makes an upload of it again, or the object is all that there is.
func TestAnInterruptedCompletionCanBeRepeated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ made, partGone bool }{
		"before the object": {}, "after the object": {made: true}, "while the parts go": {made: true, partGone: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			first, c := start(t, dir)
			mustBucket(t, c, "bucket")
			in := upload(t, c, "bucket", "big")
			up := filepath.Join(dir, "objects", "bucket", uploadsOf("big"), *in.UploadId)
			if tt.made {
				must(t, exec.Command("cp", "-a", filepath.Dir(up), filepath.Dir(up)+".kept").Run()) // with attributes
				if _, err := c.CompleteMultipartUpload(t.Context(), in); err != nil {
					t.Fatal(err)
				}
				must(t, os.Rename(filepath.Dir(up)+".kept", filepath.Dir(up)))
			}
			if tt.partGone {
				must(t, os.Remove(filepath.Join(up, "1")))
			}
			must(t, os.Rename(up, up+".0123-2.inprogress"))
			must(t, first.Close())
			_, c = start(t, dir)
			list, err := c.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: in.Bucket})
			if err != nil || (len(list.Uploads) == 0) != tt.made {
				t.Errorf("%d uploads are listed, %v", len(list.Uploads), err)
			}
			for range 2 {
				if _, err := c.CompleteMultipartUpload(t.Context(), in); err != nil {
					t.Fatalf("completing after an interruption: %v", err)
				}
			}
			if got := read(t, c, "bucket", "big"); len(got) != 5<<20+4 {
				t.Errorf("the object has %d bytes", len(got))
			}
			if left, _ := filepath.Glob(up + "*"); len(left) > 0 {
				t.Errorf("%q was left behind", left)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnUploadIDIsNoPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, c := start(t, dir)
	mustBucket(t, c, "bucket")
	mustBucket(t, c, "secret")
	mustPut(t, c, "secret", "dir/k", "kept")
	upload(t, c, "bucket", "k") // so that the directories of the key exist
	for _, id := range []string{"../../../../secret/dir", "../../..", "..", "."} {
		_, err := c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: aws.String("bucket"), Key: aws.String("k"), UploadId: &id})
		if code(err) != "NoSuchUpload" {
			t.Errorf("AbortMultipartUpload(%q): %v, want NoSuchUpload", id, err)
		}
		_, err = c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: aws.String("bucket"), Key: aws.String("k"), UploadId: &id,
			PartNumber: aws.Int32(1), Body: strings.NewReader("planted")})
		if code(err) != "NoSuchUpload" {
			t.Errorf("UploadPart(%q): %v, want NoSuchUpload", id, err)
		}
		_, err = c.ListParts(t.Context(), &s3.ListPartsInput{Bucket: aws.String("bucket"), Key: aws.String("k"), UploadId: &id})
		if code(err) != "NoSuchUpload" {
			t.Errorf("ListParts(%q): %v, want NoSuchUpload", id, err)
		}
	}
	if got := read(t, c, "secret", "dir/k"); got != "kept" {
		t.Errorf("secret/dir/k = %q", got)
	}
}

func TestUploadPartCopy(t *testing.T) {
	t.Parallel()
	_, c := start(t, t.TempDir())
	mustBucket(t, c, "bucket")
	mustPut(t, c, "bucket", "src", "0123456789")
	up, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String("bucket"), Key: aws.String("dst")})
	if err != nil {
		t.Fatal(err)
	}
	part, err := c.UploadPartCopy(t.Context(), &s3.UploadPartCopyInput{Bucket: aws.String("bucket"), Key: aws.String("dst"), UploadId: up.UploadId,
		PartNumber: aws.Int32(1), CopySource: aws.String("bucket/src"), CopySourceRange: aws.String("bytes=2-5")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: aws.String("bucket"), Key: aws.String("dst"), UploadId: up.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.CopyPartResult.ETag, PartNumber: aws.Int32(1)}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, c, "bucket", "dst"); got != "2345" {
		t.Errorf("copied range = %q, want 2345", got)
	}
}

// slow yields its bytes only after release is closed.
type slow struct {
	*bytes.Reader
	started, release chan struct{}
}

func (s *slow) Read(p []byte) (int, error) {
	if s.started != nil {
		close(s.started)
		s.started = nil
		<-s.release
	}
	return s.Reader.Read(p)
}

func TestABucketRemovedDuringAPutStaysRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, c := start(t, dir)
	mustBucket(t, c, "bucket")
	body := &slow{bytes.NewReader([]byte("late")), make(chan struct{}), make(chan struct{})}
	started := body.started
	done := make(chan error)
	go func() {
		in := putInput("bucket", "a/b/c", 4, body)
		_, err := s.backend.PutObject(context.Background(), in)
		done <- err
	}()
	<-started
	if _, err := c.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("bucket")}); err != nil {
		t.Fatal(err)
	}
	close(body.release)
	if err := <-done; err == nil {
		t.Error("an object was acknowledged in a bucket that is gone")
	}
	if _, err := os.Stat(filepath.Join(dir, "objects", "bucket")); err == nil {
		t.Error("the put brought the bucket's directory back")
	}
	mustBucket(t, c, "bucket")
}

func TestALongNameCanBeOverwritten(t *testing.T) {
	t.Parallel()
	_, c := start(t, t.TempDir())
	mustBucket(t, c, "bucket")
	key := strings.Repeat("n", 255)
	mustPut(t, c, "bucket", key, "one")
	mustPut(t, c, "bucket", key, "two")
	if got := read(t, c, "bucket", key); got != "two" {
		t.Errorf("after the second put the object holds %q", got)
	}
}

func TestAStoreMayBeClosedAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		s, err := Start(t.Context(), Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
