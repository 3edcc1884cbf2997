package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/durable"
)

func TestPrepareDirCreates(t *testing.T) {
	t.Parallel()
	want := filepath.Join(t.TempDir(), "a", "b", "c")
	for range 2 { // the second time it is there
		got, err := durable.PrepareDir(want + "/x/..")
		if err != nil || got != want {
			t.Fatalf("PrepareDir = %q, %v; want %q", got, err, want)
		}
	}
	for dir := want; filepath.Base(dir) != "001"; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, %v; want 0700", dir, info.Mode(), err)
		}
	}
}

func TestPrepareDirMakesPathsAbsolute(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	got, err := durable.PrepareDir("data")
	if want := filepath.Join(dir, "data"); err != nil || got != want {
		t.Errorf("PrepareDir(data) = %q, %v; want %q", got, err, want)
	}
}

func TestPrepareDirRefusesWhatOthersCanReach(t *testing.T) {
	t.Parallel()
	for _, mode := range []fs.FileMode{0o755, 0o750, 0o740, 0o701, 0o710, 0o702, 0o777} {
		dir := filepath.Join(t.TempDir(), "data")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		_, err := durable.PrepareDir(dir)
		if !errors.Is(err, durable.ErrExposed) || !strings.Contains(err.Error(), "chmod 700 "+dir) {
			t.Errorf("PrepareDir of mode %v = %v; want ErrExposed and what to run", mode, err)
		}
	}
}

func TestPrepareDirRefusesWhatIsNoDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", file, filepath.Join(file, "below")} {
		if got, err := durable.PrepareDir(path); err == nil {
			t.Errorf("PrepareDir(%q) = %q; want an error", path, got)
		}
	}
}
