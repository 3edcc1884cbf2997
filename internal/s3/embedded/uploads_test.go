package embedded

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Pages of any size put together are the whole list, with a delimiter and without,
// even if the upload that a page ended with is gone when the next is asked for.
func TestUploadsInPages(t *testing.T) {
	t.Parallel()
	_, c := start(t, t.TempDir())
	mustBucket(t, c, "bucket")
	bucket := "bucket"
	for _, key := range []string{"a", "a", "a", "b/1", "b/1", "b/2", "b/2/x", "c", "d/1"} {
		if _, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key}); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range []struct{ prefix, delimiter, want string }{
		{"", "", "a a a b/1 b/1 b/2 b/2/x c d/1"},
		{"", "/", "a a a b/ c d/"},
		{"b/", "/", "b/1 b/1 b/2 b/2/"},
		{"b/2", "", "b/2 b/2/x"},
		{"x", "", ""},
	} {
		for size := range int32(10) {
			in := &s3.ListMultipartUploadsInput{Bucket: &bucket, Prefix: &q.prefix, Delimiter: &q.delimiter, MaxUploads: new(size + 1)}
			if got := strings.Join(allUploads(t, c, in), " "); got != q.want {
				t.Errorf("prefix %q delimiter %q in pages of %d: got %s, want %s", q.prefix, q.delimiter, size+1, got, q.want)
			}
		}
	}
	// Aborting what was listed, as programs do that clean up.
	in := &s3.ListMultipartUploadsInput{Bucket: &bucket, MaxUploads: new(int32(2))}
	for pages := 0; ; pages++ {
		page, err := c.ListMultipartUploads(t.Context(), in)
		if err != nil || pages > 9 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, u := range page.Uploads {
			if _, err := c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: &bucket, Key: u.Key, UploadId: u.UploadId}); err != nil {
				t.Fatal(err)
			}
		}
		if in.KeyMarker, in.UploadIdMarker = page.NextKeyMarker, page.NextUploadIdMarker; !*page.IsTruncated {
			break
		}
	}
	if left := allUploads(t, c, &s3.ListMultipartUploadsInput{Bucket: &bucket, MaxUploads: new(int32(10))}); len(left) > 0 {
		t.Errorf("uploads left after all were aborted: %q", left)
	}
}

// allUploads follows the markers: keys and common prefixes, in their order.
func allUploads(t *testing.T, c *s3.Client, in *s3.ListMultipartUploadsInput) (all []string) {
	t.Helper()
	seen := map[string]bool{}
	for pages := 0; ; pages++ {
		page, err := c.ListMultipartUploads(t.Context(), in)
		if err != nil || pages > 20 {
			t.Fatalf("page %d after %v: %v", pages, all, err)
		}
		var entries []string
		for _, u := range page.Uploads {
			if id := fmt.Sprint(*u.Key, *u.UploadId); seen[id] {
				t.Errorf("%s is listed twice", id)
			} else {
				seen[id] = true
			}
			entries = append(entries, *u.Key)
		}
		for _, p := range page.CommonPrefixes {
			entries = append(entries, *p.Prefix)
		}
		slices.Sort(entries)
		if all = append(all, entries...); !*page.IsTruncated {
			return all
		}
		next := *in
		next.KeyMarker, next.UploadIdMarker = page.NextKeyMarker, page.NextUploadIdMarker
		in = &next
	}
}
