package iam_test

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// inline is the four operations on inline policies of one sort of entity.
type inline struct {
	noun, entity string
	max          int
	put          func(entity, name, document string) string
	get          func(entity, name string) (document, outcome string)
	list         func(entity string) (names []string, outcome string)
	del          func(entity, name string) string
}

func inlineOf(t *testing.T, w *iamtest.World) []inline {
	return []inline{
		{
			"user", "alice", 2048,
			func(e, n, d string) string {
				return try(t, w.PutUserPolicy, &iamwire.PutUserPolicyRequest{UserName: e, PolicyName: n, PolicyDocument: d})
			},
			func(e, n string) (string, string) {
				in := &iamwire.GetUserPolicyRequest{UserName: e, PolicyName: n}
				if got := try(t, w.GetUserPolicy, in); got != "ok" {
					return "", got
				}
				return must(t, w.GetUserPolicy, in).PolicyDocument, "ok"
			},
			func(e string) ([]string, string) {
				in := &iamwire.ListUserPoliciesRequest{UserName: e}
				if got := try(t, w.ListUserPolicies, in); got != "ok" {
					return nil, got
				}
				return must(t, w.ListUserPolicies, in).PolicyNames, "ok"
			},
			func(e, n string) string {
				return try(t, w.DeleteUserPolicy, &iamwire.DeleteUserPolicyRequest{UserName: e, PolicyName: n})
			},
		},
		{
			"group", "devs", 5120,
			func(e, n, d string) string {
				return try(t, w.PutGroupPolicy, &iamwire.PutGroupPolicyRequest{GroupName: e, PolicyName: n, PolicyDocument: d})
			},
			func(e, n string) (string, string) {
				in := &iamwire.GetGroupPolicyRequest{GroupName: e, PolicyName: n}
				if got := try(t, w.GetGroupPolicy, in); got != "ok" {
					return "", got
				}
				return must(t, w.GetGroupPolicy, in).PolicyDocument, "ok"
			},
			func(e string) ([]string, string) {
				in := &iamwire.ListGroupPoliciesRequest{GroupName: e}
				if got := try(t, w.ListGroupPolicies, in); got != "ok" {
					return nil, got
				}
				return must(t, w.ListGroupPolicies, in).PolicyNames, "ok"
			},
			func(e, n string) string {
				return try(t, w.DeleteGroupPolicy, &iamwire.DeleteGroupPolicyRequest{GroupName: e, PolicyName: n})
			},
		},
		{
			"role", "app", 10_240,
			func(e, n, d string) string {
				return try(t, w.PutRolePolicy, &iamwire.PutRolePolicyRequest{RoleName: e, PolicyName: n, PolicyDocument: d})
			},
			func(e, n string) (string, string) {
				in := &iamwire.GetRolePolicyRequest{RoleName: e, PolicyName: n}
				if got := try(t, w.GetRolePolicy, in); got != "ok" {
					return "", got
				}
				return must(t, w.GetRolePolicy, in).PolicyDocument, "ok"
			},
			func(e string) ([]string, string) {
				in := &iamwire.ListRolePoliciesRequest{RoleName: e}
				if got := try(t, w.ListRolePolicies, in); got != "ok" {
					return nil, got
				}
				return must(t, w.ListRolePolicies, in).PolicyNames, "ok"
			},
			func(e, n string) string {
				return try(t, w.DeleteRolePolicy, &iamwire.DeleteRolePolicyRequest{RoleName: e, PolicyName: n})
			},
		},
	}
}

// sized is a policy document of exactly n characters that count, with white
// space that does not.
func sized(n int) string {
	const head, tail = `{"Version":"2012-10-17", "Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::`, "\n\t\"}]}"
	fixed := strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(head + strings.TrimLeft(tail, "\n\t"))
	return head + strings.Repeat("a", n-len(fixed)) + strings.TrimLeft(tail, "\n\t") + " \n\t"
}

func TestInlinePolicies(t *testing.T) {
	t.Parallel()
	w := populated(t)
	const encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"
	for _, o := range inlineOf(t, w) {
		noEntity := "NoSuchEntity: The " + o.noun + " with name none cannot be found."
		noPolicy := "NoSuchEntity: The " + o.noun + " policy with name none cannot be found."
		_, getNobody := o.get("none", "p")
		_, getNothing := o.get(o.entity, "none")
		_, listNobody := o.list("none")
		check(t, []row{
			{o.noun + ": put on nobody", o.put("none", "p", doc), noEntity},
			{o.noun + ": get of nobody", getNobody, noEntity},
			{o.noun + ": list of nobody", listNobody, noEntity},
			{o.noun + ": delete of nobody", o.del("none", "p"), noEntity},
			{o.noun + ": get nothing", getNothing, noPolicy},
			{o.noun + ": delete nothing", o.del(o.entity, "none"), noPolicy},
			{o.noun + ": put no policy", o.put(o.entity, "p", `{"Version":"2012-10-17"}`), "MalformedPolicyDocument: Syntax errors in policy."},
			{o.noun + ": put b", o.put(o.entity, "b", doc2), "ok"},
			{o.noun + ": put a", o.put(o.entity, "a", doc2), "ok"},
			{o.noun + ": replace a", o.put(o.entity, "a", doc), "ok"},
		})
		names, _ := o.list(o.entity)
		same(t, o.noun+": names", names, []string{"a", "b"})
		document, _ := o.get(o.entity, "a")
		same(t, o.noun+": document", document, encoded)
		check(t, []row{{o.noun + ": delete", o.del(o.entity, "a"), "ok"}, {o.noun + ": delete", o.del(o.entity, "b"), "ok"}})
		names, _ = o.list(o.entity)
		same(t, o.noun+": names afterwards", names, []string{})
	}
}

func TestInlinePolicySizeIsTheSum(t *testing.T) {
	t.Parallel()
	w := populated(t)
	for _, o := range inlineOf(t, w) {
		tooMuch := "LimitExceeded: Maximum policy size of " + map[int]string{2048: "2048", 5120: "5120", 10_240: "10240"}[o.max] +
			" bytes exceeded for " + o.noun + " " + o.entity
		check(t, []row{
			{o.noun + ": one too large", o.put(o.entity, "a", sized(o.max+1)), tooMuch},
			{o.noun + ": as large as can be", o.put(o.entity, "a", sized(o.max)), "ok"},
			{o.noun + ": in place of itself", o.put(o.entity, "a", sized(o.max-500)), "ok"},
			{o.noun + ": what is left", o.put(o.entity, "b", sized(500)), "ok"},
			{o.noun + ": one character more", o.put(o.entity, "b", sized(501)), tooMuch},
		})
	}
}
