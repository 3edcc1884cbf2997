package rolecall_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "rolecall.dev/rolecall"

// mayImport is the direction of imports: each package with those of ours that it
// may import. A package that is not listed may not exist; a new one needs a
// sentence that begins "it owns", in its doc.go, and a row here. Arrows never
// turn back: lower packages get what they need as values or small interfaces.
var mayImport = map[string][]string{
	"":                 nil,
	"arn":              nil,
	"sigv4":            nil,
	"policy":           {"arn"},
	"policy/catalog":   {"arn"},
	"policy/findings":  {"arn", "policy", "policy/catalog"},
	"internal/apierr":  nil,
	"internal/durable": nil,
	"internal/seal":    {"internal/durable"},
	"internal/audit":   {"arn", "internal/durable"},
	"internal/store":   nil,
	"internal/clock":   {"internal/store"},
	"internal/conformance": {
		"arn", "policy",
	},

	"internal/wire":                   {"internal/apierr"},
	"internal/wire/iamwire":           {"internal/wire"},
	"internal/wire/stswire":           {"internal/wire"},
	"internal/wire/orgwire":           {"internal/wire"},
	"internal/wire/rolecallwire":      {"internal/wire"},
	"internal/wire/internal/generate": nil,

	"internal/iam": {
		"arn", "internal/apierr", "policy", "internal/store",
		"internal/wire", "internal/wire/iamwire", "internal/wire/orgwire",
	},
	"internal/sts": {
		"arn", "sigv4", "internal/apierr", "policy", "internal/store", "internal/wire", "internal/wire/stswire", "internal/iam",
	},
	"internal/gate": {
		"arn", "internal/apierr", "policy", "sigv4", "internal/audit", "internal/clock", "internal/wire", "internal/iam", "internal/sts",
	},
	"internal/api": {
		"arn", "internal/apierr", "policy", "internal/audit", "internal/clock", "internal/wire", "internal/wire/iamwire",
		"internal/wire/stswire", "internal/wire/orgwire", "internal/wire/rolecallwire", "internal/iam", "internal/sts", "internal/gate",
	},
	"internal/s3": {
		"arn", "internal/apierr", "policy", "policy/catalog", "sigv4", "internal/audit", "internal/store", "internal/wire", "internal/iam", "internal/gate",
	},
	"internal/s3/embedded": {"internal/durable"},
	"internal/client":      {"sigv4", "internal/apierr"},
	"internal/server": {
		"arn", "sigv4", "internal/durable", "internal/seal", "internal/store", "internal/clock", "internal/audit", "internal/iam",
		"internal/sts", "internal/gate", "internal/api", "internal/s3", "internal/s3/embedded",
	},

	// Packages for tests import what they test.
	"internal/store/storetest": {"internal/store"},
	"internal/iam/iamtest":     {"arn", "policy", "internal/iam", "internal/seal", "internal/store", "internal/store/storetest"},
	"internal/mutation":        nil,
}

// theCommand may import everything.
const theCommand = "cmd/rolecall"

func TestImportsFollowTheTable(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range packages(t) {
		path := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		seen++
		if path == theCommand {
			continue
		}
		allowed, known := mayImport[path]
		if !known {
			t.Errorf("%s is not in the table of imports: say there what it may import", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			short, ours := strings.CutPrefix(imported, module+"/")
			if ours && !slices.Contains(allowed, short) {
				t.Errorf("%s imports %s: the table allows %v; pass a value or a one-method interface instead", path, short, allowed)
			}
		}
	}
	t.Logf("%d packages", seen)
	if seen < len(mayImport)/2 {
		t.Errorf("looked at %d packages only", seen)
	}
}

// goPackage is what this test needs of go list's output.
type goPackage struct {
	ImportPath string
	Dir        string
	Doc        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,Imports,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
