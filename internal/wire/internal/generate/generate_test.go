package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const wireDir = "../.."

// TestOutputIsCurrent regenerates in memory: a model or the generator changed
// and go generate ./internal/wire was not run, if it fails.
func TestOutputIsCurrent(t *testing.T) {
	t.Parallel()
	files, err := generateAll(wireDir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(wireDir, name))
		if err != nil {
			t.Errorf("%v: run go generate ./internal/wire", err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is stale: run go generate ./internal/wire", name)
		}
	}
	present, err := filepath.Glob(filepath.Join(wireDir, "*", "zz_*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range present {
		name, err := filepath.Rel(wireDir, path)
		if err != nil {
			t.Fatal(err)
		}
		if files[name] == nil {
			t.Errorf("%s is no longer generated: remove it", name)
		}
	}
	if len(files) < 20 {
		t.Errorf("%d files are generated, want 20 or more", len(files))
	}
}

const smallModel = `{
	"metadata": {"apiVersion": "1", "endpointPrefix": "x", "protocol": "query"},
	"operations": {"Do": {"name": "Do", "input": {"shape": "In"}}},
	"shapes": {"In": {"type": "structure", "members": {"M": MEMBER}}, "T": TYPE}}`

// TestWhatIsNotUnderstoodIsRefused: a trait that changes the wire must never be
// skipped.
func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ member, typ, want string }{
		{`{"shape": "T"}`, `{"type": "string", "pattern": "[a-z]+"}`, ""},
		{`{"shape": "T", "locationName": "n"}`, `{"type": "string"}`, "locationName"},
		{`{"shape": "T"}`, `{"type": "list", "member": {"shape": "T"}, "flattened": true}`, "flattened"},
		{`{"shape": "T"}`, `{"type": "timestamp", "timestampFormat": "rfc822"}`, "timestampFormat"},
		{`{"shape": "T"}`, `{"type": "double"}`, "type double"},
		{`{"shape": "T"}`, `{"type": "blob"}`, "not supported in inputs"},
		{`{"shape": "T"}`, `{"type": "string", "pattern": "(?<a>x)"}`, "unsupported group"},
		{`{"shape": "T"}`, `{"type": "string", "pattern": "\\bx"}`, "unsupported escape"},
		{`{"shape": "T"}`, `{"type": "string", "pattern": "[a-z&&[b]]x"}`, "unsupported class"},
		{`{"shape": "T"}`, `{"type": "string", "pattern": "a++"}`, "invalid nested repetition"},
	} {
		source := strings.NewReplacer("MEMBER", row.member, "TYPE", row.typ).Replace(smallModel)
		m, err := parseModel([]byte(source))
		if err == nil {
			_, err = generate(m, target{model: "m", pkg: "p"})
		}
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s, %s: %v, want an error with %q", row.member, row.typ, err, row.want)
		}
	}
}
