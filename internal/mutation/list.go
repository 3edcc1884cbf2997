package mutation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Break is one rule broken: in File the only From becomes To.
type Break struct {
	// File is relative to the list's root.
	File, From, To string
	// Package is the directory of the tests, relative to the list's root, and
	// Tests the names of those that must notice, divided by "|". Empty means the
	// package of File, and all tests of it.
	Package, Tests string
}

// String is the line of the list.
func (b Break) String() string {
	line := b.File + " => " + escape.Replace(b.From) + " => " + escape.Replace(b.To)
	if b.Tests != "" {
		line += " => " + b.Package + " " + b.Tests
	}
	return line
}

// List is what can be broken, as a file tells it.
type List struct {
	// Root is the directory that everything is relative to.
	Root   string
	Breaks []Break
}

var (
	escape   = strings.NewReplacer("\n", `\n`, "\t", `\t`)
	unescape = strings.NewReplacer(`\n`, "\n", `\t`, "\t")
)

// Read reads a list. Empty lines and those that begin with "#" mean nothing.
//
//	line = file " => " from " => " to [ " => " package " " tests ]
//
// \n and \t in it are a line feed and a tab.
func Read(root, file string) (*List, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	l := &List{Root: root}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		b, err := parse(line)
		if err != nil {
			return nil, err
		}
		l.Breaks = append(l.Breaks, b)
	}
	return l, nil
}

func parse(line string) (Break, error) {
	fields := strings.Split(line, " => ")
	if len(fields) != 3 && len(fields) != 4 {
		return Break{}, fmt.Errorf("%q has %d fields, want 3 or 4", line, len(fields))
	}
	b := Break{File: fields[0], From: unescape.Replace(fields[1]), To: unescape.Replace(fields[2])}
	b.Package = filepath.Dir(b.File)
	if len(fields) == 4 {
		var ok bool
		if b.Package, b.Tests, ok = strings.Cut(fields[3], " "); !ok {
			return Break{}, fmt.Errorf("%q names no tests", line)
		}
	}
	return b, nil
}

// source reads the file and says whether the fragment is there, once.
func (l *List) source(b Break) (string, error) {
	text, err := os.ReadFile(filepath.Join(l.Root, b.File))
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), b.From); n != 1 {
		return "", fmt.Errorf("%s has the fragment %d times, want once: %q", b.File, n, b.From)
	}
	return string(text), nil
}

// missing returns the first test of b that is not in its package, "" for none.
func (l *List) missing(b Break) (string, error) {
	if b.Tests == "" {
		return "", nil
	}
	files, err := filepath.Glob(filepath.Join(l.Root, b.Package, "*_test.go"))
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	for name := range strings.SplitSeq(b.Tests, "|") {
		if !strings.Contains(all.String(), "\nfunc "+name+"(t *testing.T) {") {
			return name, nil
		}
	}
	return "", nil
}
