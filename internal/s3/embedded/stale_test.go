package embedded

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/s3response"
)

// An object has nothing of the one that it replaced, least of all its tags, by
// which access to it is decided; a put that is refused takes nothing away.
func TestAnObjectKeepsNothingOfTheOneBefore(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"", "metadata"} { // a directory "metadata" asks for attributes in files
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, mode), 0o700); err != nil {
			t.Fatal(err)
		}
		b, err := openBackend(dir, func(*os.File) error { return nil }, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer b.Shutdown()
		if err := changes()[0].run(b); err != nil {
			t.Fatal(err)
		}
		look := func(what, key, wantTag, wantMetadata, wantEncoding string) {
			t.Helper()
			tags, err := b.GetObjectTagging(t.Context(), "bucket", key, "")
			head, headErr := b.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("bucket"), Key: &key})
			if headErr != nil {
				t.Fatalf("%s %s: %v", mode, what, headErr)
			}
			if tags["a"] != wantTag || head.Metadata["k"] != wantMetadata || aws.ToString(head.ContentEncoding) != wantEncoding {
				t.Errorf("%s %s: tags %v (%v), metadata %v, encoding %q; want %q, %q, %q", mode, what, tags, err, head.Metadata,
					aws.ToString(head.ContentEncoding), wantTag, wantMetadata, wantEncoding)
			}
		}
		full := func(key, body, tag string) s3response.PutObjectInput {
			in := putInput("bucket", key, int64(len(body)), strings.NewReader(body))
			in.Tagging, in.Metadata, in.ContentEncoding = aws.String("a="+tag), map[string]string{"k": tag}, aws.String("gzip")
			return in
		}
		if _, err := b.PutObject(t.Context(), full("k", "one", "1")); err != nil {
			t.Fatal(err)
		}
		look("first", "k", "1", "1", "gzip")
		refused := full("k", "two", "2")
		refused.IfNoneMatch = aws.String("*")
		if _, err := b.PutObject(t.Context(), refused); err == nil {
			t.Errorf("%s: a put that must be the first one replaced an object", mode)
		}
		look("after a refusal", "k", "1", "1", "gzip")
		if _, err := b.PutObject(t.Context(), full("k", "two", "2")); err != nil {
			t.Fatal(err)
		}
		look("with other tags", "k", "2", "2", "gzip")
		if err := put("bucket", "k", "three").run(b); err != nil {
			t.Fatal(err)
		}
		look("plain", "k", "", "", "")
		if _, err := b.PutObject(t.Context(), full("k", "four", "4")); err != nil {
			t.Fatal(err)
		}
		if err := inParts(t, b, "k", "five"); err != nil {
			t.Fatal(err)
		}
		look("uploaded in parts", "k", "", "", "")
		if _, err := b.PutObject(t.Context(), full("d/", "", "1")); err != nil {
			t.Fatal(err)
		}
		if err := put("bucket", "d/", "").run(b); err != nil {
			t.Fatal(err)
		}
		if tags, _ := b.GetObjectTagging(t.Context(), "bucket", "d/", ""); len(tags) > 0 {
			t.Errorf("%s: a directory keeps the tags %v", mode, tags)
		}
		if s, ok := b.meta.(sidecar); ok && len(s.fresh.tags) > 0 {
			t.Errorf("left behind: %v", s.fresh.tags)
		}
	}
}

// inParts uploads an object in one part, without properties.
func inParts(t *testing.T, b *backend, key, body string) error {
	t.Helper()
	up, err := b.CreateMultipartUpload(t.Context(), s3response.CreateMultipartUploadInput{Bucket: aws.String("bucket"), Key: &key})
	if err != nil {
		return err
	}
	part, err := b.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: aws.String("bucket"), Key: &key, UploadId: &up.UploadId,
		PartNumber: aws.Int32(1), Body: strings.NewReader(body), ContentLength: aws.Int64(int64(len(body)))})
	if err != nil {
		return err
	}
	_, _, err = b.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: aws.String("bucket"), Key: &key, UploadId: &up.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: part.ETag}}}})
	return err
}
