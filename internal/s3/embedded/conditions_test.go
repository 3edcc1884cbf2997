package embedded

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestConditionsCompareWholeSeconds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, c := start(t, dir)
	mustBucket(t, c, "bucket")
	second := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, fraction := range []time.Duration{0, 1, 500 * time.Millisecond, time.Second - 1} {
		mustPut(t, c, "bucket", "k", "body")
		files, err := filepath.Glob(filepath.Join(dir, "*", "bucket", "k"))
		if err != nil || len(files) != 1 {
			t.Fatalf("the object is at %q, %v", files, err)
		}
		modified := second.Add(fraction)
		if err := os.Chtimes(files[0], modified, modified); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			since                time.Time
			modified, unmodified string // codes of If-Modified-Since and If-Unmodified-Since
		}{
			{second.Add(-time.Second), "<nil>", "PreconditionFailed"},
			{second, "NotModified", "<nil>"},
			{second.Add(time.Second), "NotModified", "<nil>"},
		} {
			_, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("bucket"), Key: aws.String("k"), IfModifiedSince: &tt.since})
			if got := code(err); got != tt.modified {
				t.Errorf("modified at .%09d, If-Modified-Since %s: %q, want %q", fraction, tt.since.Sub(second), got, tt.modified)
			}
			_, err = c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("k"), IfUnmodifiedSince: &tt.since})
			if got := code(err); got != tt.unmodified {
				t.Errorf("modified at .%09d, If-Unmodified-Since %s: %q, want %q", fraction, tt.since.Sub(second), got, tt.unmodified)
			}
		}
	}
}
