package findings_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/findings"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds whole answers: testdata/KIND_NAME.json with what is found in
// it, in KIND_NAME.golden.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 5 {
		t.Fatalf("Glob: %d files, %v", len(files), err)
	}
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(filepath.Base(file), "_")
		kind, ok := policy.ParseKind(name)
		if !ok {
			t.Fatalf("%s: the name does not begin with a kind", file)
		}
		got := render(string(document), findings.Validate(kind, string(document)))
		golden := strings.TrimSuffix(file, ".json") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func render(document string, list []findings.Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "%s %s\n  %s\n", f.Type, f.Code, f.Message)
		for _, l := range f.Locations {
			text := document[l.Start.Offset:l.End.Offset]
			if i := strings.IndexByte(text, '\n'); i >= 0 {
				text = text[:i] + "…"
			}
			fmt.Fprintf(&b, "  %d:%d-%d:%d %s %s\n", l.Start.Line, l.Start.Column, l.End.Line, l.End.Column, l.Path, text)
		}
	}
	return b.String()
}

// FuzzValidate holds every answer to what the package promises: places inside
// the document, and an error for whatever package policy refuses.
func FuzzValidate(f *testing.F) {
	for _, row := range rows {
		if len(row.faulty) < 1000 {
			f.Add(byte(row.kind), row.faulty)
		}
	}
	f.Fuzz(func(t *testing.T, k byte, document string) {
		kind := policy.Kind(k%8) + policy.Identity
		list := findings.Validate(kind, document)
		errors := 0
		for _, finding := range list {
			if finding.Type == findings.Error {
				errors++
			}
			if finding.Type.String() == "" || strings.Contains(finding.Message, "%!") || len(finding.Locations) == 0 {
				t.Errorf("Validate(%v, %q): %+v", kind, document, finding)
			}
			for _, l := range finding.Locations {
				if l.Start.Offset < 0 || l.End.Offset < l.Start.Offset || l.End.Offset > len(document) {
					t.Errorf("Validate(%v, %q): %s lies at %+v", kind, document, finding.Code, l)
				}
				if line, column := policy.Position(document, l.Start.Offset); line != l.Start.Line || column != l.Start.Column {
					t.Errorf("Validate(%v, %q): offset %d is at %d:%d, not %+v", kind, document, l.Start.Offset, line, column, l.Start)
				}
			}
		}
		if _, err := policy.Parse(kind, document); err != nil && errors == 0 {
			t.Errorf("Validate(%v, %q) has no error, Parse has: %v", kind, document, err)
		}
	})
}

func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	document := `{"Statement": [` + strings.Repeat(`{},`, 5000) + `{}]}`
	if got := len(findings.Validate(policy.Identity, document)); got != 1000 {
		t.Errorf("%d findings, want 1000", got)
	}
}

func ExampleValidate() {
	for _, f := range findings.Validate(policy.Identity, `{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Allow", "Action": ["s3:GetObjct", "iam:PassRole"], "Resource": "*"}
}`) {
		at := f.Locations[0]
		fmt.Printf("%d:%d %s %s\n", at.Start.Line, at.Start.Column, f.Type, f.Code)
	}
	// Output:
	// 3:47 ERROR INVALID_ACTION
	// 3:62 SECURITY_WARNING PASS_ROLE_WITH_STAR_IN_RESOURCE
}
