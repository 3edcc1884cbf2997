package catalog_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"rolecall.dev/rolecall/policy/catalog"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	s := catalog.Lookup("S3")
	if s == nil || s.Prefix != "s3" || s.Name != "Amazon S3" || !s.RCP {
		t.Fatalf("Lookup(S3) = %+v", s)
	}
	for _, prefix := range []string{"aws", "", "s4", "s3:GetObject"} {
		if s := catalog.Lookup(prefix); s != nil {
			t.Errorf("Lookup(%q) = %s", prefix, s.Prefix)
		}
	}
}

func TestFindAction(t *testing.T) {
	t.Parallel()
	s, a := catalog.FindAction("IAM:passrole")
	if s == nil || s.Prefix != "iam" || a.Name != "PassRole" || a.Access != catalog.Write || !a.Has("iam:PassedToService") {
		t.Errorf("FindAction(IAM:passrole) = %v, %+v", s, a)
	}
	if len(a.Resources) != 1 || a.Resources[0].Type.ARN != "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}" || !a.Resources[0].Required {
		t.Errorf("iam:PassRole has resources %+v", a.Resources)
	}
	for _, name := range []string{"s3:GetObjects", "s4:GetObject", "GetObject", "", ":", "s3:"} {
		if s, a := catalog.FindAction(name); s != nil || a != nil {
			t.Errorf("FindAction(%q) = %v, %v", name, s, a)
		}
	}
}

func TestFindKey(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, key, kind string }{
		{"AWS:sourceip", "aws:SourceIp", "IPAddress"},
		{"aws:PrincipalTag/team", "aws:PrincipalTag/${TagKey}", "String"},
		{"aws:TagKeys", "aws:TagKeys", "String*"},
		{"aws:MultiFactorAuthAge", "aws:MultiFactorAuthAge", "Numeric"},
		{"s3:prefix", "s3:prefix", "String"},
		{"s3:ExistingObjectTag/a", "s3:ExistingObjectTag/<key>", "String"},
		{"saml:aud", "saml:aud", "String"},
		{"sts:TransitiveTagKeys", "sts:TransitiveTagKeys", "String*"},
		{"token.actions.githubusercontent.com:ref", "token.actions.githubusercontent.com:ref", "String"},
		{"token.actions.acme.ghe.com:ref", "token.actions.${Domain}.ghe.com:ref", "String"},
		{"aws:PrincipalTag/", "", ""},
		{"aws:PrincipleArn", "", ""},
		{"s3:prefixes", "", ""},
		{"idp.example.com:sub", "", ""},
		{"prefix", "", ""},
	} {
		k := catalog.FindKey(row.name)
		if k == nil {
			k = new(catalog.Key)
		}
		kind := k.Type.String()
		if k.Multi {
			kind += "*"
		}
		if k.Name != row.key || kind != row.kind {
			t.Errorf("FindKey(%q) = %q %q, want %q %q", row.name, k.Name, kind, row.key, row.kind)
		}
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"sts:getcalleridentity": "sts:GetCallerIdentity",
		"STS:Get*Token":         "sts:GetDelegatedAccessToken sts:GetFederationToken sts:GetServiceBearerToken sts:GetSessionToken sts:GetWebIdentityToken",
		"s3:GetObjec?":          "s3:GetObject",
		"s3:None*":              "",
		"s4:*":                  "",
	} {
		if got := strings.Join(catalog.Expand(pattern), " "); got != want {
			t.Errorf("Expand(%q) = %q, want %q", pattern, got, want)
		}
	}
}

// TestWholeCatalog unpacks everything, from several goroutines at once, and
// holds what it finds to what every record must have.
func TestWholeCatalog(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { catalog.Expand("*") })
	}
	wg.Wait()
	services, actions, resources, keys := 0, 0, 0, len(catalog.Global())
	for _, prefix := range catalog.Prefixes() {
		s := catalog.Lookup(prefix)
		services++
		actions += len(s.Actions)
		resources += len(s.Resources)
		keys += len(s.Keys)
		if s.Prefix != prefix || s.Name == "" {
			t.Errorf("Lookup(%q) is %q, %q", prefix, s.Prefix, s.Name)
		}
		checkService(t, s)
	}
	t.Logf("%s: %d services, %d actions, %d resource types, %d condition keys", catalog.Origin(), services, actions, resources, keys)
	if services != 456 || actions != 22091 || resources != 2334 || keys != 2578+len(catalog.Global()) || len(catalog.Global()) < 55 {
		t.Errorf("got %d services, %d actions, %d resource types, %d keys", services, actions, resources, keys)
	}
	if got := len(catalog.Expand("*")); got != actions {
		t.Errorf("Expand(*) has %d actions, the services have %d", got, actions)
	}
}

func checkService(t *testing.T, s *catalog.Service) {
	t.Helper()
	for i := range s.Actions {
		a := &s.Actions[i]
		if s.Action(strings.ToUpper(a.Name)) != a {
			t.Errorf("%s:%s is not found by its name", s.Prefix, a.Name)
		}
		if a.Access.String() == "" {
			t.Errorf("%s:%s has no access level", s.Prefix, a.Name)
		}
		for _, r := range a.Resources {
			if r.Type == nil {
				t.Errorf("%s:%s has a resource type that does not exist", s.Prefix, a.Name)
			}
		}
	}
	for _, r := range s.Resources {
		if !strings.HasPrefix(r.ARN, "arn:") || strings.Count(r.ARN, ":") < 5 {
			t.Errorf("%s: resource type %s has the ARN %q", s.Prefix, r.Name, r.ARN)
		}
	}
	for i := range s.Keys {
		k := &s.Keys[i]
		if k.Type.String() == "" || !k.Matches(strings.NewReplacer("${", "x", "}", "y", "<", "x", ">", "y").Replace(k.Name)) {
			t.Errorf("%s: key %+v has no type or does not match an instance of itself", s.Prefix, k)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"s3:GetObject", "*", "aws:ResourceTag/a", "saml:aud", "a:b:c", "iam:*Role", "iam:?"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, action := range catalog.Expand(name) {
			if _, a := catalog.FindAction(action); a == nil {
				t.Errorf("Expand(%q) has %q, which is not found", name, action)
			}
		}
		if k := catalog.FindKey(name); k != nil && !k.Matches(name) {
			t.Errorf("FindKey(%q) = %q, which does not match", name, k.Name)
		}
	})
}

func Example() {
	_, action := catalog.FindAction("s3:GetObject")
	fmt.Println(action.Name, action.Access)
	for _, r := range action.Resources {
		fmt.Println(r.Type.Name, r.Type.ARN)
	}
	fmt.Println(catalog.Expand("sts:GetSession*"))
	key := catalog.FindKey("aws:PrincipalTag/team")
	fmt.Println(key.Name, key.Type, key.Multi)
	// Output:
	// GetObject Read
	// accesspointobject arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}/object/${ObjectName}
	// object arn:${Partition}:s3:::${BucketName}/${ObjectName}
	// [sts:GetSessionToken]
	// aws:PrincipalTag/${TagKey} String false
}
