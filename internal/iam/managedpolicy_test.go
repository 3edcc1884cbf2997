package iam_test

import (
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

func TestManagedPolicyErrors(t *testing.T) {
	t.Parallel()
	w := populated(t)
	must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: "two", PolicyDocument: doc})
	must(t, w.CreatePolicyVersion, &iamwire.CreatePolicyVersionRequest{PolicyArn: twoARN, PolicyDocument: doc2})
	outside := "AccessDenied: Policy is outside your own account."
	notValid := "InvalidInput: ARN arn:aws:iam::123456789012:role/app is not valid."
	absent := func(arn string) string {
		return "NoSuchEntity: Policy " + arn + " does not exist or is not attachable."
	}
	noVersion := "NoSuchEntity: Policy " + limitsARN + " version v2 does not exist or is not attachable."
	create := func(name, document string, tags ...iamwire.Tag) string {
		return try(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: name, PolicyDocument: document, Tags: tags})
	}
	get := func(arn string) string { return try(t, w.GetPolicy, &iamwire.GetPolicyRequest{PolicyArn: arn}) }
	del := func(arn string) string { return try(t, w.DeletePolicy, &iamwire.DeletePolicyRequest{PolicyArn: arn}) }
	version := func(arn, document string) string {
		return try(t, w.CreatePolicyVersion, &iamwire.CreatePolicyVersionRequest{PolicyArn: arn, PolicyDocument: document})
	}
	check(t, []row{
		{"a name in use, in another case", create("Limits", doc), "EntityAlreadyExists: A policy called Limits already exists. Duplicate names are not allowed."},
		{"no policy", create("p", "{}"), "MalformedPolicyDocument: Syntax errors in policy."},
		{"a principal", create("p", strings.Replace(doc, `"Resource"`, `"Principal":"*","Resource"`, 1)), "MalformedPolicyDocument: Policy document should not specify a principal."},
		{"the first version", create("p", strings.Replace(doc, "2012-10-17", "2008-10-17", 1)), "MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater."},
		{"no version", create("p", strings.Replace(doc, `"Version":"2012-10-17",`, "", 1)), "MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater."},
		{"too large", create("p", sized(6145)), "LimitExceeded: Cannot exceed quota for PolicySize: 6144"},
		{"as large as can be", create("large", sized(6144)), "ok"},
		{"the name of one of AWS's", create("ReadOnlyAccess", doc), "ok"},
		{"a tag twice", create("p", doc, iamwire.Tag{Key: "a"}, iamwire.Tag{Key: "A"}), "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive."},

		{"get a missing one", get(missingARN), "NoSuchEntity: Policy " + missingARN + " was not found."},
		{"get another account's", get(foreignARN), "NoSuchEntity: Policy " + foreignARN + " was not found."},
		{"get on another path", get("arn:aws:iam::123456789012:policy/limits"), "NoSuchEntity: Policy arn:aws:iam::123456789012:policy/limits was not found."},
		{"get a role", get("arn:aws:iam::123456789012:role/app"), notValid},
		{"get AWS's", get(readOnlyARN), "ok"},

		{"delete a missing one", del(missingARN), absent(missingARN)},
		{"delete AWS's", del(readOnlyARN), outside},
		{"delete one with two versions", del(twoARN), "DeleteConflict: This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."},

		{"version of a missing one", version(missingARN, doc), absent(missingARN)},
		{"version of AWS's", version(readOnlyARN, doc), outside},
		{"version that is no policy", version(limitsARN, "[]"), "MalformedPolicyDocument: Syntax errors in policy."},
		{"version of the first language", version(limitsARN, strings.Replace(doc, "2012-10-17", "2008-10-17", 1)), "MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater."},
		{"version too large", version(limitsARN, sized(6145)), "LimitExceeded: Cannot exceed quota for PolicySize: 6144"},
		{"get a missing version", try(t, w.GetPolicyVersion, &iamwire.GetPolicyVersionRequest{PolicyArn: limitsARN, VersionId: "v2"}), noVersion},
		{"delete a missing version", try(t, w.DeletePolicyVersion, &iamwire.DeletePolicyVersionRequest{PolicyArn: limitsARN, VersionId: "v2"}), noVersion},
		{"make a missing version the default", try(t, w.SetDefaultPolicyVersion, &iamwire.SetDefaultPolicyVersionRequest{PolicyArn: limitsARN, VersionId: "v2"}), noVersion},
		{"delete the default version", try(t, w.DeletePolicyVersion, &iamwire.DeletePolicyVersionRequest{PolicyArn: limitsARN, VersionId: "v1"}), "DeleteConflict: Cannot delete the default version of a policy."},
		{"default of AWS's", try(t, w.SetDefaultPolicyVersion, &iamwire.SetDefaultPolicyVersionRequest{PolicyArn: readOnlyARN, VersionId: "v1"}), outside},
		{"versions of a missing one", try(t, w.ListPolicyVersions, &iamwire.ListPolicyVersionsRequest{PolicyArn: missingARN}), absent(missingARN)},

		{"tag AWS's", try(t, w.TagPolicy, &iamwire.TagPolicyRequest{PolicyArn: readOnlyARN}), outside},
		{"tag a missing one", try(t, w.TagPolicy, &iamwire.TagPolicyRequest{PolicyArn: missingARN}), absent(missingARN)},
		{"untag a missing one", try(t, w.UntagPolicy, &iamwire.UntagPolicyRequest{PolicyArn: missingARN}), absent(missingARN)},
		{"tags of a missing one", try(t, w.ListPolicyTags, &iamwire.ListPolicyTagsRequest{PolicyArn: missingARN}), absent(missingARN)},
		{"entities of a missing one", try(t, w.ListEntitiesForPolicy, &iamwire.ListEntitiesForPolicyRequest{PolicyArn: missingARN}), absent(missingARN)},
	})
}

