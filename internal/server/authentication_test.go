package server

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// A request in each of the ways to fail, and what each service says to it.
func TestAuthenticationFailures(t *testing.T) {
	t.Parallel()
	w := start(t)
	session := w.session(admin, w.role("r"), "DurationSeconds", "900")
	other := w.session(admin, "arn:aws:iam::"+account+":role/r", "DurationSeconds", "900")
	gone := w.user("gone", "")
	w.iam("UpdateAccessKey", "UserName", "gone", "AccessKeyId", gone.AccessKeyID, "Status", "Inactive")

	with := func(c sigv4.Credentials, change func(*sigv4.Credentials)) *sigv4.Credentials { change(&c); return &c }
	past, future := time.Now().Add(-16*time.Minute), time.Now().Add(16*time.Minute)
	cases := []struct {
		name           string
		c              call
		query, s3      string // "status code"
		json, jsonCode string
	}{
		{"unknown key", call{creds: &sigv4.Credentials{AccessKeyID: "AKIAUNKNOWNUNKNOWN00", SecretAccessKey: "x"}}, "403 InvalidClientTokenId", "403 InvalidAccessKeyId", "400", "UnrecognizedClientException"},
		{"inactive key", call{creds: &gone}, "403 InvalidClientTokenId", "403 InvalidAccessKeyId", "400", "UnrecognizedClientException"},
		{"wrong secret", call{creds: with(admin, func(c *sigv4.Credentials) { c.SecretAccessKey += "x" })}, "403 SignatureDoesNotMatch", "403 SignatureDoesNotMatch", "400", "InvalidSignatureException"},
		{"session without token", call{creds: with(session, func(c *sigv4.Credentials) { c.SessionToken = "" })}, "403 InvalidClientTokenId", "403 InvalidAccessKeyId", "400", "UnrecognizedClientException"},
		{"another session's token", call{creds: with(session, func(c *sigv4.Credentials) { c.SessionToken = other.SessionToken })}, "403 InvalidClientTokenId", "400 InvalidToken", "400", "UnrecognizedClientException"},
		{"altered token", call{creds: with(session, func(c *sigv4.Credentials) { c.SessionToken = flip(c.SessionToken) })}, "403 InvalidClientTokenId", "400 InvalidToken", "400", "UnrecognizedClientException"},
		{"token that is none", call{creds: with(session, func(c *sigv4.Credentials) { c.SessionToken = "%%%" })}, "403 InvalidClientTokenId", "400 InvalidToken", "400", "UnrecognizedClientException"},
		{"token with a long-term key", call{creds: with(admin, func(c *sigv4.Credentials) { c.SessionToken = session.SessionToken })}, "403 InvalidClientTokenId", "400 InvalidToken", "400", "UnrecognizedClientException"},
		{"session with a wrong secret", call{creds: with(session, func(c *sigv4.Credentials) { c.SecretAccessKey = other.SecretAccessKey })}, "403 SignatureDoesNotMatch", "403 SignatureDoesNotMatch", "400", "InvalidSignatureException"},
		{"too old", call{at: past}, "403 SignatureDoesNotMatch", "403 RequestTimeTooSkewed", "400", "InvalidSignatureException"},
		{"too new", call{at: future}, "403 SignatureDoesNotMatch", "403 RequestTimeTooSkewed", "400", "InvalidSignatureException"},
		{"unsigned x-amz header", call{mangle: set("X-Amz-Meta-Late", "1")}, "403 SignatureDoesNotMatch", "403 AccessDenied", "400", "InvalidSignatureException"},
		{"header and query", call{mangle: func(r *http.Request) { r.URL.RawQuery += "&X-Amz-Signature=00" }}, "400 IncompleteSignature", "400 InvalidArgument", "400", "IncompleteSignatureException"},
		{"another scheme", call{mangle: set("Authorization", "Bearer abc")}, "400 IncompleteSignature", "400 InvalidRequest", "400", "IncompleteSignatureException"},
		{"half a header", call{mangle: set("Authorization", "AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/iam/aws4_request")}, "400 IncompleteSignature", "400 AuthorizationHeaderMalformed", "400", "IncompleteSignatureException"},
		{"a scope's date of another day", call{mangle: otherDay}, "403 SignatureDoesNotMatch", "400 AuthorizationHeaderMalformed", "400", "InvalidSignatureException"},
		{"a signature that is no hex", call{mangle: badHex}, "400 IncompleteSignature", "400 AuthorizationHeaderMalformed", "400", "IncompleteSignatureException"},
		{"another body", call{mangle: otherBody}, "403 SignatureDoesNotMatch", "", "400", "InvalidSignatureException"},
		{"unsigned", call{unsign: true}, "403 MissingAuthenticationToken", "403 AccessDenied", "400", "MissingAuthenticationTokenException"},
	}
	for _, c := range cases {
		for _, service := range []string{"sts", "iam"} {
			if c.name == "half a header" && service == "sts" || service == "iam" && c.c.unsign {
				continue // the header says iam; without one nothing does
			}
			c.c.service, c.c.body = service, stsForm("GetCallerIdentity")
			if service == "iam" {
				c.c.body = iamForm("ListUsers")
			}
			r := w.do(c.c)
			status, code, _ := strings.Cut(c.query, " ")
			if got := http.StatusText(r.Status); r.Code != code || got != http.StatusText(number(status)) {
				t.Errorf("%s at %s: got %d %s, want %s", c.name, service, r.Status, r.Body, c.query)
			}
			namespace := map[string]string{"sts": "https://sts.amazonaws.com/doc/2011-06-15/", "iam": "https://iam.amazonaws.com/doc/2010-05-08/"}[service]
			if !strings.Contains(r.Body, namespace) && c.name != "another scheme" {
				t.Errorf("%s at %s: the error is in another namespace: %s", c.name, service, r.Body)
			}
			wholesome(t, c.name+" at "+service, r)
		}
		if c.name != "half a header" {
			j := c.c
			j.service, j.body = "organizations", "{}"
			j.header = map[string]string{"X-Amz-Target": "AWSOrganizationsV20161128.DescribeOrganization", "Content-Type": "application/x-amz-json-1.1"}
			if r := w.do(j); r.Status != number(c.json) || !strings.Contains(r.Body, `"`+c.jsonCode+`"`) {
				t.Errorf("%s at organizations: got %d %s, want %s %s", c.name, r.Status, r.Body, c.json, c.jsonCode)
			}
		}
		if c.s3 != "" && c.name != "half a header" {
			s := c.c
			s.service, s.method, s.path, s.body, s.header = "s3", http.MethodGet, "/", "", nil
			r := w.do(s)
			if status, code, _ := strings.Cut(c.s3, " "); r.Status != number(status) || r.Code != code {
				t.Errorf("%s at s3: got %d %s, want %s", c.name, r.Status, r.Body, c.s3)
			}
		}
	}
}

