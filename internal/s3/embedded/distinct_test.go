package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each row is a file system that confuses names.
func TestNamesThatAreConfused(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]func(a, b string) bool{
		"case": strings.EqualFold,
		"composition": func(a, b string) bool {
			return strings.ReplaceAll(a, "e\u0301", "\u00e9") == strings.ReplaceAll(b, "e\u0301", "\u00e9")
		},
		"sharp s": func(a, b string) bool {
			return strings.ReplaceAll(a, "\u00df", "ss") == strings.ReplaceAll(b, "\u00df", "ss")
		},
		"last dot": func(a, b string) bool { return strings.TrimRight(a, ".") == strings.TrimRight(b, ".") },
	} {
		dir := t.TempDir()
		err := checkNames(dir, func(path string) (bool, error) {
			entries, err := os.ReadDir(dir)
			for _, e := range entries {
				if same(e.Name(), filepath.Base(path)) {
					return true, nil
				}
			}
			return false, err
		})
		if err == nil || !strings.Contains(err.Error(), "for one name") {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%s: the directory holds %v, %v", name, entries, err)
		}
	}
	if err := checkNames(t.TempDir(), exists); err != nil {
		t.Errorf("a file system that tells names apart: %v", err)
	}
}

// A store is not started where keys would be confused.
func TestAStoreLooksAtItsNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	objects := filepath.Join(dir, "objects")
	if err := os.MkdirAll(filepath.Join(objects, ".rolecall-probe-A"), 0o700); err != nil {
		t.Fatal(err)
	}
	if b, err := openBackend(dir, fsync, nil); err == nil {
		b.Shutdown()
		t.Error("the store was opened on a directory that has both names")
	}
}
