package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// Sessions are stored nowhere: a server that is started again on the same
// directory opens them, and issuing one leaves the store as it was.
func TestSessionsOutliveTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/data"
	w := startIn(t, dir)
	role := w.role("r")
	before, err := w.State().Store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session := w.session(admin, role)
	for range 20 {
		w.session(admin, role)
	}
	if after, err := w.State().Store.Revision(t.Context()); err != nil || after != before {
		t.Errorf("21 sessions moved the store from revision %d to %d (%v)", before, after, err)
	}
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	again := startIn(t, dir)
	r := again.whoami(session)
	if r.Status != http.StatusOK || !strings.Contains(r.Body, ":assumed-role/r/session<") {
		t.Errorf("after a restart: %d %s", r.Status, r.Body)
	}
	elsewhere := start(t)
	elsewhere.whoami(session).want(t, "at a server with other keys", 403, "InvalidClientTokenId")
}

// A role that was deleted takes its sessions with it, and one made anew under
// its name does not bring them back.
func TestDeletedRolesEndTheirSessions(t *testing.T) {
	t.Parallel()
	w := start(t)
	role := w.role("r")
	session := w.session(admin, role)
	w.iam("DeleteRolePolicy", "RoleName", "r", "PolicyName", "all")
	w.iam("DeleteRole", "RoleName", "r")
	w.whoami(session).want(t, "after DeleteRole", 403, "InvalidClientTokenId")
	w.do(call{service: "s3", method: "GET", creds: &session}).want(t, "after DeleteRole at s3", 403, "InvalidAccessKeyId")
	w.role("r")
	w.whoami(session).want(t, "after CreateRole", 403, "InvalidClientTokenId")
	if r := w.whoami(w.session(admin, role)); r.Status != 200 {
		t.Errorf("a session of the new role: %d %s", r.Status, r.Body)
	}
}

func expiration(w *world, r reply) time.Time {
	var out struct {
		C struct{ Expiration time.Time } `xml:"AssumeRoleResult>Credentials"`
	}
	w.decode(r, &out)
	return out.C.Expiration
}

// Durations are had or refused, never cut.
func TestDurations(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	w := start(t, func(c *Config) { c.Now = func() time.Time { return now }; c.ClockControl = true })
	at := func(c call) call { c.at = now; return c }
	send := func(creds sigv4.Credentials, role, seconds string) reply {
		pairs := []string{"RoleArn", role, "RoleSessionName", "session"}
		if seconds != "" {
			pairs = append(pairs, "DurationSeconds", seconds)
		}
		return w.do(at(call{creds: &creds, body: stsForm("AssumeRole", pairs...)}))
	}
	iam := func(action string, pairs ...string) {
		if r := w.do(at(call{service: "iam", body: iamForm(action, pairs...)})); r.Status != 200 {
			t.Fatalf("%s: %s", action, r.Body)
		}
	}
	for name, maximum := range map[string]string{"hour": "3600", "twelve": "43200"} {
		iam("CreateRole", "RoleName", name, "MaxSessionDuration", maximum, "AssumeRolePolicyDocument", trusting("arn:aws:iam::"+account+":root"))
		iam("PutRolePolicy", "RoleName", name, "PolicyName", "all", "PolicyDocument", allowAll)
	}
	hour, twelve := "arn:aws:iam::"+account+":role/hour", "arn:aws:iam::"+account+":role/twelve"
	if _, err := w.State().Clock.Advance(t.Context(), 500*time.Hour); err != nil {
		t.Fatal(err)
	}
	chained := w.credentials(send(admin, hour, ""))
	for _, c := range []struct {
		creds   sigv4.Credentials
		role    string
		seconds string
		want    time.Duration // 0: refused
	}{
		{admin, hour, "", time.Hour}, {admin, hour, "900", 15 * time.Minute}, {admin, hour, "3600", time.Hour},
		{admin, hour, "899", 0}, {admin, hour, "0", 0}, {admin, hour, "3601", 0},
		{admin, twelve, "43200", 12 * time.Hour}, {admin, twelve, "43201", 0}, {admin, twelve, "", time.Hour},
		{chained, twelve, "3600", time.Hour}, {chained, twelve, "3601", 0}, {chained, twelve, "", time.Hour},
	} {
		r := send(c.creds, c.role, c.seconds)
		if c.want == 0 {
			r.want(t, fmt.Sprintf("%s for %q seconds", c.role, c.seconds), 400, "ValidationError")
			continue
		}
		// The clock has been moved; clients count in real time.
		if got := expiration(w, r); r.Status != 200 || !got.Equal(now.Add(c.want)) {
			t.Errorf("%s for %q seconds: got %d, expiration %v, want %v", c.role, c.seconds, r.Status, got, now.Add(c.want))
		}
	}
}

