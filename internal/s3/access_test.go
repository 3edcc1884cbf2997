package s3_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/sigv4"
)

func TestIdentityPoliciesDecide(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/pub/k", "body")
	w.ok(admin, "PUT", "/bucket/secret/k", "secret")
	reader := w.user(account, "reader", allow("s3:GetObject", "arn:aws:s3:::bucket/pub/*"))
	w.ok(reader, "GET", "/bucket/pub/k", "")
	w.ok(reader, "HEAD", "/bucket/pub/k", "")
	for _, c := range []struct{ method, path string }{
		{"GET", "/bucket/secret/k"}, {"PUT", "/bucket/pub/k"}, {"DELETE", "/bucket/pub/k"}, {"GET", "/bucket"}, {"GET", "/bucket?list-type=2"},
		{"DELETE", "/bucket"}, {"GET", "/"}, {"PUT", "/other"}, {"GET", "/bucket?location"}, {"GET", "/bucket?policy"}, {"DELETE", "/bucket?policy"},
		{"PUT", "/bucket?policy"}, {"POST", "/bucket/pub/k?uploads"}, {"GET", "/bucket?uploads"}, {"GET", "/bucket/pub/k?uploadId=u"},
		{"PUT", "/bucket/pub/k?uploadId=u&partNumber=1"}, {"POST", "/bucket/pub/k?uploadId=u"}, {"DELETE", "/bucket/pub/k?uploadId=u"},
	} {
		w.no(403, "AccessDenied", reader, c.method, c.path, "")
	}
	w.no(403, "", reader, "HEAD", "/bucket", "")
	r := w.no(403, "AccessDenied", reader, "PUT", "/bucket/pub/k", "")
	want := `User: ` + userARN(account, "reader") + ` is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::bucket/pub/k" because no identity-based policy allows the s3:PutObject action`
	if r.Message != want {
		t.Errorf("got %q, want %q", r.Message, want)
	}
}

// Which keys there are is told only to who may list them.
func TestMissingKeys(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	reader := w.user(account, "reader", allow("s3:GetObject s3:PutObject", "*"))
	lister := w.user(account, "lister", allow("s3:GetObject s3:PutObject s3:ListBucket", "*"))
	w.no(403, "AccessDenied", reader, "GET", "/bucket/nothing", "")
	w.no(403, "", reader, "HEAD", "/bucket/nothing", "")
	w.no(403, "AccessDenied", reader, "PUT", "/bucket/copy", "", "x-amz-copy-source", "bucket/nothing")
	w.no(404, "NoSuchKey", lister, "GET", "/bucket/nothing", "")
	w.no(404, "", lister, "HEAD", "/bucket/nothing", "")
	w.no(404, "NoSuchKey", lister, "PUT", "/bucket/copy", "", "x-amz-copy-source", "bucket/nothing")
	w.no(404, "NoSuchBucket", reader, "GET", "/no-bucket/k", "")
}

func TestBucketPolicyGrantsAndDenies(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for _, key := range []string{"open/k", "friend/k", "closed/k"} {
		w.ok(admin, "PUT", "/bucket/"+key, "body")
	}
	friend := w.user(account, "friend", "")
	stranger := w.user(account, "stranger", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(
		statement("Allow", `"*"`, "s3:GetObject", "arn:aws:s3:::bucket/open/*", ""),
		statement("Allow", aws(userARN(account, "friend")), "s3:GetObject", "arn:aws:s3:::bucket/friend/*", ""),
		statement("Deny", `"*"`, "s3:GetObject", "arn:aws:s3:::bucket/closed/*", ""),
	))
	w.ok(nobody, "GET", "/bucket/open/k", "")
	w.no(403, "AccessDenied", nobody, "GET", "/bucket/friend/k", "")
	w.no(403, "AccessDenied", nobody, "GET", "/bucket/open/nothing", "")
	w.no(403, "AccessDenied", nobody, "PUT", "/bucket/open/k", "body")
	w.no(400, "InvalidRequest", nobody, "GET", "/bucket/open/k?response-content-type=text/html", "")
	w.ok(friend, "GET", "/bucket/friend/k", "")
	w.no(403, "AccessDenied", stranger, "GET", "/bucket/friend/k", "")
	w.no(403, "AccessDenied", admin, "GET", "/bucket/closed/k", "")
	w.ok(admin, "DELETE", "/bucket?policy", "")
	w.ok(admin, "GET", "/bucket/closed/k", "")
	w.no(403, "AccessDenied", nobody, "GET", "/bucket/open/k", "")
	w.no(404, "NoSuchBucketPolicy", admin, "GET", "/bucket?policy", "")
}

