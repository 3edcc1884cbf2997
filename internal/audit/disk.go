package audit

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// file is what the log needs of an open file. Writes go to its end.
type file interface {
	io.Writer
	Sync() error
	Truncate(size int64) error
	Close() error
}

// disk is what the log needs of its directory. Tests put faults in between.
type disk interface {
	openAppend(name string) (_ file, size int64, err error) // made if absent
	read(name string) (io.ReadCloser, error)
	rename(from, to string) error
	remove(name string) error
	list() ([]string, error) // sorted
	sync() error             // makes names durable
	allocate(name string, size int64) error
	size(name string) (int64, error)
	free() (int64, error) // bytes that we could still write
}

// directory is the disk of the operating system.
type directory string

func (d directory) path(name string) string { return filepath.Join(string(d), name) }

func (d directory) openAppend(name string) (file, int64, error) {
	f, err := os.OpenFile(d.path(name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func (d directory) read(name string) (io.ReadCloser, error) { return os.Open(d.path(name)) }
func (d directory) rename(from, to string) error            { return os.Rename(d.path(from), d.path(to)) }
func (d directory) remove(name string) error                { return os.Remove(d.path(name)) }

func (d directory) list() ([]string, error) {
	entries, err := os.ReadDir(string(d))
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func (d directory) sync() error {
	f, err := os.Open(string(d))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d directory) size(name string) (int64, error) {
	info, err := os.Stat(d.path(name))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// allocate makes a file whose size bytes are taken from the disk now. What is
// left of an attempt that found no space is removed.
func (d directory) allocate(name string, size int64) error {
	f, err := os.OpenFile(d.path(name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(allocate(f, size), f.Close()); err != nil {
		return errors.Join(err, d.remove(name))
	}
	return nil
}

// writeZeros allocates where the system has no call for it.
func writeZeros(f *os.File, size int64) error {
	zeros := make([]byte, min(size, 1<<20))
	for size > 0 {
		n, err := f.Write(zeros[:min(size, int64(len(zeros)))])
		if err != nil {
			return err
		}
		size -= int64(n)
	}
	return nil
}

// outOfSpace reports whether err is the answer of a full disk or quota.
func outOfSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