// What a trust policy can ask of an AssumeRole.
func TestTrustConditions(t *testing.T) {
	t.Parallel()
	w := start(t)
	eve := w.user("eve", allowAll)
	n := 0
	for _, c := range []struct {
		condition string
		pairs     []string
		want      int
	}{
		{`"StringEquals":{"sts:ExternalId":"e-1"}`, nil, 403},
		{`"StringEquals":{"sts:ExternalId":"e-1"}`, []string{"ExternalId", "e-2"}, 403},
		{`"StringEquals":{"sts:ExternalId":"e-1"}`, []string{"ExternalId", "e-1"}, 200},
		{`"StringLike":{"sts:RoleSessionName":"${aws:username}"}`, nil, 403},
		{`"StringLike":{"sts:RoleSessionName":"sess*"}`, nil, 200},
		{`"StringEquals":{"aws:RequestTag/team":"red"}`, []string{"Tags.member.1.Key", "team", "Tags.member.1.Value", "blue"}, 403},
		{`"StringEquals":{"aws:RequestTag/team":"red"}`, []string{"Tags.member.1.Key", "Team", "Tags.member.1.Value", "red"}, 200},
		{`"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}`, []string{"Tags.member.1.Key", "other", "Tags.member.1.Value", "red"}, 403},
		{`"ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":["team"]}`, []string{"Tags.member.1.Key", "team", "Tags.member.1.Value", "red"}, 403},
		{`"ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":["team"]}`, []string{"Tags.member.1.Key", "team", "Tags.member.1.Value", "red", "TransitiveTagKeys.member.1", "team"}, 200},
		{`"StringEquals":{"sts:SourceIdentity":"eve"}`, nil, 403},
		{`"StringEquals":{"sts:SourceIdentity":"eve"}`, []string{"SourceIdentity", "eve"}, 200},
		{`"Bool":{"aws:MultiFactorAuthPresent":"true"}`, nil, 403},
		{`"StringEquals":{"iam:ResourceTag/stage":"prod"}`, nil, 200},
		{`"StringEquals":{"aws:ResourceTag/stage":"test"}`, nil, 403},
	} {
		n++
		name := fmt.Sprintf("r%d", n)
		trust := strings.TrimSuffix(trusting("arn:aws:iam::"+account+":root"), "}}") + `,"Condition":{` + c.condition + `}}}`
		w.iam("CreateRole", "RoleName", name, "AssumeRolePolicyDocument", trust, "Tags.member.1.Key", "stage", "Tags.member.1.Value", "prod")
		if r := w.assume(eve, "arn:aws:iam::"+account+":role/"+name, c.pairs...); r.Status != c.want {
			t.Errorf("%s with %v: got %d %s, want %d", c.condition, c.pairs, r.Status, r.Body, c.want)
		}
	}
}

