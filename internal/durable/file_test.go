package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"rolecall.dev/rolecall/internal/durable"
)

// only checks that path holds want with mode, and that nothing is beside it.
func only(t *testing.T, path, want string, mode fs.FileMode) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", path, got, err, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != mode {
		t.Errorf("%s has mode %v, %v; want %v", path, info.Mode(), err, mode)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, %v; want one file", entries, err)
	}
}

func TestWriteFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "credentials")
	for _, c := range []struct {
		data string
		mode fs.FileMode
	}{
		{"first", 0o600},
		{"", 0o600},
		{strings.Repeat("x", 1<<20), 0o644},
		{"last", 0o600},
	} {
		if err := durable.WriteFile(path, []byte(c.data), c.mode); err != nil {
			t.Fatalf("WriteFile of %d bytes: %v", len(c.data), err)
		}
		only(t, path, c.data, c.mode)
	}
}

func TestWriteFileFailsWithoutATrace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := filepath.Join(dir, "target") // a directory: the rename must fail
	if err := os.MkdirAll(filepath.Join(target, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := durable.WriteFile(target, []byte("x"), 0o600); err == nil {
		t.Error("WriteFile over a directory succeeded")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, %v; want the target only", entries, err)
	}
	if err := durable.WriteFile(filepath.Join(dir, "absent", "f"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("WriteFile in a missing directory = %v; want fs.ErrNotExist", err)
	}
}

func TestWriteFileOfARelativePath(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := durable.WriteFile("name", []byte("v"), 0o600); err != nil {
		t.Fatal(err)
	}
	only(t, filepath.Join(dir, "name"), "v", 0o600)
}

func TestCreateFileNeverReplaces(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := durable.CreateFile(path, []byte("old"), 0o600); err != nil {
		t.Fatalf("CreateFile: %v", err)
	}
	if err := durable.CreateFile(path, []byte("new"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second CreateFile = %v; want fs.ErrExist", err)
	}
	only(t, path, "old", 0o600)
}

func TestCreateFileHasOneWinner(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	var wins atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if durable.CreateFile(path, []byte("k"), 0o600) == nil {
				wins.Add(1)
			}
		})
	}
	group.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d of 8 callers created the file; want 1", wins.Load())
	}
	only(t, path, "k", 0o600)
}
