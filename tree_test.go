package rolecall_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if len(p.Doc) < 40 && !strings.HasSuffix(p.ImportPath, "cmd/rolecall") {
			t.Errorf("%s: the package comment is %q; say what it owns, what it leaves to others, and the one idea", p.ImportPath, p.Doc)
		}
	}
}

// maxLines is the length at which a file has to be one idea to stay whole.
const maxLines = 800

func TestFilesStayReadable(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			generated := bytes.HasPrefix(text, []byte("// Code generated"))
			if n := bytes.Count(text, []byte("\n")); n > maxLines && !generated {
				t.Errorf("%s/%s has %d lines", p.ImportPath, name, n)
			}
		}
	}
}

func TestTreeIsFormatted(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("gofmt", "-l", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("gofmt: %v: %s", err, out)
	}
	if len(out) > 0 {
		t.Errorf("gofmt would change:\n%s", out)
	}
}

// link finds relative links of Markdown.
var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

func TestLinksInDocumentsLead(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/design/*.md", "conformance/*/*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range link.FindAllSubmatch(text, -1) {
				seen++
				if _, err := os.Stat(filepath.Join(filepath.Dir(file), string(m[1]))); err != nil {
					t.Errorf("%s: the link to %s leads nowhere", file, m[1])
				}
			}
		}
	}
	t.Logf("%d links", seen)
}
