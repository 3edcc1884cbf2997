package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	vgw "github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/s3api/middlewares"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// publication is the part of a put that comes after its body was read: from
// syncing the staged body until the change is durable under its name.
type publication struct {
	b    *backend
	dir  string // of the bucket
	path string // of the object
	held bool
	err  error
	// staged is where the body is until it gets its name.
	staged string
	// tags are what the object is to be tagged with, nil for nothing.
	tags map[string]string
}

// begin is called with the staged body before it gets its name. The body is
// durable first: a name that a crash leaves behind never points to less than
// what was sent.
func (p *publication) begin(staged *os.File) error {
	if p.err = p.tag(staged); p.err != nil {
		return p.err
	}
	if p.err = p.b.disk.fsync(staged); p.err != nil {
		return p.err
	}
	p.enter()
	return p.err
}

// tagsAttribute is where the file backend keeps tags, as a JSON object.
const tagsAttribute = "X-Amz-Tagging"

// takeTags takes the tags out of a put, so that the object has them from its
// first moment. The file backend tags what can be read already, and leaves it
// untagged when that fails. A directory has no staged body to tag.
func (p *publication) takeTags(in *s3response.PutObjectInput) error {
	if in.Tagging == nil || strings.HasSuffix(*in.Key, "/") {
		return nil
	}
	var err error
	p.tags, err = vgw.ParseObjectTags(*in.Tagging)
	in.Tagging = nil
	return err
}

// tag tags the staged body. Attributes in files belong to the name, and are
// replaced all together when the first one of the new object comes.
func (p *publication) tag(staged *os.File) error {
	var text []byte
	if len(p.tags) > 0 {
		var err error
		if text, err = json.Marshal(p.tags); err != nil {
			return err
		}
	}
	if s, ok := p.b.meta.(sidecar); ok {
		p.staged = staged.Name()
		s.fresh.add(p.staged, text)
		return nil
	}
	if text == nil {
		return nil
	}
	return p.b.meta.StoreAttribute(staged, p.dir, "", tagsAttribute, text)
}

// enter keeps the bucket from being removed until end. If it is gone already,
// the directories that were made for this object are removed again.
func (p *publication) enter() {
	p.b.buckets.RLock()
	p.held = true
	if p.b.isBucket(p.dir) {
		return
	}
	for d := filepath.Dir(p.path); len(d) >= len(p.dir); d = filepath.Dir(d) {
		os.Remove(d)
	}
	p.err = s3err.GetBucketErr(s3err.ErrNoSuchBucket, p.dir)
}

// end makes the name durable, if err says that there is one, and releases the bucket.
func (p *publication) end(err error) error {
	if p.held {
		defer p.b.buckets.RUnlock()
	}
	if s, ok := p.b.meta.(sidecar); ok {
		s.fresh.take(p.staged)
	}
	if err == nil {
		err = p.err
	}
	if err != nil {
		return err
	}
	return p.b.disk.syncUp(p.path, p.dir)
}

// whole is a body of which left bytes are to come. The file backend takes the
// end of the stream for the end of the body: a client whose connection breaks,
// or whose signature turns out to be false at the last byte, would leave a
// shorter object behind.
type whole struct {
	src  io.Reader
	left int64
}

func (w *whole) Read(p []byte) (int, error) {
	n, err := w.src.Read(p)
	w.left -= int64(n)
	if w.left > 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return n, s3err.GetAPIError(s3err.ErrIncompleteBody)
	}
	return n, err
}

// wholeSummed is a whole body with a checksum behind it, for which the file
// backend asks its body.
type wholeSummed struct {
	whole
	sum middlewares.ChecksumReader
}

// Algorithm implements middlewares.ChecksumReader.
func (w *wholeSummed) Algorithm() string { return w.sum.Algorithm() }

// Checksum implements middlewares.ChecksumReader.
func (w *wholeSummed) Checksum() string { return w.sum.Checksum() }

// wholeBody returns body as a whole one; nil is an empty one.
func wholeBody(body io.Reader, length *int64) io.Reader {
	if body == nil || length == nil {
		return http.NoBody
	}
	w := whole{src: body, left: *length}
	if sum, ok := body.(middlewares.ChecksumReader); ok {
		return &wholeSummed{w, sum}
	}
	return &w
}

func (b *backend) publish(bucket, key *string) *publication {
	return &publication{b: b, dir: b.dir(bucket), path: b.path(bucket, key)}
}

