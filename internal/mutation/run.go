package mutation

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Check holds that every fragment of the list still stands in its file exactly
// once, that the tests named exist, and that there are at least so many breaks:
// a list that was cut short must not pass.
func (l *List) Check(t *testing.T, least int) {
	t.Helper()
	for _, b := range l.Breaks {
		if _, err := l.source(b); err != nil {
			t.Error(err)
		}
		if name, err := l.missing(b); err != nil || name != "" {
			t.Errorf("%s has no test %s (%v)", b.Package, name, err)
		}
	}
	if len(l.Breaks) < least {
		t.Errorf("%d breaks, want at least %d", len(l.Breaks), least)
	}
	t.Logf("%d breaks", len(l.Breaks))
}

// Try runs the tests of each break, which must fail. Before that it runs the
// tests of all breaks on the true source, which must pass: otherwise their
// failing would mean nothing.
func (l *List) Try(t *testing.T) {
	t.Helper()
	for _, b := range l.whole() {
		if out, err := l.run(b, ""); err != nil {
			t.Fatalf("nothing is broken, and the tests of %s fail:\n%s", b.Package, out)
		}
	}
	for _, b := range l.Breaks {
		t.Run(b.File, func(t *testing.T) {
			overlay, err := l.overlay(t.TempDir(), b)
			if err != nil {
				t.Fatal(err)
			}
			out, err := l.run(b, overlay)
			switch {
			case err == nil:
				t.Errorf("no test notices: %s", b)
			case strings.Contains(out, "[build failed]"), !strings.Contains(out, "--- FAIL") && !strings.Contains(out, "panic: "):
				t.Errorf("the tests did not run: %s\n%s", b, out)
			default:
				t.Logf("%s", b)
			}
		})
	}
}

// whole joins the tests of each package.
func (l *List) whole() []Break {
	var all []Break
	at := map[string]int{}
	for _, b := range l.Breaks {
		i, ok := at[b.Package]
		switch {
		case !ok:
			at[b.Package] = len(all)
			all = append(all, Break{Package: b.Package, Tests: b.Tests})
		case b.Tests == "" || all[i].Tests == "":
			all[i].Tests = ""
		default:
			all[i].Tests += "|" + b.Tests
		}
	}
	return all
}

// overlay writes the broken file, and what shows it to the go command.
func (l *List) overlay(dir string, b Break) (string, error) {
	source, err := l.source(b)
	if err != nil {
		return "", err
	}
	broken, overlay := filepath.Join(dir, filepath.Base(b.File)), filepath.Join(dir, "overlay.json")
	original, err := filepath.Abs(filepath.Join(l.Root, b.File))
	if err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{original: broken}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(broken, []byte(strings.Replace(source, b.From, b.To, 1)), 0o600); err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, replace, 0o600)
}

// run runs the tests of b, on the source that overlay shows; empty is the true one.
func (l *List) run(b Break, overlay string) (string, error) {
	args := []string{"test", "-vet=off", "-count=1", "-timeout=2m", "-ldflags=-s -w"}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	if b.Tests != "" {
		args = append(args, "-run", "^("+b.Tests+")$")
	}
	cmd := exec.Command("go", append(args, "./"+filepath.ToSlash(b.Package))...)
	cmd.Dir = l.Root
	out, err := cmd.CombinedOutput()
	return string(out), err
}
