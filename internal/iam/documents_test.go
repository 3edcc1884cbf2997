package iam_test

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// decider asks for decisions about alice.
func decider(t *testing.T, w *iamtest.World) func(action string) string {
	id := must(t, w.CreateAccessKey, &iamwire.CreateAccessKeyRequest{UserName: ptr("alice")}).AccessKey.AccessKeyId
	return func(action string) string {
		t.Helper()
		key, _ := w.AccessKey(id)
		caller, ok := w.CallerOfKey(key)
		if !ok {
			t.Fatal("alice is gone")
		}
		env := w.Environment(caller)
		d, err := w.Authorize(&env, &iam.Check{Action: action, Resource: "arn:aws:s3:::b/k", Owner: iamtest.Account})
		if err != nil {
			t.Fatal(err)
		}
		return d.Effect.String() + " by " + d.By.String()
	}
}

func TestDecisionsFollowEveryChange(t *testing.T) {
	t.Parallel()
	w := populated(t)
	ask := decider(t, w)
	denyDoc := strings.Replace(doc, "Allow", "Deny", 1)
	const get, list = "s3:GetObject", "s3:ListBucket"
	var rows []row
	expect := func(name, action, want string) { rows = append(rows, row{name, ask(action), want}) }

	expect("nothing", get, "implicit_deny by identity")
	must(t, w.AttachUserPolicy, &iamwire.AttachUserPolicyRequest{UserName: "alice", PolicyArn: limitsARN})
	expect("an attached policy", get, "allow by identity")
	must(t, w.CreatePolicyVersion, &iamwire.CreatePolicyVersionRequest{PolicyArn: limitsARN, PolicyDocument: doc2})
	expect("a version that is not the default", list, "implicit_deny by identity")
	must(t, w.SetDefaultPolicyVersion, &iamwire.SetDefaultPolicyVersionRequest{PolicyArn: limitsARN, VersionId: "v2"})
	expect("the default version", list, "allow by identity")
	expect("the version before", get, "implicit_deny by identity")

	must(t, w.AddUserToGroup, &iamwire.AddUserToGroupRequest{GroupName: "devs", UserName: "alice"})
	must(t, w.PutGroupPolicy, &iamwire.PutGroupPolicyRequest{GroupName: "devs", PolicyName: "p", PolicyDocument: doc})
	expect("a policy of the group", get, "allow by identity")
	// The same document allows as a policy and limits as a boundary.
	must(t, w.PutUserPermissionsBoundary, &iamwire.PutUserPermissionsBoundaryRequest{UserName: "alice", PermissionsBoundary: limitsARN})
	expect("inside the boundary", list, "allow by identity")
	expect("outside the boundary", get, "implicit_deny by boundary")
	must(t, w.DeleteUserPermissionsBoundary, &iamwire.DeleteUserPermissionsBoundaryRequest{UserName: "alice"})
	must(t, w.PutUserPolicy, &iamwire.PutUserPolicyRequest{UserName: "alice", PolicyName: "no", PolicyDocument: denyDoc})
	expect("a deny of her own", get, "explicit_deny by identity")
	must(t, w.DeleteUserPolicy, &iamwire.DeleteUserPolicyRequest{UserName: "alice", PolicyName: "no"})
	must(t, w.RemoveUserFromGroup, &iamwire.RemoveUserFromGroupRequest{GroupName: "devs", UserName: "alice"})
	expect("without the group", get, "implicit_deny by identity")
	must(t, w.DetachUserPolicy, &iamwire.DetachUserPolicyRequest{UserName: "alice", PolicyArn: limitsARN})
	expect("without the policy", list, "implicit_deny by identity")
	check(t, rows)
}
