package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	vgw "github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// copyLimit is the largest object that one CopyObject or UploadPartCopy may
// read: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
const copyLimit = 5 << 30

// aclAttribute is what CreateBucket writes last into a bucket. A directory
// without it is no bucket.
const aclAttribute = "acl"

// backend is versitygw's file backend with absolute paths and durable
// changes. Operations that it does not name answer NotImplemented: policies,
// ownership, CORS, websites and versioning are the gateway's.
type backend struct {
	vgw.BackendUnsupported
	posix   *posix.Posix
	meta    meta.MetadataStorer
	objects string
	disk    disk
	log     *slog.Logger

	// buckets is held for reading while something is put into a bucket (never
	// while a body is read), and for writing while a bucket is made or removed:
	// otherwise an object acknowledged in that moment would vanish with it.
	buckets sync.RWMutex
	// uploads lets one CompleteMultipartUpload or AbortMultipartUpload of an
	// upload run at a time.
	uploads keyedLock
}

var _ vgw.Backend = (*backend)(nil)

// openBackend makes dir and what belongs below it, if absent.
func openBackend(dir string, fsync func(*os.File) error, log *slog.Logger) (*backend, error) {
	d := disk{fsync: fsync}
	objects := filepath.Join(dir, "objects")
	if err := os.MkdirAll(objects, 0o700); err != nil {
		return nil, err
	}
	if err := d.syncUp(objects, dir); err != nil {
		return nil, err
	}
	// The entry of dir itself, where its parent may be read.
	if err := d.sync(filepath.Dir(dir)); err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	if err := checkNames(objects, exists); err != nil {
		return nil, err
	}
	m, err := openMetadata(dir, objects, d)
	if err != nil {
		return nil, err
	}
	// The file backend changes the working directory to the root it is given
	// and names buckets relative to it. It is given the working directory as
	// it is, and every bucket by its absolute path.
	wd, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("working directory: %w", err)
	}
	opts := posix.PosixOpts{
		// The lock files would serve several processes on one directory and
		// would lie in the working directory.
		ForceNoObjLockFile: true,
		// Bodies are staged below .sgwtmp. Unnamed files would be given a name
		// beside the object before they replace it, which a reader could guess
		// and which is too long when the object's own name has 228 bytes or more.
		ForceNoTmpFile: true,
	}
	opts.SetNewDirPerm(0o700)
	opts.SetNewFilePerm(0o600)
	p, err := posix.New(wd, m, opts)
	if err != nil {
		return nil, fmt.Errorf("start from a working directory that this user can read: %w", err)
	}
	if err := removeStaged(objects); err != nil {
		return nil, err
	}
	b := &backend{posix: p, meta: m, objects: objects, disk: d, log: log}
	return b, b.settleUploads()
}

// removeStaged removes the bodies that a crash left behind before they got a
// name. Parts of uploads lie in directories and stay.
func removeStaged(objects string) error {
	staged, err := filepath.Glob(filepath.Join(globQuote(objects), "*", posix.MetaTmpDir, "*"))
	if err != nil {
		return err
	}
	for _, path := range staged {
		fi, err := os.Lstat(path)
		if err != nil || !fi.Mode().IsRegular() {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// globQuote quotes what filepath.Glob would take for a pattern.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func (b *backend) Shutdown()      { b.posix.Shutdown() }
func (b *backend) String() string { return "rolecall" }

func (b *backend) NormalizeObjectKey(bucket, object string) string {
	return b.posix.NormalizeObjectKey(bucket, object)
}

// dir returns the directory of a bucket. A name that is not one segment
// yields a directory that cannot exist.
func (b *backend) dir(bucket *string) string {
	name := *bucket
	if name == "" || name[0] == '.' || strings.ContainsAny(name, "/\x00") {
		name = ".invalid"
	}
	return filepath.Join(b.objects, name)
}

// dirOf is dir for the places where the other side wants a pointer.
func (b *backend) dirOf(bucket *string) *string {
	d := b.dir(bucket)
	return &d
}

// path returns where an object lies. Keys reach the store after the gateway
// has refused those that are no plain path.
func (b *backend) path(bucket, key *string) string { return filepath.Join(b.dir(bucket), *key) }

// fail prepares an error for the answer: directories become bucket names
// again, and an error that is not S3's goes to the log and becomes an
// InternalError.
func (b *backend) fail(op string, err error) error {
	var named s3err.BucketError
	if errors.As(err, &named) {
		named.BucketName = filepath.Base(named.BucketName)
		return named
	}
	var known s3err.S3Error
	if errors.As(err, &known) {
		return known
	}
	if err == nil {
		return nil
	}
	b.log.Error("object store", "operation", op, "error", err)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return s3err.GetAPIError(s3err.ErrNoSpaceLeftOnDevice)
	}
	return s3err.GetAPIError(s3err.ErrInternalError)
}

func (b *backend) ListBuckets(_ context.Context, in s3response.ListBucketsInput) (s3response.ListAllMyBucketsResult, error) {
	entries, err := os.ReadDir(b.objects)
	if err != nil {
		return s3response.ListAllMyBucketsResult{}, b.fail("ListBuckets", err)
	}
	res := s3response.ListAllMyBucketsResult{Owner: s3response.CanonicalUser{ID: in.Owner}, Prefix: in.Prefix}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	for _, e := range entries {
		fi, err := e.Info()
		if err != nil || !fi.IsDir() || !strings.HasPrefix(e.Name(), in.Prefix) || e.Name() <= in.ContinuationToken {
			continue
		}
		if n := len(res.Buckets.Bucket); n > 0 && n == int(in.MaxBuckets) {
			res.ContinuationToken = res.Buckets.Bucket[n-1].Name
			break
		}
		res.Buckets.Bucket = append(res.Buckets.Bucket, s3response.ListAllMyBucketsEntry{Name: e.Name(), CreationDate: fi.ModTime()})
	}
	return res, nil
}

func (b *backend) HeadBucket(ctx context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	in.Bucket = b.dirOf(in.Bucket)
	out, err := b.posix.HeadBucket(ctx, in)
	return out, b.fail("HeadBucket", err)
}

func (b *backend) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) ([]byte, error) {
	in = &s3.GetBucketAclInput{Bucket: b.dirOf(in.Bucket)}
	out, err := b.posix.GetBucketAcl(ctx, in)
	return out, b.fail("GetBucketAcl", err)
}

func (b *backend) CreateBucket(ctx context.Context, in *s3.CreateBucketInput, acl []byte) error {
	b.buckets.Lock()
	defer b.buckets.Unlock()
	dir := b.dir(in.Bucket)
	// What a crash left between making the directory and its attributes would
	// block the name for ever; it is empty, or it stays.
	if !b.isBucket(dir) {
		os.Remove(dir)
	}
	in.Bucket = &dir
	err := b.posix.CreateBucket(ctx, in, acl)
	if err == nil {
		err = b.disk.syncUp(dir, b.objects)
	}
	return b.fail("CreateBucket", err)
}

func (b *backend) DeleteBucket(ctx context.Context, bucket string) error {
	b.buckets.Lock()
	defer b.buckets.Unlock()
	dir := b.dir(&bucket)
	err := b.posix.DeleteBucket(ctx, dir)
	if err == nil {
		err = b.disk.sync(b.objects)
	}
	return b.fail("DeleteBucket", err)
}

// isBucket reports whether dir is a bucket that was made and not removed.
func (b *backend) isBucket(dir string) bool {
	_, err := b.meta.RetrieveAttribute(nil, dir, "", aclAttribute)
	return err == nil
}