// wholesome checks what every query error has.
func wholesome(t *testing.T, what string, r reply) {
	t.Helper()
	if r.contentType != "text/xml" {
		t.Errorf("%s: content type %q, want text/xml exactly", what, r.contentType)
	}
	if id := r.Header.Get("X-Amzn-Requestid"); id == "" || id != r.RequestID {
		t.Errorf("%s: request id %q in the header, %q in the body", what, id, r.RequestID)
	}
	if strings.Contains(r.Message, "sigv4:") || strings.Contains(r.Message, "gate:") || r.Message == "" {
		t.Errorf("%s: message %q is not for clients", what, r.Message)
	}
}

func number(s string) int {
	n := 0
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// flip changes one byte in the middle of a token.
func flip(token string) string {
	b, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		panic(err)
	}
	b[len(b)/2] ^= 1
	return base64.StdEncoding.EncodeToString(b)
}

func otherDay(r *http.Request) {
	a := r.Header.Get("Authorization")
	day := time.Now().UTC().Format("20060102")
	r.Header.Set("Authorization", strings.Replace(a, "/"+day+"/", "/20010101/", 1))
}

func badHex(r *http.Request) {
	a := r.Header.Get("Authorization")
	r.Header.Set("Authorization", a[:len(a)-4]+"zzzz")
}

