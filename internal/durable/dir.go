package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExposed is returned by PrepareDir for a directory that others than its
// owner can enter, read or change. The error says what to do.
var ErrExposed = errors.New("open to other users")

// PrepareDir returns the absolute path of dir, which it creates, with the
// parents that are missing, for its owner alone (0700) and so that a crash does
// not take it back. A directory that exists is taken as it is if it is open to
// nobody else, and refused otherwise: what was readable may have been read.
func PrepareDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no directory given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return dir, makeDir(dir)
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", fmt.Errorf("%s is not a directory", dir)
	case info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("%s is %w (mode %04o): run chmod 700 %s", dir, ErrExposed, info.Mode().Perm(), dir)
	}
	return dir, nil
}

// makeDir makes dir and its missing parents, each synced into its own parent.
// Whoever makes the same directory at the same time is tolerated.
func makeDir(dir string) error {
	parent := filepath.Dir(dir)
	if _, err := os.Stat(parent); errors.Is(err, fs.ErrNotExist) {
		if err := makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return SyncDir(parent)
}
