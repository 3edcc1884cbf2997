package embedded

import (
	"context"

	"github.com/versity/versitygw/s3response"
)

// Tags, locks, retention and legal holds are attributes, which the metadata
// store makes durable as it sets them. The read-only operations below are the
// ones that the front asks for while it serves others.

func (b *backend) GetBucketVersioning(ctx context.Context, bucket string) (s3response.GetBucketVersioningOutput, error) {
	out, err := b.posix.GetBucketVersioning(ctx, b.dir(&bucket))
	return out, b.fail("GetBucketVersioning", err)
}

func (b *backend) GetBucketPolicy(ctx context.Context, bucket string) ([]byte, error) {
	out, err := b.posix.GetBucketPolicy(ctx, b.dir(&bucket))
	return out, b.fail("GetBucketPolicy", err)
}

func (b *backend) GetBucketCors(ctx context.Context, bucket string) ([]byte, error) {
	out, err := b.posix.GetBucketCors(ctx, b.dir(&bucket))
	return out, b.fail("GetBucketCors", err)
}

func (b *backend) GetBucketTagging(ctx context.Context, bucket string) (map[string]string, error) {
	out, err := b.posix.GetBucketTagging(ctx, b.dir(&bucket))
	return out, b.fail("GetBucketTagging", err)
}

func (b *backend) PutBucketTagging(ctx context.Context, bucket string, tags map[string]string) error {
	return b.fail("PutBucketTagging", b.posix.PutBucketTagging(ctx, b.dir(&bucket), tags))
}

func (b *backend) DeleteBucketTagging(ctx context.Context, bucket string) error {
	return b.fail("DeleteBucketTagging", b.posix.DeleteBucketTagging(ctx, b.dir(&bucket)))
}

func (b *backend) GetObjectTagging(ctx context.Context, bucket, object, version string) (map[string]string, error) {
	out, err := b.posix.GetObjectTagging(ctx, b.dir(&bucket), object, version)
	return out, b.fail("GetObjectTagging", err)
}

func (b *backend) PutObjectTagging(ctx context.Context, bucket, object, version string, tags map[string]string) error {
	return b.fail("PutObjectTagging", b.posix.PutObjectTagging(ctx, b.dir(&bucket), object, version, tags))
}

func (b *backend) DeleteObjectTagging(ctx context.Context, bucket, object, version string) error {
	return b.fail("DeleteObjectTagging", b.posix.DeleteObjectTagging(ctx, b.dir(&bucket), object, version))
}

func (b *backend) GetObjectLockConfiguration(ctx context.Context, bucket string) ([]byte, error) {
	out, err := b.posix.GetObjectLockConfiguration(ctx, b.dir(&bucket))
	return out, b.fail("GetObjectLockConfiguration", err)
}

func (b *backend) PutObjectLockConfiguration(ctx context.Context, bucket string, config []byte) error {
	return b.fail("PutObjectLockConfiguration", b.posix.PutObjectLockConfiguration(ctx, b.dir(&bucket), config))
}

func (b *backend) GetObjectRetention(ctx context.Context, bucket, object, version string) ([]byte, error) {
	out, err := b.posix.GetObjectRetention(ctx, b.dir(&bucket), object, version)
	return out, b.fail("GetObjectRetention", err)
}

func (b *backend) PutObjectRetention(ctx context.Context, bucket, object, version string, retention []byte) error {
	return b.fail("PutObjectRetention", b.posix.PutObjectRetention(ctx, b.dir(&bucket), object, version, retention))
}

func (b *backend) GetObjectLegalHold(ctx context.Context, bucket, object, version string) (*bool, error) {
	out, err := b.posix.GetObjectLegalHold(ctx, b.dir(&bucket), object, version)
	return out, b.fail("GetObjectLegalHold", err)
}

func (b *backend) PutObjectLegalHold(ctx context.Context, bucket, object, version string, on bool) error {
	return b.fail("PutObjectLegalHold", b.posix.PutObjectLegalHold(ctx, b.dir(&bucket), object, version, on))
}