const twoARN = "arn:aws:iam::123456789012:policy/two"

func TestCreatePolicyAnswers(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	in := &iamwire.CreatePolicyRequest{
		PolicyName: "p", Path: ptr("/a/b/"), PolicyDocument: doc, Description: ptr("what it is for"), Tags: []iamwire.Tag{{Key: "team", Value: "x"}},
	}
	made := must(t, w.CreatePolicy, in).Policy
	now := w.Now()
	want := &iamwire.Policy{
		PolicyName: ptr("p"), PolicyId: made.PolicyId, Arn: ptr("arn:aws:iam::123456789012:policy/a/b/p"), Path: ptr("/a/b/"),
		DefaultVersionId: ptr("v1"), AttachmentCount: ptr(int32(0)), PermissionsBoundaryUsageCount: ptr(int32(0)), IsAttachable: true,
		CreateDate: &now, UpdateDate: &now, Tags: in.Tags,
	}
	same(t, "CreatePolicy", made, want)
	if id := *made.PolicyId; len(id) != 21 || !strings.HasPrefix(id, "ANPA") {
		t.Errorf("PolicyId %q, want ANPA and 17 characters", id)
	}
	want.Description = in.Description
	same(t, "GetPolicy", must(t, w.GetPolicy, &iamwire.GetPolicyRequest{PolicyArn: *made.Arn}).Policy, want)
	want.Description, want.Tags = nil, nil
	same(t, "ListPolicies", must(t, w.ListPolicies, &iamwire.ListPoliciesRequest{Scope: ptr("Local")}).Policies, []iamwire.Policy{*want})
}

func TestPolicyVersionsAreNeverNumberedAgain(t *testing.T) {
	t.Parallel()
	w := populated(t)
	var versions []string
	list := func() string {
		versions = nil
		for _, v := range must(t, w.ListPolicyVersions, &iamwire.ListPolicyVersionsRequest{PolicyArn: limitsARN}).Versions {
			name := *v.VersionId
			if v.IsDefaultVersion {
				name += "*"
			}
			versions = append(versions, name)
		}
		return strings.Join(versions, " ")
	}
	add := func(asDefault bool) string {
		return try(t, w.CreatePolicyVersion, &iamwire.CreatePolicyVersionRequest{PolicyArn: limitsARN, PolicyDocument: doc2, SetAsDefault: asDefault})
	}
	del := func(id string) string {
		return try(t, w.DeletePolicyVersion, &iamwire.DeletePolicyVersionRequest{PolicyArn: limitsARN, VersionId: id})
	}
	w.Advance(time.Hour)
	for range 4 {
		add(false)
	}
	check(t, []row{
		{"five versions", list(), "v5 v4 v3 v2 v1*"},
		{"a sixth", add(true), "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."},
		{"delete the newest", del("v5"), "ok"},
		{"a new one", add(true), "ok"},
		{"is v6", list(), "v6* v4 v3 v2 v1"},
		{"delete the first", del("v1"), "ok"},
		{"back to an older one", try(t, w.SetDefaultPolicyVersion, &iamwire.SetDefaultPolicyVersionRequest{PolicyArn: limitsARN, VersionId: "v3"}), "ok"},
		{"lists it", list(), "v6 v4 v3* v2"},
	})
	p := must(t, w.GetPolicy, &iamwire.GetPolicyRequest{PolicyArn: limitsARN}).Policy
	if *p.DefaultVersionId != "v3" || p.UpdateDate.Sub(*p.CreateDate) != time.Hour {
		t.Errorf("default %s, updated %v after creation; want v3 and 1h", *p.DefaultVersionId, p.UpdateDate.Sub(*p.CreateDate))
	}
	for _, id := range []string{"v6", "v4", "v2"} {
		check(t, []row{{"delete " + id, del(id), "ok"}})
	}
	check(t, []row{{"delete the policy", try(t, w.DeletePolicy, &iamwire.DeletePolicyRequest{PolicyArn: limitsARN}), "ok"}})
}

