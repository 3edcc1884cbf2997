package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile puts data under path with exactly the permissions perm, in place of
// whatever file was there. When it returns nil, no crash takes the file back.
// When it fails, or a crash interrupts it, path is as it was before; after a
// crash a file named like path, with a leading dot and a suffix, may be left
// beside it, readable by its owner only.
func WriteFile(path string, data []byte, perm fs.FileMode) error {
	return place(path, data, perm, os.Rename)
}

// CreateFile is WriteFile for a file that must not exist: if it does, the error
// is fs.ErrExist and the file is left alone. Of several callers at the same
// time one succeeds.
func CreateFile(path string, data []byte, perm fs.FileMode) error {
	return place(path, data, perm, os.Link)
}

// place writes a file of another name, lets name give it its own, and makes
// both last.
func place(path string, data []byte, perm fs.FileMode, name func(from, to string) error) (err error) {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	temp, err := os.CreateTemp(dir, "."+base+".*")
	if err != nil {
		return err
	}
	// After a rename the temporary name is gone, after a link it must go.
	defer func() {
		if rerr := os.Remove(temp.Name()); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
	}()
	if err := fill(temp, data, perm); err != nil {
		return err
	}
	if err := name(temp.Name(), path); err != nil {
		return err
	}
	return SyncDir(dir)
}

func fill(f *os.File, data []byte, perm fs.FileMode) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// SyncDir makes the names in dir last: files created, renamed and removed.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
