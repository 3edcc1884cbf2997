package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/pkg/xattr"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/s3err"
)

// openMetadata chooses where attributes of objects are kept: as extended
// attributes where the file system has them, else in files below
// dir/metadata. The choice is made once, when the store is new: a store whose
// attributes have been lost is refused rather than served without them.
func openMetadata(dir, objects string, d disk) (meta.MetadataStorer, error) {
	sidecar := filepath.Join(dir, "metadata")
	if _, err := os.Stat(sidecar); err == nil {
		return newSidecar(sidecar, objects, d)
	}
	works, err := xattrWorks(objects)
	if err != nil {
		return nil, err
	}
	if works {
		return xattrs{disk: d}, nil
	}
	old, err := os.ReadDir(objects)
	if err != nil {
		return nil, err
	}
	if len(old) > 0 {
		return nil, fmt.Errorf("%s keeps its metadata in extended attributes, which this file system does not have: copy it to one that has, with its attributes", objects)
	}
	if err := os.Mkdir(sidecar, 0o700); err != nil {
		return nil, err
	}
	if err := d.syncUp(sidecar, dir); err != nil {
		return nil, err
	}
	return newSidecar(sidecar, objects, d)
}

// xattrWorks writes an attribute to dir, because some file systems only tell then.
func xattrWorks(dir string) (bool, error) {
	const name = "user.rolecall.probe"
	err := xattr.Set(dir, name, []byte{1})
	if errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.EPERM) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, xattr.Remove(dir, name)
}

// xattrs keeps attributes on the file itself and makes those that are set by
// path durable at once. Attributes set through an open file belong to a body
// that is being staged; the backend syncs that file before it answers.
type xattrs struct {
	meta.XattrMeta
	disk disk
}

func (x xattrs) StoreAttribute(f *os.File, bucket, object, attribute string, value []byte) error {
	if err := x.XattrMeta.StoreAttribute(f, bucket, object, attribute, value); err != nil {
		return x.tooLarge(bucket, err)
	}
	if f != nil {
		return nil
	}
	return x.disk.sync(filepath.Join(bucket, object))
}

// tooLarge tells attributes that a file has no room for from a full disk: file
// systems keep all of a file's together in as little as 4 KB, and say of both
// that there is no space.
func (x xattrs) tooLarge(bucket string, err error) error {
	var free syscall.Statfs_t
	switch {
	case errors.Is(err, syscall.E2BIG), errors.Is(err, syscall.ERANGE),
		errors.Is(err, s3err.GetAPIError(s3err.ErrNoSpaceLeftOnDevice)) && syscall.Statfs(bucket, &free) == nil && free.Bavail > 0:
		return s3err.GetAPIError(s3err.ErrMetadataTooLarge)
	}
	return err
}

func (x xattrs) DeleteAttribute(bucket, object, attribute string) error {
	if err := x.XattrMeta.DeleteAttribute(bucket, object, attribute); err != nil {
		return err
	}
	return x.disk.sync(filepath.Join(bucket, object))
}

// sidecar keeps each attribute in a file of its own and makes it durable at
// once: BUCKET/SEGMENT/.../meta/ATTRIBUTE below dir. Segments that would be
// mistaken for a meta directory get a prefix.
type sidecar struct {
	files   meta.SideCar
	dir     string
	objects string
	disk    disk
	fresh   *freshObjects
}

// freshObjects are the staged bodies of objects that are about to get their
// first attribute, by the body's path, with the tags that they are to have.
// Attributes in files belong to the name, so that an object would keep those of
// the one that it replaces: its tags too, by which access to it is decided.
type freshObjects struct {
	mu   sync.Mutex // guards tags
	tags map[string][]byte
}

func (o *freshObjects) add(staged string, tags []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tags[staged] = tags
}

// take reports whether staged was there, and removes it.
func (o *freshObjects) take(staged string) ([]byte, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	tags, ok := o.tags[staged]
	delete(o.tags, staged)
	return tags, ok
}

var _ meta.MetadataStorer = sidecar{}

func newSidecar(dir, objects string, d disk) (meta.MetadataStorer, error) {
	files, err := meta.NewSideCar(dir)
	if err != nil {
		return nil, err
	}
	return sidecar{files: files, dir: dir, objects: objects, disk: d, fresh: &freshObjects{tags: map[string][]byte{}}}, nil
}

// name turns the absolute path of a bucket, or of something in it, and an
// object into names below the sidecar directory.
func (s sidecar) name(bucket, object string) (string, string) {
	rel := strings.TrimPrefix(strings.TrimPrefix(bucket, s.objects), "/")
	bucket, rest, _ := strings.Cut(rel, "/")
	return bucket, escapeSegments(filepath.Join(rest, object))
}

// escapeSegments puts "=" before each segment of the form =*meta, so that no
// object can have the name of a meta directory. It is injective.
func escapeSegments(object string) string {
	segments := strings.Split(object, "/")
	for i, s := range segments {
		if strings.TrimLeft(s, "=") == "meta" {
			segments[i] = "=" + s
		}
	}
	return strings.Join(segments, "/")
}

func (s sidecar) attributeFile(bucket, object, attribute string) string {
	return filepath.Join(s.dir, bucket, object, "meta", attribute)
}

func (s sidecar) RetrieveAttribute(f *os.File, bucket, object, attribute string) ([]byte, error) {
	b, o := s.name(bucket, object)
	return s.files.RetrieveAttribute(f, b, o, attribute)
}

// StoreAttribute implements meta.MetadataStorer. The first attribute of a fresh
// object replaces those of the object that has its name: by now all conditions of
// the put have been found true, and nobody else writes to this name.
func (s sidecar) StoreAttribute(f *os.File, bucket, object, attribute string, value []byte) error {
	if f != nil {
		if tags, ok := s.fresh.take(f.Name()); ok {
			if err := s.replaceAttributes(bucket, object, tags); err != nil {
				return err
			}
		}
	}
	b, o := s.name(bucket, object)
	if err := s.files.StoreAttribute(f, b, o, attribute, value); err != nil {
		return err
	}
	return s.disk.syncUp(s.attributeFile(b, o, attribute), s.dir)
}

// replaceAttributes leaves an object with its tags and no other attribute.
func (s sidecar) replaceAttributes(bucket, object string, tags []byte) error {
	if err := s.DeleteAttributes(bucket, object); err != nil || tags == nil {
		return err
	}
	return s.StoreAttribute(nil, bucket, object, tagsAttribute, tags)
}

func (s sidecar) DeleteAttribute(bucket, object, attribute string) error {
	b, o := s.name(bucket, object)
	if err := s.files.DeleteAttribute(b, o, attribute); err != nil {
		return err
	}
	return s.disk.syncUp(s.attributeFile(b, o, attribute), s.dir)
}

func (s sidecar) ListAttributes(bucket, object string) ([]string, error) {
	return s.files.ListAttributes(s.name(bucket, object))
}

func (s sidecar) DeleteAttributes(bucket, object string) error {
	b, o := s.name(bucket, object)
	if err := s.files.DeleteAttributes(b, o); err != nil {
		return err
	}
	return s.disk.syncUp(s.attributeFile(b, o, ""), s.dir)
}

func (s sidecar) RenameObject(bucket, oldObject, newObject string) error {
	b, from := s.name(bucket, oldObject)
	_, to := s.name(bucket, newObject)
	if err := s.files.RenameObject(b, from, to); err != nil {
		return err
	}
	return s.disk.syncUp(filepath.Join(s.dir, b, to), s.dir)
}
