package embedded

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// BenchmarkStart is a first start until connections are accepted.
func BenchmarkStart(b *testing.B) {
	for range b.N {
		s, err := Start(b.Context(), Options{Dir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

// BenchmarkPut is a durable put of 1 KiB, without HTTP.
func BenchmarkPut(b *testing.B) {
	s, c := start(b, b.TempDir())
	if _, err := c.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String("bucket")}); err != nil {
		b.Fatal(err)
	}
	body := strings.Repeat("x", 1024)
	for b.Loop() {
		if _, err := s.backend.PutObject(b.Context(), putInput("bucket", "a/b", 1024, strings.NewReader(body))); err != nil {
			b.Fatal(err)
		}
	}
}
