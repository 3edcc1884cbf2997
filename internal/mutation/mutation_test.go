package mutation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// module writes a module with one rule and two tests, of which one notices when
// the rule is gone, and a list.
func module(t *testing.T, lines ...string) *List {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":         "module example.com/m\n\ngo 1.26\n",
		"p/rule.go":      "package p\n\nfunc even(n int) bool {\n\treturn n%2 == 0\n}\n",
		"p/rule_test.go": "package p\n\nimport \"testing\"\n\nfunc TestEven(t *testing.T) {\n\tif even(3) {\n\t\tt.Error(3)\n\t}\n}\n\nfunc TestNothing(t *testing.T) {\n}\n",
		"list.txt":       "# a comment\n\n" + strings.Join(lines, "\n") + "\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Read(root, filepath.Join(root, "list.txt"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// noticed runs the tests of the only break of l.
func noticed(t *testing.T, l *List) (string, bool) {
	t.Helper()
	overlay, err := l.overlay(t.TempDir(), l.Breaks[0])
	if err != nil {
		t.Fatal(err)
	}
	out, err := l.run(l.Breaks[0], overlay)
	return out, err != nil
}

func TestABreakIsNoticedByTheTestThatHoldsTheRule(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		`p/rule.go => \treturn n%2 == 0\n => \treturn true\n`:       true,
		`p/rule.go => n%2 == 0 => n == n => p TestEven`:             true,
		`p/rule.go => n%2 == 0 => n == n => p TestNothing`:          false,
		`p/rule.go => n%2 == 0 => n == n => p TestNothing|TestEven`: true,
	} {
		l := module(t, line)
		if got := l.Breaks[0].String(); got != line {
			t.Errorf("%q is written again as %q", line, got)
		}
		if out, got := noticed(t, l); got != want {
			t.Errorf("%s: noticed %t, want %t:\n%s", line, got, want, out)
		}
		if text, err := os.ReadFile(filepath.Join(l.Root, "p/rule.go")); err != nil || !strings.Contains(string(text), "n%2 == 0") {
			t.Errorf("%s: the source was changed: %s, %v", line, text, err)
		}
	}
}

func TestAListThatIsStale(t *testing.T) {
	t.Parallel()
	for _, line := range []string{`p/rule.go => absent => x`, `p/rule.go => n => m`, `p/gone.go => a => b`} {
		l := module(t, line)
		if _, err := l.source(l.Breaks[0]); err == nil {
			t.Errorf("%s: no error", line)
		}
	}
	l := module(t, `p/rule.go => n%2 == 0 => true => p TestEven|TestGone`)
	if name, err := l.missing(l.Breaks[0]); name != "TestGone" || err != nil {
		t.Errorf("missing test %q, %v; want TestGone", name, err)
	}
	for _, line := range []string{"", "a => b", "a => b => c => d => e", "a => b => c => d"} {
		if b, err := parse(line); err == nil {
			t.Errorf("parse(%q) = %+v, want an error", line, b)
		}
	}
}

func TestTheTrueSourceIsTriedOnceForEachPackage(t *testing.T) {
	t.Parallel()
	l := &List{Breaks: []Break{{Package: "p", Tests: "A"}, {Package: "q", Tests: "C"}, {Package: "p", Tests: "B"}, {Package: "q"}}}
	got := l.whole()
	if len(got) != 2 || got[0].Package != "p" || got[0].Tests != "A|B" || got[1].Package != "q" || got[1].Tests != "" {
		t.Errorf("whole() = %+v, want p A|B and all of q", got)
	}
}
