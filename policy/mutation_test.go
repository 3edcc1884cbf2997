package policy_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var mutate = flag.Bool("mutate", false, "break each rule in testdata/mutations.txt and expect the tests to fail (minutes)")

// leastBreaks is how many breaks there are at least: a truncated list must not
// pass.
const leastBreaks = 80

// TestMutations breaks one rule at a time, in an overlay, and runs the tests.
func TestMutations(t *testing.T) {
	if !*mutate {
		t.Skip("only with -args -mutate")
	}
	data, err := os.ReadFile("testdata/mutations.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(line), " => ")
		if len(fields) != 3 {
			t.Fatalf("%q has %d fields, want 3", line, len(fields))
		}
		count++
		if out, err := runMutated(t, fields[0], fields[1], fields[2]); err == nil {
			t.Errorf("no test notices: %s", line)
		} else if strings.Contains(out, "[build failed]") {
			t.Errorf("does not build: %s\n%s", line, out)
		}
	}
	t.Logf("%d breaks", count)
	if count < leastBreaks {
		t.Errorf("%d breaks, want at least %d", count, leastBreaks)
	}
}

// runMutated runs the package's tests with one text replaced.
func runMutated(t *testing.T, file, from, to string) (string, error) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(source), from) {
		t.Fatalf("%s does not have %q (%v)", file, from, err)
	}
	dir := t.TempDir()
	mutated, overlay := filepath.Join(dir, file), filepath.Join(dir, "overlay.json")
	original, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	replace, _ := json.Marshal(map[string]any{"Replace": map[string]string{original: mutated}})
	for name, text := range map[string]string{mutated: strings.Replace(string(source), from, to, 1), overlay: string(replace)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("go", "test", "-vet=off", "-count=1", "-overlay", overlay, ".").CombinedOutput()
	return string(out), err
}
