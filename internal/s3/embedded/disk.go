package embedded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// disk makes changes durable. The zero value is not usable: fsync must be set.
type disk struct {
	// fsync is called with an open file or directory.
	fsync func(*os.File) error
}

func fsync(f *os.File) error { return f.Sync() }

// sync makes the file or directory at path durable. A path that is gone is not
// an error: what took it away syncs its parent.
func (d disk) sync(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return d.fsync(f)
}

// syncUp makes path and every directory above it, up to and with root,
// durable. It serves removals too: then the first directory that still exists
// is where it begins. All directories are synced, not only those that this
// request made, because another request may have made one and not yet synced it.
func (d disk) syncUp(path, root string) error {
	for {
		if err := d.sync(path); err != nil {
			return err
		}
		if len(path) <= len(root) {
			return nil
		}
		path = filepath.Dir(path)
	}
}