// A user made anew under an old name inherits nothing.
func TestBucketPoliciesKeepPrincipalsByID(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "body")
	friend := w.user(account, "friend", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(statement("Allow", aws(userARN(account, "friend")), "s3:GetObject", "arn:aws:s3:::bucket/*", "")))
	w.ok(friend, "GET", "/bucket/k", "")
	if r := w.ok(admin, "GET", "/bucket?policy", ""); !strings.Contains(r.Body, userARN(account, "friend")) || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the policy is shown as %v %v", r, r.Header)
	}
	w.dropUser(account, "friend", friend)
	again := w.user(account, "friend", "")
	w.no(403, "AccessDenied", again, "GET", "/bucket/k", "")
	if r := w.ok(admin, "GET", "/bucket?policy", ""); strings.Contains(r.Body, "user/friend") || !strings.Contains(r.Body, "AIDA") {
		t.Errorf("a principal that is gone is shown as %s", r.Body)
	}
}

func TestBucketPoliciesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	const keys = "arn:aws:s3:::bucket/*"
	for _, c := range []struct{ policy, want string }{
		{"x", "Policies must be valid JSON and the first byte must be '{'"},
		{"{", "This policy contains invalid Json"},
		{policyOf(statement("Allow", `"*"`, "s3:GetObject", "arn:aws:s3:::other/*", "")), "Policy has invalid resource"},
		{policyOf(statement("Allow", `"*"`, "s3:GetObject", "arn:aws:iam::123456789012:user/x", "")), "Policy has invalid resource"},
		{policyOf(statement("Allow", `"*"`, "s3:GetNothing", keys, "")), "Policy has invalid action"},
		{policyOf(statement("Allow", `"*"`, "iam:GetUser", keys, "")), "Policy has invalid action"},
		{policyOf(statement("Allow", `"*"`, "s3:GetObject", "arn:aws:s3:::bucket", "")), "Action does not apply to any resource(s) in statement"},
		{policyOf(statement("Allow", `"*"`, "s3:ListBucket", keys, "")), "Action does not apply to any resource(s) in statement"},
		{policyOf(statement("Allow", aws(userARN(account, "nobody")), "s3:GetObject", keys, "")), "Invalid principal in policy"},
		{policyOf(statement("Deny", `{"CanonicalUser":"`+strings.Repeat("a", 64)+`"}`, "s3:GetObject", keys, "")), "Invalid principal in policy"},
		{policyOf(statement("Allow", `"*"`, "s3:GetObject", keys+strings.Repeat("x", 20<<10), "")), "Policy exceeds the maximum allowed document size."},
		{`{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"` + keys + `"}]}`, "Missing required field Principal"},
	} {
		r := w.no(400, "MalformedPolicy", admin, "PUT", "/bucket?policy", c.policy)
		if r.Message != c.want {
			t.Errorf("%.120s: got %q, want %q", c.policy, r.Message, c.want)
		}
	}
	w.no(400, "MissingRequestBodyError", admin, "PUT", "/bucket?policy", "")
	w.no(404, "NoSuchBucketPolicy", admin, "GET", "/bucket?policy", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(
		statement("Allow", aws(string(account)), "s3:*", "arn:aws:s3:::bucket arn:aws:s3:::bucket/*", ""),
		statement("Allow", aws(string(account)), "s3:GetObject", "arn:aws:s3:::buck*", ""),
	))
}

func TestAcrossAccounts(t *testing.T) {
	t.Parallel()
	w := start(t)
	other := w.otherAccount()
	guest := w.user(other, "guest", allow("s3:*", "*"))
	plain := w.user(other, "plain", "")
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "body")
	w.no(403, "AccessDenied", guest, "GET", "/bucket/k", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(
		statement("Allow", aws(string(other)), "s3:GetObject s3:PutObject", "arn:aws:s3:::bucket/*", ""),
		statement("Allow", aws(string(other)), "s3:*BucketPolicy", "arn:aws:s3:::bucket", ""),
	))
	w.ok(guest, "GET", "/bucket/k", "")
	w.no(403, "AccessDenied", plain, "GET", "/bucket/k", "") // its own account has to allow it too
	w.no(403, "AccessDenied", guest, "DELETE", "/bucket/k", "")
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.no(405, "MethodNotAllowed", guest, method, "/bucket?policy", "")
	}
	// A copy needs the source's bucket and the target's.
	w.ok(guest, "PUT", "/guests", "")
	w.ok(guest, "PUT", "/guests/copy", "", "x-amz-copy-source", "/bucket/k")
	w.no(403, "AccessDenied", admin, "PUT", "/bucket/stolen", "", "x-amz-copy-source", "guests/copy")
	w.no(403, "AccessDenied", plain, "PUT", "/bucket/stolen", "", "x-amz-copy-source", "bucket/k")
	if r := w.ok(admin, "GET", "/bucket?list-type=2", ""); strings.Contains(r.Body, "stolen") {
		t.Errorf("a copy was made: %s", r.Body)
	}
}

