package s3_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"rolecall.dev/rolecall/sigv4"
)

// client is AWS's own SDK for Go.
func (w *world) client(as *sigv4.Credentials) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: awssdk.String(w.URL()), UsePathStyle: true, Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: awssdk.CredentialsProviderFunc(func(context.Context) (awssdk.Credentials, error) {
			return awssdk.Credentials{AccessKeyID: as.AccessKeyID, SecretAccessKey: string(as.SecretAccessKey)}, nil
		}),
	})
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestSDKObjects(t *testing.T) {
	t.Parallel()
	w := start(t)
	c, bucket := w.client(admin), awssdk.String("bucket")
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}))
	w.check(s3.NewBucketExistsWaiter(c).Wait(t.Context(), &s3.HeadBucketInput{Bucket: bucket}, 1e9))
	for _, algorithm := range types.ChecksumAlgorithm("").Values() {
		if !slices.Contains([]string{"CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"}, string(algorithm)) {
			continue
		}
		key := awssdk.String("dir/" + string(algorithm))
		must[*s3.PutObjectOutput](t)(c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("body"), ChecksumAlgorithm: algorithm}))
		out := must[*s3.GetObjectOutput](t)(c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled}))
		body := must[[]byte](t)(io.ReadAll(out.Body)) // the SDK verifies the checksum
		if string(body) != "body" {
			t.Errorf("%s: got %q", algorithm, body)
		}
	}
	pages, keys := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: bucket, MaxKeys: awssdk.Int32(2)}), 0
	for pages.HasMorePages() {
		keys += len(must[*s3.ListObjectsV2Output](t)(pages.NextPage(t.Context())).Contents)
	}
	if keys != 5 {
		t.Errorf("the pages hold %d keys, want 5", keys)
	}
	_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: awssdk.String("nothing")})
	if missing := (*types.NoSuchKey)(nil); !errors.As(err, &missing) {
		t.Errorf("a missing key is %v", err)
	}
	must[*s3.DeleteObjectsOutput](t)(c.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{
		Objects: []types.ObjectIdentifier{{Key: awssdk.String("dir/CRC32")}, {Key: awssdk.String("dir/SHA1")}},
	}}))
}

func TestSDKUploadsInParts(t *testing.T) {
	t.Parallel()
	w := start(t)
	c, bucket, key := w.client(admin), awssdk.String("bucket"), awssdk.String("big")
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}))
	half := bytes.Repeat([]byte("0123456789abcdef"), 5<<20/16)
	for _, algorithm := range []types.ChecksumAlgorithm{"", types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmSha256} {
		made := must[*s3.CreateMultipartUploadOutput](t)(c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ChecksumAlgorithm: algorithm, ContentType: awssdk.String("text/x")}))
		var parts []types.CompletedPart
		for n := int32(1); n <= 2; n++ {
			p := must[*s3.UploadPartOutput](t)(c.UploadPart(t.Context(), &s3.UploadPartInput{
				Bucket: bucket, Key: key, UploadId: made.UploadId, PartNumber: &n, Body: bytes.NewReader(half), ChecksumAlgorithm: algorithm,
			}))
			parts = append(parts, types.CompletedPart{PartNumber: awssdk.Int32(n), ETag: p.ETag, ChecksumCRC32: p.ChecksumCRC32, ChecksumSHA256: p.ChecksumSHA256})
		}
		listed := must[*s3.ListPartsOutput](t)(c.ListParts(t.Context(), &s3.ListPartsInput{Bucket: bucket, Key: key, UploadId: made.UploadId}))
		if len(listed.Parts) != 2 || *listed.Parts[1].Size != int64(len(half)) || listed.Owner == nil || len(*listed.Owner.ID) != 64 {
			t.Errorf("ListParts answers %+v", listed)
		}
		uploads := must[*s3.ListMultipartUploadsOutput](t)(c.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: bucket}))
		if len(uploads.Uploads) != 1 || *uploads.Uploads[0].Key != "big" {
			t.Errorf("ListMultipartUploads answers %+v", uploads)
		}
		done := must[*s3.CompleteMultipartUploadOutput](t)(c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
			Bucket: bucket, Key: key, UploadId: made.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		}))
		if *done.Location != w.URL()+"/bucket/big" || !strings.HasSuffix(*done.ETag, `-2"`) {
			t.Errorf("CompleteMultipartUpload answers %s %s", *done.Location, *done.ETag)
		}
		head := must[*s3.HeadObjectOutput](t)(c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key}))
		if *head.ContentLength != int64(2*len(half)) || *head.ContentType != "text/x" {
			t.Errorf("the object is %+v", head)
		}
	}
}

func TestSDKPartsOfOtherObjects(t *testing.T) {
	t.Parallel()
	w := start(t)
	c, bucket, key := w.client(admin), awssdk.String("bucket"), awssdk.String("big")
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}))
	must[*s3.PutObjectOutput](t)(c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: awssdk.String("from"), Body: strings.NewReader("0123456789")}))
	made := must[*s3.CreateMultipartUploadOutput](t)(c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key}))
	part := must[*s3.UploadPartCopyOutput](t)(c.UploadPartCopy(t.Context(), &s3.UploadPartCopyInput{
		Bucket: bucket, Key: key, UploadId: made.UploadId, PartNumber: awssdk.Int32(1), CopySource: awssdk.String("bucket/from"), CopySourceRange: awssdk.String("bytes=2-5"),
	}))
	must[*s3.CompleteMultipartUploadOutput](t)(c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: key, UploadId: made.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{PartNumber: awssdk.Int32(1), ETag: part.CopyPartResult.ETag}}},
	}))
	if r := w.ok(admin, "GET", "/bucket/big", ""); r.Body != "2345" {
		t.Errorf("the object is %q, want 2345", r.Body)
	}
	made = must[*s3.CreateMultipartUploadOutput](t)(c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key}))
	must[*s3.AbortMultipartUploadOutput](t)(c.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: bucket, Key: key, UploadId: made.UploadId}))
	_, err := c.ListParts(t.Context(), &s3.ListPartsInput{Bucket: bucket, Key: key, UploadId: made.UploadId})
	if e := smithy.APIError(nil); !errors.As(err, &e) || e.ErrorCode() != "NoSuchUpload" {
		t.Errorf("an upload that was given up is %v", err)
	}
}

func TestSDKPresigned(t *testing.T) {
	t.Parallel()
	w := start(t)
	c, bucket := w.client(admin), awssdk.String("bucket")
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}))
	presign := s3.NewPresignClient(c)
	put := must[*v4.PresignedHTTPRequest](t)(presign.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: awssdk.String("k"), Metadata: map[string]string{"color": "blue"}}))
	r := must[*http.Request](t)(http.NewRequest(put.Method, put.URL, strings.NewReader("body")))
	r.Header = put.SignedHeader
	if got := w.send(r); got.Status != 200 {
		t.Fatalf("a presigned PUT: %v", got)
	}
	if head := w.ok(admin, "HEAD", "/bucket/k", ""); head.Header.Get("X-Amz-Meta-Color") != "blue" {
		t.Errorf("metadata is lost: %v", head.Header)
	}
}