func otherBody(r *http.Request) {
	const text = "Action=GetCallerIdentity&Version=2011-06-15&"
	r.Body, r.ContentLength = http.NoBody, 0
	if r.Header.Get("X-Amz-Target") == "" {
		body := readerOf(text)
		r.Body, r.ContentLength = body, int64(len(text))
	}
	r.GetBody = nil
}

// The words of clock skew name three times; the clients of AWS parse them.
func TestClockSkewWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	w := start(t, func(c *Config) { c.Now = func() time.Time { return now } })
	for _, c := range []struct {
		name string
		at   time.Time
		want string // empty: accepted
	}{
		{"15 minutes ago", now.Add(-15 * time.Minute), ""},
		{"a second more", now.Add(-15*time.Minute - time.Second), "Signature expired: 20260501T114459Z is now earlier than 20260501T114500Z (20260501T120000Z - 15 min.)"},
		{"in 15 minutes", now.Add(15 * time.Minute), ""},
		{"a second more ahead", now.Add(15*time.Minute + time.Second), "Signature not yet current: 20260501T121501Z is still later than 20260501T121500Z (20260501T120000Z + 15 min.)"},
	} {
		if r := w.do(call{body: stsForm("GetCallerIdentity"), at: c.at}); r.Message != c.want {
			t.Errorf("%s: got %d %q, want %q", c.name, r.Status, r.Message, c.want)
		}
	}
	r := w.do(call{service: "s3", method: "GET", at: now.Add(-16 * time.Minute)})
	if r.Message != "The difference between the request time and the current time is too large." {
		t.Errorf("S3: got %q", r.Message)
	}
}

// A session ends by the service's clock and is told so only to who has its secret.
func TestExpiredSession(t *testing.T) {
	t.Parallel()
	w := start(t, func(c *Config) { c.ClockControl = true })
	role := w.role("r")
	session := w.session(admin, role, "DurationSeconds", "900")
	if _, err := w.State().Clock.Advance(t.Context(), 899*time.Second); err != nil {
		t.Fatal(err)
	}
	if r := w.whoami(session); r.Status != http.StatusOK {
		t.Errorf("a second before its end: %d %s", r.Status, r.Body)
	}
	if _, err := w.State().Clock.Advance(t.Context(), 2*time.Second); err != nil {
		t.Fatal(err)
	}
	r := w.whoami(session)
	r.want(t, "expired at sts", 403, "ExpiredToken")
	if r.Message != "The security token included in the request is expired" {
		t.Errorf("message %q", r.Message)
	}
	w.do(call{service: "s3", method: "GET", creds: &session}).want(t, "expired at s3", 400, "ExpiredToken")
	forged := session
	forged.SecretAccessKey = "x"
	w.whoami(forged).want(t, "expired and forged", 403, "SignatureDoesNotMatch")
	if got := r.Header.Get("X-Rolecall-Clock-Offset"); got != "901" {
		t.Errorf("x-rolecall-clock-offset %q, want 901", got)
	}
}

// Who is not trusted by a role cannot tell it from one that is not there.
func TestMissingAndForbiddenRolesAreTheSame(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.iam("CreateRole", "RoleName", "private", "AssumeRolePolicyDocument", trusting("arn:aws:iam::"+account+":user/admin"))
	eve := w.user("eve", allowAll)
	private := w.assume(eve, "arn:aws:iam::"+account+":role/private")
	missing := w.assume(eve, "arn:aws:iam::"+account+":role/missing")
	foreign := w.assume(eve, "arn:aws:iam::210987654321:role/missing")
	for _, r := range []reply{private, missing, foreign} {
		r.want(t, "AssumeRole", 403, "AccessDenied")
	}
	a, b := strings.Replace(private.Message, "private", "missing", 1), missing.Message
	c := strings.Replace(foreign.Message, "210987654321", account, 1)
	want := "User: arn:aws:iam::" + account + ":user/eve is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::" + account + ":role/missing"
	if a != want || b != want || c != want {
		t.Errorf("the messages differ:\n%s\n%s\n%s", private.Message, missing.Message, foreign.Message)
	}
}