// A bucket policy that shuts out everybody can be taken away by the owner's root.
func TestRootRepairsAPolicy(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(statement("Deny", `"*"`, "s3:*", "arn:aws:s3:::bucket arn:aws:s3:::bucket/*", "")))
	w.no(403, "AccessDenied", admin, "DELETE", "/bucket?policy", "")
	key, err := w.State().IAM.CreateAccessKey(t.Context(), iamtest.Root(account), &iamwire.CreateAccessKeyRequest{})
	if err != nil {
		t.Skipf("keys of the root user cannot be made this way: %v", err)
	}
	root := &sigv4.Credentials{AccessKeyID: key.AccessKey.AccessKeyId, SecretAccessKey: sigv4.Secret(key.AccessKey.SecretAccessKey)}
	w.no(403, "AccessDenied", root, "GET", "/bucket", "")
	w.ok(root, "GET", "/bucket?policy", "")
	w.ok(root, "DELETE", "/bucket?policy", "")
	w.ok(admin, "GET", "/bucket", "")
}

func TestDeleteObjectsDecidesEachKey(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	for _, key := range []string{"mine/1", "mine/2", "theirs/1"} {
		w.ok(admin, "PUT", "/bucket/"+key, "x")
	}
	cleaner := w.user(account, "cleaner", allow("s3:DeleteObject", "arn:aws:s3:::bucket/mine/*"))
	body := "<Delete><Object><Key>mine/1</Key></Object><Object><Key>theirs/1</Key></Object><Object><Key>mine/nothing</Key></Object></Delete>"
	r := w.delete(cleaner, "/bucket?delete", body)
	for _, want := range []string{"<Deleted><Key>mine/1</Key></Deleted>", "<Deleted><Key>mine/nothing</Key></Deleted>", "<Error><Key>theirs/1</Key><Code>AccessDenied</Code>"} {
		if !strings.Contains(r.Body, want) {
			t.Errorf("want %s in %s", want, r.Body)
		}
	}
	w.ok(admin, "GET", "/bucket/theirs/1", "")
	w.no(404, "NoSuchKey", admin, "GET", "/bucket/mine/1", "")
	r = w.delete(cleaner, "/bucket?delete", "<Delete><Quiet>true</Quiet><Object><Key>mine/2</Key></Object><Object><Key>theirs/1</Key></Object></Delete>")
	if strings.Contains(r.Body, "<Deleted>") || !strings.Contains(r.Body, "AccessDenied") {
		t.Errorf("quiet: %s", r.Body)
	}
	if r := w.delete(nobody, "/bucket?delete", body); !strings.Contains(r.Body, "AccessDenied") || strings.Contains(r.Body, "<Deleted>") {
		t.Errorf("unsigned: %v", r)
	}
	many := "<Delete>" + strings.Repeat("<Object><Key>mine/k</Key></Object>", 1001) + "</Delete>"
	for _, c := range []struct{ body, code string }{
		{many, "MalformedXML"}, {"<Delete></Delete>", "MalformedXML"}, {"<Delete><Object><Key>mine/1</Key><Odd/></Object></Delete>", "MalformedXML"},
		{strings.Repeat(" ", 2<<20) + body, "MaxMessageLengthExceeded"},
	} {
		if r := w.delete(cleaner, "/bucket?delete", c.body); r.Code != c.code {
			t.Errorf("%.60s: got %v, want %s", c.body, r, c.code)
		}
	}
	w.no(400, "InvalidRequest", cleaner, "POST", "/bucket?delete", body)
	w.no(400, "BadDigest", cleaner, "POST", "/bucket?delete", body, "Content-Md5", md5Of("other"))
	w.no(400, "BadDigest", cleaner, "POST", "/bucket?delete", body, "x-amz-checksum-crc32", crc32Of("other"))
	w.ok(cleaner, "POST", "/bucket?delete", body, "x-amz-checksum-crc32", crc32Of(body))
}

