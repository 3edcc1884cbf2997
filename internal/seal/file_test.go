package seal_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/seal"
)

func TestCreateThenLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := seal.Load(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("Load before Create = %v; want fs.ErrNotExist", err)
	}
	created, err := seal.Create(path)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("the key file has mode %v, %v; want 0600", info.Mode(), err)
	}
	loaded, err := seal.Load(path)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if got, err := loaded.Open(mustSeal(t, created, "v", "p"), []byte("p")); err != nil || string(got) != "v" {
		t.Errorf("the loaded key opens %q, %v; want v", got, err)
	}
	if _, err := seal.Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second Create = %v; want fs.ErrExist", err)
	}
	if _, err := loaded.Open(mustSeal(t, created, "v", "p"), []byte("p")); err != nil {
		t.Errorf("after the second Create: %v", err)
	}
}

func TestLoadRefusesWhatOthersCanReach(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := seal.Create(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o604, 0o620, 0o602, 0o660} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := seal.Load(path)
		if !errors.Is(err, seal.ErrExposed) || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("Load of mode %v = %v; want ErrExposed and what to run", mode, err)
		}
	}
	for _, mode := range []fs.FileMode{0o600, 0o400} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.Load(path); err != nil {
			t.Errorf("Load of mode %v: %v", mode, err)
		}
	}
}

func TestLoadRefusesWhatIsNoKey(t *testing.T) {
	t.Parallel()
	good, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	secret := good[bytes.Index(good, []byte(`"value"`)):][10:40]
	for name, contents := range map[string][]byte{
		"empty":    nil,
		"cut":      good[:len(good)-10],
		"too long": append(bytes.Clone(good), bytes.Repeat([]byte(" "), 64<<10)...),
	} {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(path, contents, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := seal.Load(path)
		if !errors.Is(err, seal.ErrMalformed) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: Load = %v; want ErrMalformed and the path", name, err)
		}
		if err != nil && strings.Contains(err.Error(), string(secret)) {
			t.Errorf("%s: the error quotes the key", name)
		}
	}
	if _, err := seal.Load(t.TempDir()); err == nil {
		t.Error("Load of a directory succeeded")
	}
}
