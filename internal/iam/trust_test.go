package iam_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// trusting is a trust policy with one principal of kind AWS.
func trusting(principal string) string { return trustingKind("AWS", principal) }

func trustingKind(kind, principal string) string {
	return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"` + kind + `": "` + principal + `"}, "Action": "sts:AssumeRole"}]}`
}

// wants fails the test unless err has this kind and message; a nil kind wants no
// error.
func wants(t *testing.T, err error, kind error, message string) {
	t.Helper()
	var e *apierr.Error
	switch {
	case kind == nil && err == nil:
	case kind == nil:
		t.Fatalf("error %v, want none", err)
	case !errors.Is(err, kind):
		t.Fatalf("error %v, want %v", err, kind)
	case errors.As(err, &e) && e.Message != message:
		t.Fatalf("message %q, want %q", e.Message, message)
	}
}

func makeUser(t *testing.T, x *iam.IAM, caller *iam.Caller, path, name string) string {
	t.Helper()
	out, err := x.CreateUser(t.Context(), caller, &iamwire.CreateUserRequest{UserName: name, Path: wire.String(path)})
	if err != nil {
		t.Fatal(err)
	}
	return out.User.UserId
}

func makeRole(t *testing.T, x *iam.IAM, caller *iam.Caller, path, name, trust string) *iamwire.Role {
	t.Helper()
	out, err := x.CreateRole(t.Context(), caller, &iamwire.CreateRoleRequest{RoleName: name, Path: wire.String(path), AssumeRolePolicyDocument: trust})
	if err != nil {
		t.Fatal(err)
	}
	return out.Role
}

// trustOf is the trust policy that GetRole shows.
func trustOf(t *testing.T, x *iam.IAM, caller *iam.Caller, name string) string {
	t.Helper()
	out, err := x.GetRole(t.Context(), caller, &iamwire.GetRoleRequest{RoleName: name})
	if err != nil {
		t.Fatal(err)
	}
	text, err := url.PathUnescape(*out.Role.AssumeRolePolicyDocument)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestResolvePrincipals(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	user := makeUser(t, w.IAM, admin, "/team/", "alice")
	role := makeRole(t, w.IAM, admin, "/", "Deployer", trusting("123456789012")).RoleId
	const self = "arn:aws:iam::123456789012:"
	tests := []struct {
		kind, given, stored, shown string // stored is empty if the principal is invalid
	}{
		{"AWS", self + "user/team/alice", user, self + "user/team/alice"},
		{"AWS", self + "role/Deployer", role, self + "role/Deployer"},
		{"AWS", "arn:aws:sts::123456789012:assumed-role/Deployer/s", role + ":s", "arn:aws:sts::123456789012:assumed-role/Deployer/s"},
		{"AWS", user, user, self + "user/team/alice"},
		{"AWS", role, role, self + "role/Deployer"},
		{"AWS", role + ":s", role + ":s", "arn:aws:sts::123456789012:assumed-role/Deployer/s"},
		{"AWS", "123456789012", self + "root", self + "root"},
		{"AWS", self + "root", self + "root", self + "root"},
		{"AWS", "*", "*", "*"},
		{"AWS", "arn:aws:sts::123456789012:federated-user/bob", "arn:aws:sts::123456789012:federated-user/bob", "arn:aws:sts::123456789012:federated-user/bob"},
		{"Service", "ec2.amazonaws.com", "ec2.amazonaws.com", "ec2.amazonaws.com"},
		{"Federated", "accounts.google.com", "accounts.google.com", "accounts.google.com"},
		{"CanonicalUser", "79a59d", "79a59d", "79a59d"},

		{"AWS", self + "user/alice", "", ""},        // another path
		{"AWS", self + "user/team/Alice", "", ""},   // another case
		{"AWS", self + "role/none", "", ""},         //
		{"AWS", self + "group/team", "", ""},        // groups are no principals
		{"AWS", self + "user/team/alice/x", "", ""}, //
		{"AWS", "arn:aws-cn:iam::123456789012:root", "", ""},
		{"AWS", "arn:aws:iam::210987654321:root", "", ""}, // no such account
		{"AWS", "210987654321", "", ""},
		{"AWS", "arn:aws:sts::123456789012:assumed-role/none/s", "", ""},
		{"AWS", "arn:aws:sts::123456789012:assumed-role/Deployer/", "", ""},
		{"AWS", "arn:aws:sts::123456789012:assumed-role/Deployer/s/x", "", ""},
		{"AWS", "AIDAAAAAAAAAAAAAAAAAA", "", ""},
		{"AWS", "AROAAAAAAAAAAAAAAAAAA:s", "", ""},
		{"AWS", user + ":s", "", ""}, // users have no sessions of this form
		{"AWS", role + ":", "", ""},
		{"Federated", "example.com", "", ""},
		{"Federated", self + "oidc-provider/example.com", "", ""},
		{"Federated", self + "saml-provider/corp", "", ""},
	}
	for _, tt := range tests {
		document := trustingKind(tt.kind, tt.given)
		stored, err := w.ResolvePrincipals(document)
		if tt.stored == "" {
			if want := `Invalid principal in policy: "` + strings.ToUpper(tt.kind) + `":"` + tt.given + `"`; !errors.Is(err, apierr.MalformedPolicyDocument) || !strings.Contains(err.Error(), want) {
				t.Errorf("ResolvePrincipals(%s %s) = %q, %v; want %s", tt.kind, tt.given, stored, err, want)
			}
			continue
		}
		if want := trustingKind(tt.kind, tt.stored); err != nil || stored != want {
			t.Errorf("ResolvePrincipals(%s %s) = %s, %v; want %s", tt.kind, tt.given, stored, err, want)
		}
		if shown, want := w.ShowPrincipals(stored), trustingKind(tt.kind, tt.shown); shown != want {
			t.Errorf("ShowPrincipals(%s) = %s; want %s", stored, shown, want)
		}
	}
}

func TestUserMadeAnewInheritsNoTrust(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	old := makeUser(t, w.IAM, admin, "/", "bob")
	const name = "arn:aws:iam::123456789012:user/bob"
	makeRole(t, w.IAM, admin, "/", "r", trusting(name))
	if got := trustOf(t, w.IAM, admin, "r"); got != trusting(name) {
		t.Errorf("trust while bob lives: %s; want %s", got, trusting(name))
	}
	if _, err := w.DeleteUser(t.Context(), admin, &iamwire.DeleteUserRequest{UserName: "bob"}); err != nil {
		t.Fatal(err)
	}
	makeUser(t, w.IAM, admin, "/", "bob")
	if got := trustOf(t, w.IAM, admin, "r"); got != trusting(old) {
		t.Errorf("trust after bob was made anew: %s; want %s", got, trusting(old))
	}
	_, err := w.UpdateAssumeRolePolicy(t.Context(), admin, &iamwire.UpdateAssumeRolePolicyRequest{RoleName: "r", PolicyDocument: trusting(old)})
	wants(t, err, apierr.MalformedPolicyDocument, `Invalid principal in policy: "AWS":"`+old+`"`)
}

func TestRenameKeepsTrust(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	makeUser(t, w.IAM, admin, "/", "carol")
	makeRole(t, w.IAM, admin, "/", "r", trusting("arn:aws:iam::123456789012:user/carol"))
	_, err := w.UpdateUser(t.Context(), admin, &iamwire.UpdateUserRequest{UserName: "carol", NewUserName: wire.String("dora"), NewPath: wire.String("/x/")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := trustOf(t, w.IAM, admin, "r"), trusting("arn:aws:iam::123456789012:user/x/dora"); got != want {
		t.Errorf("trust after the rename: %s; want %s", got, want)
	}
}

// A principal that another node has just made is found although the memory of
// this node may not have it yet.
func TestTrustInWhatAnotherNodeMade(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin, other := w.Admin(t), w.Node(t)
	for _, name := range []string{"u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"} {
		makeUser(t, other, admin, "/", name)
		makeRole(t, w.IAM, admin, "/", "trusts-"+name, trusting("arn:aws:iam::123456789012:user/"+name))
	}
}
