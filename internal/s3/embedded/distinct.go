package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// confusable are names that are different keys, and that some file systems take
// for one (no bucket begins with a dot): those that do not look at case, or at how a letter is composed.
var confusable = [][2]string{
	{".rolecall-probe-a", ".rolecall-probe-A"},
	{".rolecall-probe-\u00e9", ".rolecall-probe-e\u0301"},
	{".rolecall-probe-\u00df", ".rolecall-probe-ss"},
	{".rolecall-probe.", ".rolecall-probe"},
}

// checkNames refuses a directory in which two keys could be one object: what is
// allowed for the one would be done to the other. exists reports whether a path
// is there.
func checkNames(dir string, exists func(path string) (bool, error)) error {
	for _, pair := range confusable {
		if err := checkPair(filepath.Join(dir, pair[0]), filepath.Join(dir, pair[1]), exists); err != nil {
			return err
		}
	}
	return nil
}

func checkPair(path, other string, exists func(path string) (bool, error)) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(path)
	if err := f.Close(); err != nil {
		return err
	}
	there, err := exists(other)
	if err == nil && there {
		err = fmt.Errorf("the file system of %s takes %q and %q for one name, and so different objects for one: choose a directory on one that tells them apart",
			filepath.Dir(path), filepath.Base(path), filepath.Base(other))
	}
	return err
}

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
