package api

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/policy"
)

// checksOf asks the row of an operation what an input needs. Each check is a
// line: action, resource without the common beginning, and keys with values.
func checksOf(t *testing.T, rows []gate.Row, caller *iam.Caller, operation string, input any) []string {
	t.Helper()
	i := slices.IndexFunc(rows, func(r gate.Row) bool { return r.Name == operation })
	if i < 0 {
		t.Fatalf("no row %s", operation)
	}
	checks, err := rows[i].Checks(t.Context(), &gate.Request{Caller: caller, Input: input})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range checks {
		if c.Owner != caller.Account() {
			t.Errorf("%s: the owner is %q; want %q", operation, c.Owner, caller.Account())
		}
		words := []string{c.Action, strings.TrimPrefix(c.Resource, "arn:aws:iam::123456789012:")}
		c.Context.(*policy.Values).All(func(key string, values []string) bool {
			words = append(words, key+"="+strings.Join(values, ","))
			return true
		})
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

// Every row of IAM and Organizations stands for an operation of the model, once,
// and takes the input that the model makes for it.
func TestRowsTakeTheInputsOfTheirModels(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	seen := map[string]bool{}
	for _, row := range Rows(w.IAM, nil, nil) {
		if row.Service != iamService && row.Service != orgService {
			continue
		}
		op, ok := row.Service.Model.Operation(row.Name)
		if name := row.Service.Name + ":" + row.Name; !ok || seen[name] {
			t.Errorf("row %s: in the model %v, a second time %v", name, ok, seen[name])
			continue
		} else {
			seen[name] = true
		}
		request := &gate.Request{Caller: w.Admin(t), Input: op.New()}
		if checks, err := row.Checks(t.Context(), request); err != nil || len(checks) == 0 {
			t.Errorf("row %s: %d checks, %v; want some", row.Name, len(checks), err)
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d rows", len(seen))
	}
}

func TestChecksOfRolesAndInstanceProfiles(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	ctx, admin := t.Context(), w.Admin(t)
	trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	tags := []iamwire.Tag{{Key: "team", Value: "x"}}
	path, boundary := wire.String("/a/"), wire.String("arn:aws:iam::aws:policy/PowerUserAccess")
	_, err := w.CreateRole(ctx, admin, &iamwire.CreateRoleRequest{RoleName: "r", Path: path, AssumeRolePolicyDocument: trust, Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.CreateInstanceProfile(ctx, admin, &iamwire.CreateInstanceProfileRequest{InstanceProfileName: "p", Path: path, Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	rows := append(roles(w.IAM), instanceProfiles(w.IAM)...)
	const (
		ofRole    = " role/a/r aws:resourcetag/team=x"
		ofProfile = " instance-profile/a/p aws:resourcetag/team=x"
		tagged    = " iam:resourcetag/team=x"
	)
	added := []iamwire.Tag{{Key: "new", Value: "1"}}
	for _, tt := range []struct {
		operation string
		input     any
		want      []string
	}{
		{"CreateRole", &iamwire.CreateRoleRequest{RoleName: "n"}, []string{"iam:CreateRole role/n"}},
		{"CreateRole", &iamwire.CreateRoleRequest{RoleName: "n", Path: path, Tags: added, PermissionsBoundary: boundary}, []string{
			"iam:CreateRole role/a/n aws:requesttag/new=1 aws:tagkeys=new iam:permissionsboundary=" + *boundary,
			"iam:TagRole role/a/n aws:requesttag/new=1 aws:tagkeys=new iam:permissionsboundary=" + *boundary,
		}},
		{"GetRole", &iamwire.GetRoleRequest{RoleName: "r"}, []string{"iam:GetRole" + ofRole + tagged}},
		{"GetRole", &iamwire.GetRoleRequest{RoleName: "none"}, []string{"iam:GetRole role/none"}},
		{"ListRoles", &iamwire.ListRolesRequest{}, []string{"iam:ListRoles role/"}},
		{"ListRoles", &iamwire.ListRolesRequest{PathPrefix: path}, []string{"iam:ListRoles role/a/"}},
		{"UpdateRole", &iamwire.UpdateRoleRequest{RoleName: "r"}, []string{"iam:UpdateRole" + ofRole + tagged}},
		{"UpdateRoleDescription", &iamwire.UpdateRoleDescriptionRequest{RoleName: "r"}, []string{"iam:UpdateRoleDescription" + ofRole + tagged}},
		{"UpdateAssumeRolePolicy", &iamwire.UpdateAssumeRolePolicyRequest{RoleName: "r"}, []string{"iam:UpdateAssumeRolePolicy" + ofRole + tagged}},
		{"DeleteRole", &iamwire.DeleteRoleRequest{RoleName: "r"}, []string{"iam:DeleteRole" + ofRole + tagged}},
		{"TagRole", &iamwire.TagRoleRequest{RoleName: "none", Tags: added}, []string{"iam:TagRole role/none aws:requesttag/new=1 aws:tagkeys=new"}},
		{"UntagRole", &iamwire.UntagRoleRequest{RoleName: "none", TagKeys: []string{"a", "b"}}, []string{"iam:UntagRole role/none aws:tagkeys=a,b"}},
		{"ListRoleTags", &iamwire.ListRoleTagsRequest{RoleName: "r"}, []string{"iam:ListRoleTags" + ofRole + tagged}},

		{"CreateInstanceProfile", &iamwire.CreateInstanceProfileRequest{InstanceProfileName: "n", Path: path, Tags: added}, []string{
			"iam:CreateInstanceProfile instance-profile/a/n aws:requesttag/new=1 aws:tagkeys=new",
			"iam:TagInstanceProfile instance-profile/a/n aws:requesttag/new=1 aws:tagkeys=new",
		}},
		{"GetInstanceProfile", &iamwire.GetInstanceProfileRequest{InstanceProfileName: "p"}, []string{"iam:GetInstanceProfile" + ofProfile + tagged}},
		{"ListInstanceProfiles", &iamwire.ListInstanceProfilesRequest{}, []string{"iam:ListInstanceProfiles instance-profile/"}},
		{"ListInstanceProfilesForRole", &iamwire.ListInstanceProfilesForRoleRequest{RoleName: "r"}, []string{"iam:ListInstanceProfilesForRole" + ofRole + tagged}},
		{"DeleteInstanceProfile", &iamwire.DeleteInstanceProfileRequest{InstanceProfileName: "p"}, []string{"iam:DeleteInstanceProfile" + ofProfile + tagged}},
		{"AddRoleToInstanceProfile", &iamwire.AddRoleToInstanceProfileRequest{InstanceProfileName: "p", RoleName: "r"}, []string{
			"iam:AddRoleToInstanceProfile" + ofProfile + tagged,
			"iam:PassRole" + ofRole + " iam:associatedresourcearn=arn:aws:iam::123456789012:instance-profile/a/p iam:passedtoservice=ec2.amazonaws.com" + tagged,
		}},
		{"RemoveRoleFromInstanceProfile", &iamwire.RemoveRoleFromInstanceProfileRequest{InstanceProfileName: "p", RoleName: "r"},
			[]string{"iam:RemoveRoleFromInstanceProfile" + ofProfile + tagged}},
		{"TagInstanceProfile", &iamwire.TagInstanceProfileRequest{InstanceProfileName: "n", Tags: added},
			[]string{"iam:TagInstanceProfile instance-profile/n aws:requesttag/new=1 aws:tagkeys=new"}},
		{"UntagInstanceProfile", &iamwire.UntagInstanceProfileRequest{InstanceProfileName: "n", TagKeys: []string{"a"}},
			[]string{"iam:UntagInstanceProfile instance-profile/n aws:tagkeys=a"}},
		{"ListInstanceProfileTags", &iamwire.ListInstanceProfileTagsRequest{InstanceProfileName: "p"}, []string{"iam:ListInstanceProfileTags" + ofProfile + tagged}},
	} {
		if diff := cmp.Diff(tt.want, checksOf(t, rows, admin, tt.operation, tt.input)); diff != "" {
			t.Errorf("%s %+v (-want +got):\n%s", tt.operation, tt.input, diff)
		}
	}
}

func TestChecksOfOrganizations(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	admin := w.Admin(t)
	rows := organizations(w.IAM)
	describe := &orgwire.DescribeAccountRequest{AccountId: "123456789012"}
	if diff := cmp.Diff([]string{"organizations:DescribeAccount *"}, checksOf(t, rows, admin, "DescribeAccount", describe)); diff != "" {
		t.Errorf("DescribeAccount without an organization (-want +got):\n%s", diff)
	}
	made, err := w.CreateOrganization(t.Context(), admin, &orgwire.CreateOrganizationRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		operation string
		input     any
		want      []string
	}{
		{"CreateOrganization", &orgwire.CreateOrganizationRequest{}, []string{"organizations:CreateOrganization *"}},
		{"DescribeOrganization", &wire.Empty{}, []string{"organizations:DescribeOrganization *"}},
		{"CreateAccount", &orgwire.CreateAccountRequest{}, []string{"organizations:CreateAccount *"}},
		{"CreateAccount", &orgwire.CreateAccountRequest{Tags: []orgwire.Tag{{Key: "a", Value: "1"}}}, []string{
			"organizations:CreateAccount * aws:requesttag/a=1 aws:tagkeys=a",
			"organizations:TagResource * aws:requesttag/a=1 aws:tagkeys=a",
		}},
		{"DescribeCreateAccountStatus", &orgwire.DescribeCreateAccountStatusRequest{}, []string{"organizations:DescribeCreateAccountStatus *"}},
		{"ListAccounts", &orgwire.ListAccountsRequest{}, []string{"organizations:ListAccounts *"}},
		{"DescribeAccount", describe, []string{"organizations:DescribeAccount arn:aws:organizations::123456789012:account/" + *made.Organization.Id + "/123456789012"}},
	} {
		if diff := cmp.Diff(tt.want, checksOf(t, rows, admin, tt.operation, tt.input)); diff != "" {
			t.Errorf("%s %+v (-want +got):\n%s", tt.operation, tt.input, diff)
		}
	}
}
