package embedded

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/pkg/xattr"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// platter is what a disk would hold after a power loss: for each inode the
// state that it had when it was last synced. A directory's state is its
// entries, a file's its bytes and attributes.
type platter struct {
	mu    sync.Mutex // guards state
	state map[uint64]string
}

func (p *platter) fsync(f *os.File) error {
	path := f.Name()
	if fi, err := f.Stat(); err == nil && fi.Mode().IsRegular() {
		path = fmt.Sprintf("/proc/self/fd/%d", f.Fd())
	}
	ino, state, err := stateOf(path)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state[ino] = state
	return nil
}

func stateOf(path string) (ino uint64, state string, err error) {
	fi, err := os.Stat(path)
	if err != nil {
		return 0, "", err
	}
	var b strings.Builder
	names, err := xattr.List(path)
	if err != nil {
		return 0, "", err
	}
	slices.Sort(names)
	for _, n := range names {
		v, err := xattr.Get(path, n)
		if err != nil {
			return 0, "", err
		}
		fmt.Fprintf(&b, "%s=%s ", n, hex.EncodeToString(v))
	}
	if fi.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return 0, "", err
		}
		for _, e := range entries {
			sub, err := e.Info()
			if err != nil {
				return 0, "", err
			}
			fmt.Fprintf(&b, "%s:%d ", e.Name(), sub.Sys().(*syscall.Stat_t).Ino)
		}
	} else {
		body, err := os.ReadFile(path)
		if err != nil {
			return 0, "", err
		}
		b.Write(body)
	}
	return fi.Sys().(*syscall.Stat_t).Ino, b.String(), nil
}

// lost returns the paths below root whose state would not survive.
func (p *platter) lost(t *testing.T, root string) []string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	var lost []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		ino, state, err := stateOf(path)
		if err == nil && p.state[ino] != state {
			lost = append(lost, strings.TrimPrefix(path, root))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lost
}

func putInput(bucket, key string, size int64, body io.Reader) s3response.PutObjectInput {
	return s3response.PutObjectInput{Bucket: &bucket, Key: &key, Body: body, ContentLength: &size}
}

// change is one acknowledged operation.
type change struct {
	name string
	run  func(b *backend) error
}

func put(bucket, key, body string) change {
	return change{"put " + bucket + "/" + key, func(b *backend) error {
		_, err := b.PutObject(context.Background(), putInput(bucket, key, int64(len(body)), strings.NewReader(body)))
		return err
	}}
}

