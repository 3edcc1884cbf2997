package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	vgw "github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/posix"
)

// inProgress ends the name that an upload has while it is completed: its id, a
// dot, a token of its parts and this.
const inProgress = ".inprogress"

// settleUploads ends what a crash interrupted between the beginning of a
// completion and the removal of its parts. If the object was made, what is left
// of the parts goes, so that the completion can be repeated and finds the object;
// else the upload gets its name back, and with it everything that can be done to
// an upload.
func (b *backend) settleUploads() error {
	left, err := filepath.Glob(filepath.Join(globQuote(b.objects), "*", posix.MetaTmpMultipartDir, "*", "*"+inProgress))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := b.settleUpload(path); err != nil {
			return err
		}
	}
	return nil
}

func (b *backend) settleUpload(path string) error {
	bucket := path
	for filepath.Dir(bucket) != b.objects {
		bucket = filepath.Dir(bucket)
	}
	uploads, err := filepath.Rel(bucket, filepath.Dir(path))
	if err != nil {
		return err
	}
	id, _, _ := strings.Cut(filepath.Base(path), ".")
	key, err := b.meta.RetrieveAttribute(nil, bucket, uploads, "objname")
	if err != nil { // nothing tells whose it is, and nothing shows it
		b.log.Warn("object store: an upload without a key is left alone", "path", path, "error", err)
		return nil
	}
	if _, made := b.madeFrom(id, bucket, string(key)); !made {
		return b.resume(bucket, filepath.Dir(path), path, id, string(key))
	}
	if err := b.meta.DeleteAttributes(bucket, filepath.Join(uploads, filepath.Base(path))); err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	_ = os.Remove(filepath.Dir(path)) // stays while the key has other uploads
	return b.disk.syncUp(path, bucket)
}

// resume gives an upload its name back.
func (b *backend) resume(bucket, dir, left, id, key string) error {
	if err := os.Rename(left, filepath.Join(dir, id)); err != nil {
		return err
	}
	uploads := uploadsOf(key)
	err := b.meta.RenameObject(bucket, filepath.Join(uploads, filepath.Base(left)), filepath.Join(uploads, id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the crash came before the attributes got the other name
	}
	return err
}

// madeFrom reports whether an object was made from an upload, and its ETag. The
// size is looked at as well: where attributes lie in files, they are there a
// moment before the body.
func (b *backend) madeFrom(id, bucket, key string) (etag string, made bool) {
	raw, err := b.meta.RetrieveAttribute(nil, bucket, key, "mp-metadata")
	if err != nil {
		return "", false
	}
	from, err := vgw.UnmarshalMpUploadMetadata(raw, false)
	if err != nil || from.UploadID != id || len(from.Parts) == 0 {
		return "", false
	}
	fi, err := os.Stat(filepath.Join(bucket, key))
	if err != nil || fi.Size() != from.Parts[len(from.Parts)-1] {
		return "", false
	}
	tag, err := b.meta.RetrieveAttribute(nil, bucket, key, "etag")
	return string(tag), err == nil
}