// Each row allows an action under a condition; the first request is to have it,
// the second not.
func TestConditionKeys(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", "x", "x-amz-tagging", "team=red")
	w.ok(admin, "PUT", "/bucket/other", "x", "x-amz-tagging", "team=blue")
	get, put := call{method: "GET", path: "/bucket/k"}, call{method: "PUT", path: "/bucket/new", body: "x"}
	with := func(c call, header ...string) call { c.header = header; return c }
	at := func(path string) call { return call{method: "GET", path: path} }
	for i, c := range []struct {
		operator, key, value string
		yes, no              call
	}{
		{"StringLike", "s3:prefix", "dir/*", at("/bucket?prefix=dir/a"), at("/bucket?prefix=other")},
		{"StringEquals", "s3:delimiter", "/", at("/bucket?delimiter=/"), at("/bucket")},
		{"NumericLessThanEquals", "s3:max-keys", "10", at("/bucket?list-type=2&max-keys=10"), at("/bucket?list-type=2&max-keys=11")},
		{"StringEquals", "s3:x-amz-acl", "bucket-owner-full-control", with(put, "x-amz-acl", "bucket-owner-full-control"), put},
		{"StringEquals", "s3:x-amz-storage-class", "STANDARD", with(put, "x-amz-storage-class", "STANDARD"), put},
		{"StringLike", "s3:x-amz-copy-source", "bucket/k*", with(call{method: "PUT", path: "/bucket/new"}, "x-amz-copy-source", "/bucket/k"), with(call{method: "PUT", path: "/bucket/new"}, "x-amz-copy-source", "bucket/other")},
		{"StringEquals", "s3:x-amz-metadata-directive", "REPLACE", with(call{method: "PUT", path: "/bucket/new"}, "x-amz-copy-source", "bucket/k", "x-amz-metadata-directive", "REPLACE"), with(call{method: "PUT", path: "/bucket/new"}, "x-amz-copy-source", "bucket/k")},
		{"StringEquals", "s3:RequestObjectTag/team", "red", with(put, "x-amz-tagging", "team=red"), with(put, "x-amz-tagging", "team=blue")},
		{"ForAnyValue:StringEquals", "s3:RequestObjectTagKeys", "team", with(put, "x-amz-tagging", "team=red"), with(put, "x-amz-tagging", "x=y")},
		{"StringEquals", "s3:ExistingObjectTag/team", "red", get, at("/bucket/other")},
		{"StringEquals", "s3:ResourceAccount", string(account), get, call{}},
		{"StringEquals", "s3:authType", "REST-HEADER", get, call{}},
		{"StringEquals", "s3:signatureversion", "AWS4-HMAC-SHA256", get, call{}},
		{"StringEquals", "s3:x-amz-content-sha256", "UNSIGNED-PAYLOAD", call{method: "GET", path: "/bucket/k", payload: sigv4.UnsignedPayload}, get},
		{"StringEquals", "s3:if-none-match", "*", with(call{method: "PUT", path: "/bucket/once", body: "x"}, "If-None-Match", "*"), put},
		{"Null", "s3:TlsVersion", "true", get, call{}},
	} {
		name := fmt.Sprintf("user%d", i)
		policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{%q:{%q:%q}}}]}`, c.operator, c.key, c.value)
		as := w.user(account, name, policy)
		c.yes.as, c.no.as = as, as
		if r := w.send(w.request(c.yes)); r.Status >= 300 {
			t.Errorf("%s: got %v, want success", c.key, r)
		}
		if c.no.method == "" {
			continue
		}
		if r := w.send(w.request(c.no)); r.Code != "AccessDenied" {
			t.Errorf("%s: got %v, want AccessDenied", c.key, r)
		}
	}
	w.ok(admin, "PUT", "/bucket?policy", policyOf(statement("Deny", `"*"`, "s3:GetObject", "arn:aws:s3:::bucket/*", `"Condition":{"NumericGreaterThan":{"s3:signatureAge":"5000"}}`)))
	for age, want := range map[time.Duration]int{0: 200, 30 * time.Second: 403} {
		signed, err := sigv4.Presign(w.request(call{method: "GET", path: "/bucket/k"}), *admin, sigv4.Target{Region: "us-east-1", Service: "s3"}, sigv4.UnsignedPayload, time.Hour, time.Now().Add(-age))
		w.check(err)
		if r := w.do(nobody, "GET", strings.TrimPrefix(signed, w.URL()), ""); r.Status != want {
			t.Errorf("a URL signed %v ago: %v, want %d", age, r, want)
		}
	}
}