func del(bucket, key string) change {
	return change{"delete " + bucket + "/" + key, func(b *backend) error {
		_, err := b.DeleteObject(context.Background(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
		return err
	}}
}

// changes is every kind of change, each building on those before it.
func changes() []change {
	ctx := context.Background()
	bucket := func() *string { return aws.String("bucket") }
	var id string
	var part types.CompletedPart
	create := change{"create bucket", func(b *backend) error {
		in := &s3.CreateBucketInput{Bucket: bucket(), CreateBucketConfiguration: &types.CreateBucketConfiguration{}, ObjectLockEnabledForBucket: aws.Bool(true)}
		return b.CreateBucket(ctx, in, []byte(`{"Owner":"rolecall"}`))
	}}
	tagged := putInput("bucket", "tagged", 1, strings.NewReader("t"))
	tagged.Tagging, tagged.Metadata = aws.String("a=1"), map[string]string{"k": "v"}
	return []change{
		create,
		put("bucket", "plain", "body"),
		put("bucket", "plain", "another body"),
		put("bucket", "new/dir/deep", "body"),
		put("bucket", "new/dir/other", "body"),
		put("bucket", "folder/", ""),
		{"put tagged", func(b *backend) error { _, err := b.PutObject(ctx, tagged); return err }},
		{"tag bucket", func(b *backend) error { return b.PutBucketTagging(ctx, "bucket", map[string]string{"x": "y"}) }},
		{"tag object", func(b *backend) error {
			return b.PutObjectTagging(ctx, "bucket", "plain", "", map[string]string{"x": "y"})
		}},
		{"untag object", func(b *backend) error { return b.DeleteObjectTagging(ctx, "bucket", "plain", "") }},
		{"hold", func(b *backend) error { return b.PutObjectLegalHold(ctx, "bucket", "plain", "", true) }},
		{"retain", func(b *backend) error {
			return b.PutObjectRetention(ctx, "bucket", "plain", "", []byte(`{"Mode":"GOVERNANCE"}`))
		}},
		{"copy", func(b *backend) error {
			_, err := b.CopyObject(ctx, s3response.CopyObjectInput{Bucket: bucket(), Key: aws.String("copied/to"), CopySource: aws.String("bucket/tagged")})
			return err
		}},
		{"start upload", func(b *backend) error {
			up, err := b.CreateMultipartUpload(ctx, s3response.CreateMultipartUploadInput{Bucket: bucket(), Key: aws.String("up/load")})
			id = up.UploadId
			return err
		}},
		{"upload part", func(b *backend) error {
			out, err := b.UploadPart(ctx, &s3.UploadPartInput{Bucket: bucket(), Key: aws.String("up/load"), UploadId: &id,
				PartNumber: aws.Int32(1), Body: strings.NewReader("part"), ContentLength: aws.Int64(4)})
			if err == nil {
				part = types.CompletedPart{PartNumber: aws.Int32(1), ETag: out.ETag}
			}
			return err
		}},
		{"complete upload", func(b *backend) error {
			_, _, err := b.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: bucket(), Key: aws.String("up/load"), UploadId: &id,
				MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{part}}})
			return err
		}},
		{"start upload", func(b *backend) error {
			up, err := b.CreateMultipartUpload(ctx, s3response.CreateMultipartUploadInput{Bucket: bucket(), Key: aws.String("up/load")})
			id = up.UploadId
			return err
		}},
		{"abort upload", func(b *backend) error {
			return b.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: bucket(), Key: aws.String("up/load"), UploadId: &id})
		}},
		del("bucket", "new/dir/deep"),
		del("bucket", "new/dir/other"),
		del("bucket", "folder/"),
		{"delete several", func(b *backend) error {
			var ids []types.ObjectIdentifier
			for _, k := range []string{"plain", "tagged", "copied/to", "up/load", "absent"} {
				ids = append(ids, types.ObjectIdentifier{Key: aws.String(k)})
			}
			_, err := b.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: bucket(), Delete: &types.Delete{Objects: ids}})
			return err
		}},
		{"delete bucket", func(b *backend) error { return b.DeleteBucket(ctx, "bucket") }},
		create,
	}
}

func TestWhatIsAcknowledgedSurvivesAPowerLoss(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, "data")
	p := &platter{state: map[uint64]string{}}
	b, err := openBackend(dir, p.fsync, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	if lost := p.lost(t, parent); len(lost) > 0 {
		t.Errorf("after the first start, a power loss would undo %q", lost)
	}
	if _, ok := b.meta.(xattrs); !ok {
		t.Skip("the temporary directory has no extended attributes")
	}
	defer b.Shutdown()
	for _, c := range changes() {
		if err := c.run(b); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if lost := p.lost(t, dir); len(lost) > 0 {
			t.Errorf("after %s was acknowledged, a power loss would undo %q", c.name, lost)
		}
	}
}

