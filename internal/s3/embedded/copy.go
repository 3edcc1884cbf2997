package embedded

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	vgw "github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// Copies are a read and a put. The file backend's own copy reads the source's
// bucket from the header, so it cannot be given a directory, and it changes
// the metadata of an object copied onto itself in place, one by one.

// source opens what a copy reads; the caller closes Body, which is never nil.
func (b *backend) source(ctx context.Context, copySource string, in s3.GetObjectInput) (*s3.GetObjectOutput, string, string, error) {
	bucket, key, version, err := vgw.ParseCopySource(copySource)
	if err != nil {
		return nil, "", "", err
	}
	if version != "" && version != "null" {
		in.VersionId = &version
	}
	in.Bucket, in.Key, in.ChecksumMode = &bucket, &key, types.ChecksumModeEnabled
	out, err := b.GetObject(ctx, &in)
	if isNotModified(err) {
		err = s3err.GetPreconditionFailedErr(s3err.ConditionIfNoneMatch)
	}
	if err != nil {
		return nil, "", "", err
	}
	if out.Body == nil {
		out.Body = http.NoBody
	}
	return out, bucket, key, nil
}

// isNotModified reports whether err is the 304 of a read: a copy answers 412
// instead (x-amz-copy-source-if-none-match in API_CopyObject.html).
func isNotModified(err error) bool {
	var e s3err.S3Error
	return errors.As(err, &e) && e.StatusCode() == http.StatusNotModified
}

func (b *backend) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	src, bucket, key, err := b.source(ctx, *in.CopySource, s3.GetObjectInput{
		IfMatch: in.CopySourceIfMatch, IfNoneMatch: in.CopySourceIfNoneMatch,
		IfModifiedSince: in.CopySourceIfModifiedSince, IfUnmodifiedSince: in.CopySourceIfUnmodifiedSince,
	})
	if err != nil {
		return s3response.CopyObjectOutput{}, b.fail("CopyObject", err)
	}
	defer src.Body.Close()
	if *src.ContentLength > copyLimit {
		return s3response.CopyObjectOutput{}, s3err.GetCopySourceObjectTooLargeErr(copyLimit)
	}
	replace := in.MetadataDirective == types.MetadataDirectiveReplace
	changes := replace || in.StorageClass != "" || text(in.WebsiteRedirectLocation) != ""
	if bucket == *in.Bucket && key == *in.Key && !changes {
		return s3response.CopyObjectOutput{}, s3err.GetAPIError(s3err.ErrInvalidCopyDest)
	}
	put := copiedObject(in, src, replace)
	if in.TaggingDirective != types.TaggingDirectiveReplace {
		tags, err := b.GetObjectTagging(ctx, bucket, key, "")
		if err != nil && !errors.Is(err, s3err.GetAPIError(s3err.ErrBucketTaggingNotFound)) {
			return s3response.CopyObjectOutput{}, b.fail("CopyObject", err)
		}
		put.Tagging = encodeTags(tags)
	}
	out, err := b.PutObject(ctx, put)
	if err != nil {
		return s3response.CopyObjectOutput{}, err
	}
	head, err := b.HeadObject(ctx, &s3.HeadObjectInput{Bucket: in.Bucket, Key: in.Key})
	if err != nil {
		return s3response.CopyObjectOutput{}, err
	}
	return s3response.CopyObjectOutput{CopyObjectResult: &s3response.CopyObjectResult{
		ETag: &out.ETag, LastModified: head.LastModified, ChecksumType: out.ChecksumType,
		ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC32C: out.ChecksumCRC32C, ChecksumCRC64NVME: out.ChecksumCRC64NVME,
		ChecksumSHA1: out.ChecksumSHA1, ChecksumSHA256: out.ChecksumSHA256,
	}}, nil
}

