package wire_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/rolecallwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

func TestServices(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		service                    *wire.Service
		name, version              string
		namespace, target          string
		operations, withoutAnswers int
	}{
		{&stswire.Service, "sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/", "", 11, 0},
		{&iamwire.Service, "iam", "2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/", "", 176, 176 - 97},
		{&orgwire.Service, "organizations", "2016-11-28", "", "AWSOrganizationsV20161128", 63, 63},
		{&rolecallwire.Service, "rolecall", "2026-11-01", "", "Rolecall_20261101", 1, 1},
	} {
		s := row.service
		if s.Name != row.name || s.Version != row.version || s.Namespace != row.namespace || s.Target != row.target {
			t.Errorf("service is %q %q %q %q, want %q %q %q %q", s.Name, s.Version, s.Namespace, s.Target,
				row.name, row.version, row.namespace, row.target)
		}
		if len(s.Operations) != row.operations {
			t.Errorf("%s has %d operations, want %d", s.Name, len(s.Operations), row.operations)
		}
		without := 0
		for _, op := range s.Operations {
			if op.Result == "" {
				without++
			}
			if got, ok := s.Operation(op.Name); !ok || got.Name != op.Name {
				t.Errorf("%s: %s is not found", s.Name, op.Name)
			}
			if first, second := op.New(), op.New(); reflect.TypeOf(first) != reflect.TypeFor[*wire.Empty]() && reflect.TypeOf(first).Elem().Size() > 0 && first == second {
				t.Errorf("%s: New returns the same value twice", op.Name)
			}
		}
		if without != row.withoutAnswers {
			t.Errorf("%s: %d operations have no result element, want %d", s.Name, without, row.withoutAnswers)
		}
		for _, name := range []string{"", "assumeRole", "Zebra"} {
			if _, ok := s.Operation(name); ok {
				t.Errorf("%s has an operation %q", s.Name, name)
			}
		}
	}
}

func TestUnsignedOperations(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range []*wire.Service{&stswire.Service, &iamwire.Service, &orgwire.Service, &rolecallwire.Service} {
		for _, op := range s.Operations {
			if op.Unsigned {
				got = append(got, op.Name)
			}
		}
	}
	want := []string{"AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"}
	if !slices.Equal(got, want) {
		t.Errorf("operations without a signature: %q, want %q", got, want)
	}
}

func TestSensitiveMembersOfInputs(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		service *wire.Service
		name    string
		want    []string
	}{
		{&stswire.Service, "AssumeRole", []string{"TokenCode"}},
		{&stswire.Service, "AssumeRoleWithWebIdentity", []string{"WebIdentityToken"}},
		{&stswire.Service, "GetDelegatedAccessToken", []string{"TradeInToken"}},
		{&iamwire.Service, "ChangePassword", []string{"NewPassword", "OldPassword"}},
		{&iamwire.Service, "UploadServerCertificate", []string{"PrivateKey"}},
		{&iamwire.Service, "GetAccountSummary", nil},
		{&orgwire.Service, "InviteAccountToOrganization", []string{"Id", "Notes"}},
	} {
		op, ok := row.service.Operation(row.name)
		if !ok || !slices.Equal(op.Sensitive, row.want) {
			t.Errorf("%s: sensitive members %q, want %q", row.name, op.Sensitive, row.want)
		}
	}
}

func TestSplitTarget(t *testing.T) {
	t.Parallel()
	for header, want := range map[string][3]string{
		"AWSOrganizationsV20161128.CreateAccount": {"AWSOrganizationsV20161128", "CreateAccount", "true"},
		"a.b.C": {"a.b", "C", "true"},
		"":      {"", "", "false"}, "CreateAccount": {"", "", "false"}, ".C": {"", "", "false"}, "a.": {"", "", "false"},
	} {
		target, name, ok := wire.SplitTarget(header)
		if got := [3]string{target, name, strconv.FormatBool(ok)}; got != want {
			t.Errorf("SplitTarget(%q) = %q, want %q", header, got, want)
		}
	}
}

// kind is a literal of package apierr.
type kind struct {
	code   string
	status int
	sender bool
}

// kinds reads the table of package apierr from its source: its rows are
// variables, which cannot be listed otherwise. S3's codes are left out: the
// same code may have another status there.
func kinds(t *testing.T) []kind {
	t.Helper()
	paths, err := filepath.Glob("../apierr/kinds*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []kind
	for _, path := range paths {
		if strings.Contains(path, "s3") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && len(lit.Elts) == 3 {
				code, _ := strconv.Unquote(lit.Elts[0].(*ast.BasicLit).Value)
				status, _ := strconv.Atoi(lit.Elts[1].(*ast.BasicLit).Value)
				out = append(out, kind{code, status, lit.Elts[2].(*ast.Ident).Name == "Sender"})
			}
			return true
		})
	}
	return out
}

// TestKindsAgreeWithTheModels holds the statuses of package apierr to those
// that the models declare.
func TestKindsAgreeWithTheModels(t *testing.T) {
	t.Parallel()
	known := 0
	for _, k := range kinds(t) {
		for _, s := range []*wire.Service{&stswire.Service, &iamwire.Service, &orgwire.Service} {
			e, ok := s.Error(k.code)
			if !ok {
				continue
			}
			known++
			if e.Status != k.status || e.Sender != k.sender {
				t.Errorf("%s: status %d and sender %t, but %s has %d and %t", k.code, k.status, k.sender, s.Name, e.Status, e.Sender)
			}
		}
	}
	if known < 15 {
		t.Errorf("the models know %d kinds, want 15 or more: is the table of apierr still read right?", known)
	}
	if _, ok := stswire.Service.Error("NoSuchThing"); ok {
		t.Error("an error that is in no model was found")
	}
}
