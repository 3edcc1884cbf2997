package findings_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/findings"
)

// TestManagedPolicies holds AWS's own policies to what AWS's page of checks says
// is found in them: the first three are named there. The services that the
// larger ones name and the catalog does not have were closed by AWS.
func TestManagedPolicies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../internal/iam/awsmanaged/policies.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct{ Document json.RawMessage }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	const everything = "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"
	want := map[string]string{
		"AdministratorAccess":    everything,
		"IAMFullAccess":          everything,
		"PowerUserAccess":        "CREATE_SLR_WITH_STAR_IN_RESOURCE",
		"AmazonS3FullAccess":     "",
		"AmazonS3ReadOnlyAccess": "",
		"ReadOnlyAccess":         "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA INVALID_SERVICE_IN_ACTION",
		"SecurityAudit":          "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA INVALID_SERVICE_IN_ACTION",
	}
	for name, p := range all {
		var got []string
		for _, f := range findings.Validate(policy.Identity, string(p.Document)) {
			if !slices.Contains(got, f.Code) {
				got = append(got, f.Code)
			}
		}
		expected, known := want[name]
		if text := strings.Join(got, " "); !known || text != expected {
			t.Errorf("%s: got %q, want %q", name, text, expected)
		}
	}
}
