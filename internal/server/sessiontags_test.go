package server

import (
	"net/http"
	"testing"
)

// A transitive tag keeps its value through a chain. Its key has other spellings
// that are the same under Unicode's case folding (ſ for s) but not in lower case:
// they are other keys, and must not be read in its place.
func TestTransitiveTagsAreNotOverridden(t *testing.T) {
	t.Parallel()
	w := start(t)
	first := w.role("first")
	second := w.role("second")
	w.iam("PutRolePolicy", "RoleName", "second", "PolicyName", "all", "PolicyDocument",
		`{"Version":"2012-10-17","Statement":[`+
			`{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/cost":"red"}}},`+
			`{"Effect":"Allow","Action":"iam:ListRoles","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/cost":"blue"}}}]}`)
	parent := w.session(admin, first, "Tags.member.1.Key", "cost", "Tags.member.1.Value", "red", "TransitiveTagKeys.member.1", "COST")
	w.assume(parent, second, "Tags.member.1.Key", "Cost", "Tags.member.1.Value", "blue").
		want(t, "the same key", http.StatusBadRequest, "InvalidParameterValue")
	child := w.session(parent, second, "Tags.member.1.Key", "coſt", "Tags.member.1.Value", "blue")
	if r := w.do(call{service: "iam", creds: &child, body: iamForm("ListUsers")}); r.Status != http.StatusOK {
		t.Errorf("what the transitive tag allows: %d %s", r.Status, r.Body)
	}
	w.do(call{service: "iam", creds: &child, body: iamForm("ListRoles")}).
		want(t, "what another value would allow", http.StatusForbidden, "AccessDenied")
}
