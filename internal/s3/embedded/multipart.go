package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// uploadID is the form of the ids that this store hands out. The file backend
// joins what it is given to a path: with "../.." AbortMultipartUpload would
// remove whatever directory lies there.
var uploadID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func checkUploadID(id *string) error {
	if id == nil || !uploadID.MatchString(*id) {
		return s3err.GetAPIError(s3err.ErrNoSuchUpload)
	}
	return nil
}

// uploadsOf returns the directory that holds the uploads of one key, below a bucket.
func uploadsOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(posix.MetaTmpMultipartDir, hex.EncodeToString(sum[:]))
}

func (b *backend) CreateMultipartUpload(ctx context.Context, in s3response.CreateMultipartUploadInput) (s3response.InitiateMultipartUploadResult, error) {
	name, uploads := *in.Bucket, uploadsOf(*in.Key)
	p := b.publish(in.Bucket, &uploads)
	if p.enter(); p.err != nil {
		return s3response.InitiateMultipartUploadResult{}, b.fail("CreateMultipartUpload", p.end(p.err))
	}
	in.Bucket = &p.dir
	out, err := b.posix.CreateMultipartUpload(ctx, in)
	p.path = filepath.Join(p.path, out.UploadId)
	out.Bucket = name
	return out, b.fail("CreateMultipartUpload", p.end(err))
}

func (b *backend) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	if err := checkUploadID(in.UploadId); err != nil {
		return nil, err
	}
	part := filepath.Join(uploadsOf(*in.Key), *in.UploadId, fmt.Sprint(*in.PartNumber))
	p := b.publish(in.Bucket, &part)
	in.Bucket, in.Body = &p.dir, wholeBody(in.Body, in.ContentLength)
	out, err := b.posix.UploadPartWithPostFunc(ctx, in, p.begin)
	return out, b.fail("UploadPart", p.end(err))
}

func (b *backend) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	none, name := s3response.CompleteMultipartUploadResult{}, in.Bucket
	if err := checkUploadID(in.UploadId); err != nil {
		return none, "", err
	}
	unlock, err := b.uploads.lock(ctx, *in.UploadId)
	if err != nil {
		return none, "", b.fail("CompleteMultipartUpload", err)
	}
	defer unlock()
	p := b.publish(in.Bucket, in.Key)
	if etag, err := b.completed(p, in); err != nil || etag != "" {
		return s3response.CompleteMultipartUploadResult{Bucket: name, Key: in.Key, ETag: &etag}, "", b.fail("CompleteMultipartUpload", p.end(err))
	}
	if fi, err := os.Stat(p.path); err == nil && fi.IsDir() {
		return none, "", s3err.GetAPIError(s3err.ErrExistingObjectIsDirectory)
	}
	in.Bucket = &p.dir
	if err := b.addChecksums(ctx, in); err != nil {
		return none, "", b.fail("CompleteMultipartUpload", err)
	}
	out, version, err := b.posix.CompleteMultipartUploadWithCopy(ctx, in, p.assemble(in))
	out.Bucket = name
	if err = p.end(err); err == nil {
		// The parts are gone for good as well.
		err = b.disk.syncUp(filepath.Join(p.dir, uploadsOf(*in.Key), *in.UploadId), p.dir)
	}
	return out, version, b.fail("CompleteMultipartUpload", err)
}

// addChecksums gives the parts of a completion the checksums that they were
// uploaded with, where the caller names none and the upload's checksum is of the
// whole object: those of parts are optional then, and the AWS SDKs leave
// CRC64NVME out, but the file backend asks for them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
func (b *backend) addChecksums(ctx context.Context, in *s3.CompleteMultipartUploadInput) error {
	if in.MultipartUpload == nil || !slices.ContainsFunc(in.MultipartUpload.Parts, bare) {
		return nil
	}
	all := int32(10_000) // the highest part number
	listed, err := b.posix.ListParts(ctx, &s3.ListPartsInput{Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId, MaxParts: &all})
	if err != nil || listed.ChecksumType != types.ChecksumTypeFullObject {
		return err
	}
	uploaded := make(map[int32]s3response.Part, len(listed.Parts))
	for _, part := range listed.Parts {
		uploaded[int32(part.PartNumber)] = part
	}
	for i, part := range in.MultipartUpload.Parts {
		if bare(part) && part.PartNumber != nil {
			have, to := uploaded[*part.PartNumber], &in.MultipartUpload.Parts[i]
			to.ChecksumCRC32, to.ChecksumCRC32C, to.ChecksumCRC64NVME = have.ChecksumCRC32, have.ChecksumCRC32C, have.ChecksumCRC64NVME
		}
	}
	return nil
}

// bare reports whether a part of a completion comes without a checksum.
func bare(part types.CompletedPart) bool {
	return part == types.CompletedPart{PartNumber: part.PartNumber, ETag: part.ETag}
}

// assemble returns what appends each part to the staged object: after the last
// one the object is made durable.
func (p *publication) assemble(in *s3.CompleteMultipartUploadInput) posix.CustomCopyFunc {
	left := 0
	if in.MultipartUpload != nil {
		left = len(in.MultipartUpload.Parts)
	}
	return func(part, staged *os.File) (bool, error) {
		if _, err := io.Copy(staged, part); err != nil {
			return true, err // the file backend goes on with its own copy
		}
		if left--; left == 0 {
			p.begin(staged) // its error is kept for end
		}
		return true, nil
	}
}

// completed decides what a CompleteMultipartUpload means whose upload is not
// there: the object's ETag if this very upload became the object, as a retry
// after a lost answer finds it, else NoSuchUpload. It returns "" if the upload
// is there. Left to itself, the file backend reports success whenever the key
// exists.
func (b *backend) completed(p *publication, in *s3.CompleteMultipartUploadInput) (string, error) {
	upload := filepath.Join(p.dir, uploadsOf(*in.Key), *in.UploadId)
	if _, err := os.Stat(upload); err == nil {
		return "", nil
	}
	etag, made := b.madeFrom(*in.UploadId, p.dir, *in.Key)
	if !made {
		return "", s3err.GetNoSuchUploadErr(*in.UploadId)
	}
	return etag, nil
}

func (b *backend) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput) error {
	if err := checkUploadID(in.UploadId); err != nil {
		return err
	}
	unlock, err := b.uploads.lock(ctx, *in.UploadId)
	if err != nil {
		return b.fail("AbortMultipartUpload", err)
	}
	defer unlock()
	dir := b.dir(in.Bucket)
	in.Bucket = &dir
	if err = b.posix.AbortMultipartUpload(ctx, in); err == nil {
		err = b.disk.syncUp(filepath.Join(dir, uploadsOf(*in.Key), *in.UploadId), dir)
	}
	return b.fail("AbortMultipartUpload", err)
}

func (b *backend) ListParts(ctx context.Context, in *s3.ListPartsInput) (s3response.ListPartsResult, error) {
	if err := checkUploadID(in.UploadId); err != nil {
		return s3response.ListPartsResult{}, err
	}
	name := *in.Bucket
	in.Bucket = b.dirOf(in.Bucket)
	out, err := b.posix.ListParts(ctx, in)
	out.Bucket = name
	return out, b.fail("ListParts", err)
}