// named returns the objects of a bucket by inode, with their paths and bytes.
func named(t *testing.T, bucket string) map[uint64][2]string {
	t.Helper()
	all := map[uint64][2]string{}
	err := filepath.WalkDir(bucket, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err == nil && entry.Name() == posix.MetaTmpDir:
			return fs.SkipDir
		case err != nil || !entry.Type().IsRegular():
			return err
		}
		fi, err := entry.Info()
		if err != nil {
			return err
		}
		body, err := os.ReadFile(path)
		all[fi.Sys().(*syscall.Stat_t).Ino] = [2]string{strings.TrimPrefix(path, bucket), string(body)}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A crash may leave a name behind as soon as it is given. It then leads to all
// that was sent: at every sync, each named body has been synced before.
func TestABodyIsDurableBeforeItHasAName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bodies := map[uint64]string{}
	var early []string
	b, err := openBackend(dir, func(f *os.File) error {
		for ino, object := range named(t, filepath.Join(dir, "objects", "bucket")) {
			if bodies[ino] != object[1] {
				early = append(early, object[0])
			}
		}
		fi, err := f.Stat()
		if err != nil || !fi.Mode().IsRegular() {
			return err
		}
		body, err := os.ReadFile(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
		bodies[fi.Sys().(*syscall.Stat_t).Ino] = string(body)
		return err
	}, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Shutdown()
	for _, c := range changes() {
		early = nil
		if err := c.run(b); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(early) > 0 {
			t.Errorf("%s: %q had their names before they were durable", c.name, early)
		}
	}
}

func TestARenameInTheSidecarIsDurable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := &platter{state: map[uint64]string{}}
	s, err := newSidecar(dir, "/objects", disk{fsync: p.fsync})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.StoreAttribute(nil, "/objects/bucket", "from", "etag", []byte("e")); err != nil {
		t.Fatal(err)
	}
	if err := s.RenameObject("/objects/bucket", "from", "to"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.RetrieveAttribute(nil, "/objects/bucket", "to", "etag"); string(got) != "e" || err != nil {
		t.Errorf("the attribute of the new name is %q, %v", got, err)
	}
	if lost := p.lost(t, dir); len(lost) > 0 {
		t.Errorf("a power loss would undo %q", lost)
	}
}

// TestSidecar runs every kind of change with attributes in files.
func TestSidecar(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "metadata"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := &platter{state: map[uint64]string{}}
	b, err := openBackend(dir, p.fsync, slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Shutdown()
	if err := p.fsync(mustOpen(t, filepath.Join(dir, "metadata"))); err != nil {
		t.Fatal(err)
	}
	for _, c := range changes() {
		if err := c.run(b); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if lost := p.lost(t, dir); len(lost) > 0 {
			t.Errorf("after %s was acknowledged, a power loss would undo %q", c.name, lost)
		}
	}
	for _, c := range []change{put("bucket", "a/meta/etag", "1"), put("bucket", "meta", "2"), put("bucket", "x/", ""), put("bucket", "x/meta", "3")} {
		if err := c.run(b); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := del("bucket", "x/").run(b); err != nil {
		t.Error(err)
	}
	head, err := b.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("bucket"), Key: aws.String("x/meta")})
	if err != nil || aws.ToString(head.ETag) == "" {
		t.Errorf("x/meta lost its attributes with x/: %+v, %v", head, err)
	}
}

func mustOpen(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestAFailedSyncIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	broken := false
	b, err := openBackend(t.TempDir(), func(*os.File) error {
		if broken {
			return syscall.EIO
		}
		return nil
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Shutdown()
	list := changes()
	if err := list[0].run(b); err != nil {
		t.Fatal(err)
	}
	broken = true
	for _, c := range []change{put("bucket", "k", "v"), del("bucket", "k"), list[len(list)-2]} {
		if c.run(b) == nil {
			t.Errorf("%s was acknowledged although the disk failed", c.name)
		}
	}
}

func TestAShortBodyIsNotStored(t *testing.T) {
	t.Parallel()
	b, err := openBackend(t.TempDir(), fsync, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Shutdown()
	list := changes()
	for _, c := range []change{list[0], put("bucket", "k", "before")} {
		if err := c.run(b); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF} {
		body := io.MultiReader(strings.NewReader("short"), iotest.ErrReader(end))
		if _, err := b.PutObject(t.Context(), putInput("bucket", "k", 10, body)); !errors.Is(err, s3err.GetAPIError(s3err.ErrIncompleteBody)) {
			t.Errorf("a body that ends with %v: got %v, want IncompleteBody", end, err)
		}
	}
	out, err := b.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if body, err := io.ReadAll(out.Body); string(body) != "before" {
		t.Errorf("after a short body the object holds %q, %v", body, err)
	}
	up, err := b.CreateMultipartUpload(t.Context(), s3response.CreateMultipartUploadInput{Bucket: aws.String("bucket"), Key: aws.String("big")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: aws.String("bucket"), Key: aws.String("big"), UploadId: &up.UploadId,
		PartNumber: aws.Int32(1), Body: strings.NewReader("short"), ContentLength: aws.Int64(10)})
	if err == nil {
		t.Error("a short part was acknowledged")
	}
}

func TestEscapeSegments(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "a/b": "a/b", "meta": "=meta", "a/meta/b": "a/=meta/b", "=meta": "==meta", "metadata": "metadata", "a=meta": "a=meta",
	} {
		if got := escapeSegments(in); got != want {
			t.Errorf("escapeSegments(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestABucketIsOneSegment(t *testing.T) {
	t.Parallel()
	b := &backend{objects: "/data/objects"}
	for name, want := range map[string]string{
		"bucket": "/data/objects/bucket", "a.b": "/data/objects/a.b", "": "/data/objects/.invalid", "..": "/data/objects/.invalid",
		".hidden": "/data/objects/.invalid", "a/b": "/data/objects/.invalid", "a\x00b": "/data/objects/.invalid",
	} {
		if got := b.dir(&name); got != want {
			t.Errorf("the directory of %q is %s, want %s", name, got, want)
		}
	}
}

func TestKeyedLock(t *testing.T) {
	t.Parallel()
	var k keyedLock
	unlock, err := k.lock(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	other, err := k.lock(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	other()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := k.lock(ctx, "a"); err == nil {
		t.Error("the same key was locked twice")
	}
	unlock()
	if unlock, err = k.lock(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	unlock()
	if n := len(slices.Collect(maps.Keys(k.held))); n != 0 {
		t.Errorf("%d keys are left behind", n)
	}
}

func TestStagedBodiesGoWithTheNextStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "odd[name")
	open := func() *backend {
		b, err := openBackend(dir, func(*os.File) error { return nil }, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := open()
	for _, c := range []change{changes()[0], put("bucket", "k", "v")} {
		if err := c.run(b); err != nil {
			t.Fatal(err)
		}
	}
	b.Shutdown()
	staging := filepath.Join(dir, "objects", "bucket", posix.MetaTmpDir)
	part := filepath.Join(staging, "multipart", "key", "upload", "1")
	for _, path := range []string{filepath.Join(staging, "left"), part} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("body"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open().Shutdown()
	if _, err := os.Stat(filepath.Join(staging, "left")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a staged body is still there after a start: %v", err)
	}
	for _, path := range []string{part, filepath.Join(dir, "objects", "bucket", "k")} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("a start lost %s: %v", path, err)
		}
	}
}

// A put that lost a race says that it may be sent again, and not that something
// stands in its way.
func TestAPutThatLosesItsStagedBodyMayBeRepeated(t *testing.T) {
	t.Parallel()
	dir, steal := t.TempDir(), false
	b, err := openBackend(dir, func(f *os.File) error {
		if strings.Contains(f.Name(), posix.MetaTmpDir+"/") && steal {
			return os.Remove(f.Name())
		}
		return nil
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Shutdown()
	if err := changes()[0].run(b); err != nil {
		t.Fatal(err)
	}
	steal = true
	if err := put("bucket", "k", "v").run(b); !errors.Is(err, s3err.GetAPIError(s3err.ErrSlowDown)) {
		t.Errorf("a put that lost its body: got %v, want SlowDown", err)
	}
	steal = false
	if err := put("bucket", "d/k", "v").run(b); err != nil {
		t.Fatal(err)
	}
	if err := put("bucket", "d", "v").run(b); !errors.Is(err, s3err.GetAPIError(s3err.ErrExistingObjectIsDirectory)) {
		t.Errorf("a put where a directory is: got %v, want ExistingObjectIsDirectory", err)
	}
}