// Tags and source identity go through a chain of roles as AWS documents.
func TestChains(t *testing.T) {
	t.Parallel()
	w := start(t)
	a, b := w.role("a"), w.role("b")
	tag := func(n int, key, value string) []string {
		return []string{fmt.Sprintf("Tags.member.%d.Key", n), key, fmt.Sprintf("Tags.member.%d.Value", n), value}
	}
	first := w.session(admin, a, append(append(tag(1, "Team", "red"), tag(2, "job", "x")...), "TransitiveTagKeys.member.1", "team", "SourceIdentity", "alice")...)
	for _, c := range []struct {
		name   string
		pairs  []string
		status int
		code   string
	}{
		{"nothing asked for", nil, 200, ""},
		{"the same source identity", []string{"SourceIdentity", "alice"}, 200, ""},
		{"another source identity", []string{"SourceIdentity", "bob"}, 403, "AccessDenied"},
		{"a tag that is not transitive", tag(1, "job", "y"), 200, ""},
		{"a transitive tag again", tag(1, "team", "red"), 400, "InvalidParameterValue"},
		{"a key twice", append(tag(1, "k", "1"), tag(2, "K", "2")...), 400, "InvalidParameterValue"},
		{"a reserved key", tag(1, "aws:k", "1"), 400, "InvalidParameterValue"},
		{"transitive without a tag", []string{"TransitiveTagKeys.member.1", "k"}, 400, "InvalidParameterValue"},
	} {
		w.assume(first, b, c.pairs...).want(t, c.name, c.status, c.code)
	}
	const see = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"red","aws:SourceIdentity":"alice"},"Null":{"aws:PrincipalTag/job":"true"}}}}`
	w.iam("PutRolePolicy", "RoleName", "b", "PolicyName", "all", "PolicyDocument", see)
	second := w.session(first, b)
	if r := w.do(call{service: "iam", creds: &second, body: iamForm("ListUsers")}); r.Status != 200 {
		t.Errorf("tags and source identity of a chained session: %d %s", r.Status, r.Body)
	}
}

// Session policies limit, count towards the space of a token, and cannot be
// more than fits.
func TestSessionPolicies(t *testing.T) {
	t.Parallel()
	w := start(t)
	role := w.role("r")
	const onlyUsers = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}}`
	limited := w.session(admin, role, "Policy", onlyUsers)
	if r := w.do(call{service: "iam", creds: &limited, body: iamForm("ListUsers")}); r.Status != 200 {
		t.Errorf("what the session policy allows: %d %s", r.Status, r.Body)
	}
	w.do(call{service: "iam", creds: &limited, body: iamForm("ListRoles")}).want(t, "what it does not", 403, "AccessDenied")
	if r := w.assume(admin, role); strings.Contains(r.Body, "PackedPolicySize") {
		t.Errorf("PackedPolicySize without policy or tags: %s", r.Body)
	}
	if r := w.assume(admin, role, "Policy", onlyUsers); !strings.Contains(r.Body, "<PackedPolicySize>4<") {
		t.Errorf("PackedPolicySize of %d bytes of %d: %s", len(onlyUsers), 3072, r.Body)
	}
	var full []string
	for i := range 50 {
		full = append(full, fmt.Sprintf("Tags.member.%d.Key", i+1), fmt.Sprintf("key%d", i), fmt.Sprintf("Tags.member.%d.Value", i+1), strings.Repeat("v", 100))
	}
	w.assume(admin, role, full...).want(t, "5,000 bytes of tags", 400, "PackedPolicyTooLarge")
	w.assume(admin, role, "Policy", onlyUsers+strings.Repeat(" ", 2048)).want(t, "a policy above 2,048 characters", 400, "ValidationError")
	w.assume(admin, role, "Policy", "{").want(t, "half a policy", 400, "MalformedPolicyDocument")
	w.assume(admin, role, "PolicyArns.member.1.arn", "arn:aws:iam::"+account+":policy/none").want(t, "a managed policy that is not there", 400, "MalformedPolicyDocument")
	var arns []string
	for i := range 11 {
		arns = append(arns, fmt.Sprintf("PolicyArns.member.%d.arn", i+1), "arn:aws:iam::aws:policy/ReadOnlyAccess")
	}
	w.assume(admin, role, arns...).want(t, "eleven managed policies", 400, "ValidationError")
	w.assume(admin, role, "SerialNumber", "arn:aws:iam::"+account+":mfa/x", "TokenCode", "123456").want(t, "MFA", 403, "AccessDenied")
	w.assume(admin, role, "TokenCode", "123456").want(t, "half of MFA", 403, "AccessDenied")
	w.assume(admin, "arn:aws:iam::"+account+":user/admin").want(t, "a user's ARN", 400, "ValidationError")
}

// Deleting one of the managed policies that limit a session must not widen it:
// its Deny was part of the limit.
func TestASessionPolicyThatIsDeletedDeniesAll(t *testing.T) {
	t.Parallel()
	w := start(t)
	const deny = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:ListRoles","Resource":"*"}}`
	w.iam("CreatePolicy", "PolicyName", "limit", "PolicyDocument", deny)
	limit := "arn:aws:iam::" + account + ":policy/limit"
	session := w.session(admin, w.role("r"), "PolicyArns.member.1.arn", limit, "PolicyArns.member.2.arn", "arn:aws:iam::aws:policy/AdministratorAccess")
	ask := func(action string) reply {
		return w.do(call{service: "iam", creds: &session, body: iamForm(action)})
	}
	if r := ask("ListUsers"); r.Status != 200 {
		t.Errorf("what the policies allow: %d %s", r.Status, r.Body)
	}
	ask("ListRoles").want(t, "what the policy denies", 403, "AccessDenied")
	w.iam("DeletePolicy", "PolicyArn", limit)
	ask("ListRoles").want(t, "what the deleted policy denied", 403, "AccessDenied")
	ask("ListUsers").want(t, "anything else after the deletion", 403, "AccessDenied")
}