func (b *backend) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	p := b.publish(in.Bucket, in.Key)
	if err := p.takeTags(&in); err != nil {
		return s3response.PutObjectOutput{}, b.fail("PutObject", err)
	}
	in.Bucket, in.Body = &p.dir, wholeBody(in.Body, in.ContentLength)
	if strings.HasSuffix(*in.Key, "/") {
		// A directory has no body and nothing is staged.
		if p.enter(); p.err != nil {
			return s3response.PutObjectOutput{}, b.fail("PutObject", p.end(p.err))
		}
	}
	out, err := b.posix.PutObjectWithPostFunc(ctx, in, p.begin)
	if err == nil && strings.HasSuffix(*in.Key, "/") && in.Tagging == nil {
		err = p.untag(*in.Key)
	}
	return out, b.fail("PutObject", p.end(p.conflict(err)))
}

// untag takes away the tags that a directory has from an earlier put: there is
// no new file in which they would be missing.
func (p *publication) untag(key string) error {
	err := p.b.meta.DeleteAttribute(p.dir, key, tagsAttribute)
	if errors.Is(err, meta.ErrNoSuchKey) {
		return nil
	}
	return err
}

// conflict returns err, the file backend's for a put. It calls everything that
// goes wrong with the name a directory in its place: also that a deletion took
// the directory away in which the name was to be made. That passes.
func (p *publication) conflict(err error) error {
	if !errors.Is(err, s3err.GetAPIError(s3err.ErrExistingObjectIsDirectory)) {
		return err
	}
	if fi, statErr := os.Stat(p.path); statErr == nil && fi.IsDir() {
		return err
	}
	return s3err.GetAPIError(s3err.ErrSlowDown)
}

func (b *backend) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	in.Bucket = b.dirOf(in.Bucket)
	in.IfModifiedSince, in.IfUnmodifiedSince = modifiedSince(in.IfModifiedSince), unmodifiedSince(in.IfUnmodifiedSince)
	out, err := b.posix.HeadObject(ctx, in)
	return out, b.fail("HeadObject", err)
}

func (b *backend) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	in.Bucket = b.dirOf(in.Bucket)
	in.IfModifiedSince, in.IfUnmodifiedSince = modifiedSince(in.IfModifiedSince), unmodifiedSince(in.IfUnmodifiedSince)
	if in.Range == nil {
		in.Range = new(string) // the file backend reads it unasked for directories
	}
	out, err := b.posix.GetObject(ctx, in)
	return out, b.fail("GetObject", err)
}

func (b *backend) GetObjectAttributes(ctx context.Context, in *s3.GetObjectAttributesInput) (s3response.GetObjectAttributesResponse, error) {
	in.Bucket = b.dirOf(in.Bucket)
	out, err := b.posix.GetObjectAttributes(ctx, in)
	return out, b.fail("GetObjectAttributes", err)
}

func (b *backend) ListObjects(ctx context.Context, in *s3.ListObjectsInput) (s3response.ListObjectsResult, error) {
	name := in.Bucket
	in.Bucket = b.dirOf(in.Bucket)
	out, err := b.posix.ListObjects(ctx, in)
	out.Name = name
	return out, b.fail("ListObjects", err)
}

func (b *backend) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	name := in.Bucket
	in.Bucket = b.dirOf(in.Bucket)
	out, err := b.posix.ListObjectsV2(ctx, in)
	out.Name = name
	return out, b.fail("ListObjectsV2", err)
}

func (b *backend) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	path, dir := b.path(in.Bucket, in.Key), b.dir(in.Bucket)
	in.Bucket = &dir
	out, err := b.posix.DeleteObject(ctx, in)
	if errors.Is(err, s3err.GetAPIError(s3err.ErrDirectoryNotEmpty)) {
		// A directory with objects in it that is no object itself.
		out, err = &s3.DeleteObjectOutput{}, nil
	}
	if err == nil {
		// Also when there was nothing to delete: the removal that came before
		// may not be durable yet, and this answer says that the key is gone.
		err = b.disk.syncUp(path, dir)
	}
	return out, b.fail("DeleteObject", err)
}

func (b *backend) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	dir := b.dir(in.Bucket)
	in.Bucket = &dir
	out, err := b.posix.DeleteObjects(ctx, in)
	if err == nil {
		err = b.syncDeleted(dir, out)
	}
	return out, b.fail("DeleteObjects", err)
}

// syncDeleted syncs each directory above the deleted keys once.
func (b *backend) syncDeleted(dir string, res s3response.DeleteResult) error {
	seen := map[string]bool{}
	for _, o := range res.Deleted {
		for path := filepath.Join(dir, *o.Key); len(path) > len(dir); {
			path = filepath.Dir(path)
			if seen[path] {
				break
			}
			seen[path] = true
			if err := b.disk.sync(path); err != nil {
				return err
			}
		}
	}
	return nil
}