func TestListPolicyVersionsPages(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for range 3 {
		must(t, w.CreatePolicyVersion, &iamwire.CreatePolicyVersionRequest{PolicyArn: limitsARN, PolicyDocument: doc})
	}
	first := must(t, w.ListPolicyVersions, &iamwire.ListPolicyVersionsRequest{PolicyArn: limitsARN, MaxItems: ptr(int32(3))})
	rest := must(t, w.ListPolicyVersions, &iamwire.ListPolicyVersionsRequest{PolicyArn: limitsARN, MaxItems: ptr(int32(3)), Marker: first.Marker})
	if len(first.Versions) != 3 || !first.IsTruncated || len(rest.Versions) != 1 || *rest.Versions[0].VersionId != "v1" || rest.IsTruncated {
		t.Errorf("pages %+v and %+v, want three versions, then v1", first, rest)
	}
}

func TestListPolicies(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for _, name := range []string{"idle", "guard"} {
		must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: name, PolicyDocument: doc})
	}
	must(t, w.AttachUserPolicy, &iamwire.AttachUserPolicyRequest{UserName: "alice", PolicyArn: limitsARN})
	must(t, w.PutUserPermissionsBoundary, &iamwire.PutUserPermissionsBoundaryRequest{UserName: "alice", PermissionsBoundary: "arn:aws:iam::123456789012:policy/guard"})
	tests := []struct {
		name string
		in   iamwire.ListPoliciesRequest
		want string
	}{
		{"local", iamwire.ListPoliciesRequest{Scope: ptr("Local")}, "guard idle limits"},
		{"AWS's", iamwire.ListPoliciesRequest{Scope: ptr("AWS"), MaxItems: ptr(int32(2))}, "AdministratorAccess AmazonS3FullAccess"},
		{"all that are attached", iamwire.ListPoliciesRequest{OnlyAttached: true}, "AdministratorAccess limits"},
		{"all below a path", iamwire.ListPoliciesRequest{Scope: ptr("All"), PathPrefix: ptr("/team/")}, "limits"},
		{"used as policies", iamwire.ListPoliciesRequest{Scope: ptr("Local"), PolicyUsageFilter: ptr("PermissionsPolicy")}, "limits"},
		{"used as boundaries", iamwire.ListPoliciesRequest{PolicyUsageFilter: ptr("PermissionsBoundary")}, "guard"},
	}
	for _, tt := range tests {
		var names []string
		for _, p := range must(t, w.ListPolicies, &tt.in).Policies {
			names = append(names, *p.PolicyName)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestListPoliciesPagesOverEqualNames(t *testing.T) {
	t.Parallel()
	w := iamtest.New(t)
	must(t, w.CreatePolicy, &iamwire.CreatePolicyRequest{PolicyName: "ReadOnlyAccess", PolicyDocument: doc})
	seen := map[string]int{}
	in := &iamwire.ListPoliciesRequest{MaxItems: ptr(int32(1))}
	for {
		out := must(t, w.ListPolicies, in)
		for _, p := range out.Policies {
			seen[*p.Arn]++
		}
		if in.Marker = out.Marker; in.Marker == nil {
			break
		}
	}
	own := "arn:aws:iam::123456789012:policy/ReadOnlyAccess"
	if len(seen) != 8 || seen[own] != 1 || seen[readOnlyARN] != 1 {
		t.Errorf("pages of one show %v, want AWS's seven and our own, once each", seen)
	}
}