// copiedObject is the put that a copy becomes. With replace the properties
// are the request's, else the source's.
func copiedObject(in s3response.CopyObjectInput, src *s3.GetObjectOutput, replace bool) s3response.PutObjectInput {
	put := s3response.PutObjectInput{
		Bucket: in.Bucket, Key: in.Key, Body: src.Body, ContentLength: src.ContentLength,
		ChecksumAlgorithm: in.ChecksumAlgorithm, Tagging: in.Tagging, WebsiteRedirectLocation: in.WebsiteRedirectLocation,
		ObjectLockMode: in.ObjectLockMode, ObjectLockRetainUntilDate: in.ObjectLockRetainUntilDate,
		ObjectLockLegalHoldStatus: in.ObjectLockLegalHoldStatus,
	}
	if put.ChecksumAlgorithm == "" {
		put.ChecksumAlgorithm = checksumOf(src)
	}
	if replace {
		put.ContentType, put.ContentEncoding, put.ContentLanguage = in.ContentType, in.ContentEncoding, in.ContentLanguage
		put.ContentDisposition, put.CacheControl, put.Expires, put.Metadata = in.ContentDisposition, in.CacheControl, in.Expires, in.Metadata
		return put
	}
	put.ContentType, put.ContentEncoding, put.ContentLanguage = src.ContentType, src.ContentEncoding, src.ContentLanguage
	put.ContentDisposition, put.CacheControl, put.Expires, put.Metadata = src.ContentDisposition, src.CacheControl, src.ExpiresString, src.Metadata
	return put
}

// checksumOf returns the algorithm that the source was stored with, or "".
func checksumOf(src *s3.GetObjectOutput) types.ChecksumAlgorithm {
	switch {
	case src.ChecksumCRC32 != nil:
		return types.ChecksumAlgorithmCrc32
	case src.ChecksumCRC32C != nil:
		return types.ChecksumAlgorithmCrc32c
	case src.ChecksumSHA1 != nil:
		return types.ChecksumAlgorithmSha1
	case src.ChecksumSHA256 != nil:
		return types.ChecksumAlgorithmSha256
	case src.ChecksumCRC64NVME != nil:
		return types.ChecksumAlgorithmCrc64nvme
	}
	return ""
}

func encodeTags(tags map[string]string) *string {
	if len(tags) == 0 {
		return nil
	}
	v := url.Values{}
	for k, t := range tags {
		v.Set(k, t)
	}
	s := strings.ReplaceAll(v.Encode(), "+", "%20")
	return &s
}

func (b *backend) UploadPartCopy(ctx context.Context, in *s3.UploadPartCopyInput) (s3response.CopyPartResult, error) {
	none := s3response.CopyPartResult{}
	src, _, _, err := b.source(ctx, *in.CopySource, s3.GetObjectInput{
		IfMatch: in.CopySourceIfMatch, IfNoneMatch: in.CopySourceIfNoneMatch,
		IfModifiedSince: in.CopySourceIfModifiedSince, IfUnmodifiedSince: in.CopySourceIfUnmodifiedSince,
	})
	if err != nil {
		return none, b.fail("UploadPartCopy", err)
	}
	defer src.Body.Close()
	start, length, err := copyRange(*src.ContentLength, in.CopySourceRange)
	if err != nil {
		return none, b.fail("UploadPartCopy", err)
	}
	if _, err := io.CopyN(io.Discard, src.Body, start); err != nil {
		return none, b.fail("UploadPartCopy", err)
	}
	part, err := b.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId, PartNumber: in.PartNumber,
		Body: io.LimitReader(src.Body, length), ContentLength: &length,
	})
	if err != nil {
		return none, err
	}
	return s3response.CopyPartResult{
		ETag: part.ETag, LastModified: *src.LastModified,
		ChecksumCRC32: part.ChecksumCRC32, ChecksumCRC32C: part.ChecksumCRC32C, ChecksumCRC64NVME: part.ChecksumCRC64NVME,
		ChecksumSHA1: part.ChecksumSHA1, ChecksumSHA256: part.ChecksumSHA256,
	}, nil
}

// copyRange returns the first byte and the number of bytes that
// x-amz-copy-source-range asks for; nil or empty is all of them.
func copyRange(size int64, header *string) (start, length int64, err error) {
	if header != nil {
		if start, length, err = vgw.ParseCopySourceRange(size, *header); err != nil {
			return 0, 0, err
		}
	} else {
		length = size
	}
	length = min(length, size-start)
	if length > copyLimit {
		return 0, 0, s3err.GetCopySourceObjectTooLargeErr(copyLimit)
	}
	return start, length, nil
}
