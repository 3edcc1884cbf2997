package audit

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

var errDisk = errors.New("input/output error")

// faultDisk is a directory with faults: operations that fail when told to, and
// a limit on the bytes that can be written.
type faultDisk struct {
	directory

	mu    sync.Mutex     // guards what follows
	fail  map[string]int // operation: which call from now on fails; negative for all
	room  int64          // bytes that can still be written; negative for no limit
	calls map[string]int
}

func newFaultDisk(t *testing.T) *faultDisk {
	return &faultDisk{directory: directory(t.TempDir()), fail: map[string]int{}, room: -1, calls: map[string]int{}}
}

// failNext makes the n-th call of op from now on fail; -1 makes all fail, 0 none.
func (d *faultDisk) failNext(op string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail[op] = n
}

func (d *faultDisk) setRoom(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = n
}

func (d *faultDisk) fault(op string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[op]++
	switch n := d.fail[op]; {
	case n < 0:
		return errDisk
	case n == 1:
		d.fail[op] = 0
		return errDisk
	case n > 1:
		d.fail[op]--
	}
	return nil
}

func (d *faultDisk) openAppend(name string) (file, int64, error) {
	if err := d.fault("open"); err != nil {
		return nil, 0, err
	}
	f, size, err := d.directory.openAppend(name)
	return &faultFile{f, d}, size, err
}

func (d *faultDisk) rename(from, to string) error {
	if err := d.fault("rename"); err != nil {
		return err
	}
	return d.directory.rename(from, to)
}

func (d *faultDisk) remove(name string) error {
	size, _ := d.size(name)
	err := d.directory.remove(name)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil && d.room >= 0 {
		d.room += size
	}
	return err
}

func (d *faultDisk) allocate(name string, size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.room >= 0 {
		if d.room < size {
			return syscall.ENOSPC
		}
		d.room -= size
	}
	return d.directory.allocate(name, size)
}

func (d *faultDisk) free() (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.room < 0 {
		return 1 << 40, nil
	}
	return d.room, nil
}

type faultFile struct {
	file
	disk *faultDisk
}

// Write writes half of p when it fails, and what there is room for on a full
// disk, as write(2) does.
func (f *faultFile) Write(p []byte) (int, error) {
	if f.disk.fault("short") != nil {
		return f.file.Write(p[:len(p)/2])
	}
	if err := f.disk.fault("write"); err != nil {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, err
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.room < 0 {
		return f.file.Write(p)
	}
	fits := min(int64(len(p)), f.disk.room)
	n, err := f.file.Write(p[:fits])
	f.disk.room -= int64(n)
	if err == nil && n < len(p) {
		err = syscall.ENOSPC
	}
	return n, err
}

func (f *faultFile) Sync() error {
	if err := f.disk.fault("sync"); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f *faultFile) Truncate(size int64) error {
	if err := f.disk.fault("truncate"); err != nil {
		return err
	}
	return f.file.Truncate(size)
}

// readAll returns all lines of all files, oldest first, and fails if one of
// them is not whole.
func readAll(t *testing.T, d disk) []map[string]any {
	t.Helper()
	names, err := rotatedNames(d)
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]any
	for _, name := range append(names, currentName) {
		for _, line := range splitLines(t, name, readFile(t, d, name)) {
			records = append(records, decode(t, line))
		}
	}
	return records
}

func readFile(t *testing.T, d disk, name string) []byte {
	t.Helper()
	r, err := d.read(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func writeFile(t *testing.T, d directory, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(string(d), name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}
