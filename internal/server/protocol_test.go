package server

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// The spellings of one request that clients use.
func TestSpellingsOfGetCallerIdentity(t *testing.T) {
	t.Parallel()
	w := start(t)
	identity := stsForm("GetCallerIdentity")
	for _, c := range []struct {
		name string
		c    call
	}{
		{"POST", call{body: identity}},
		{"GET", call{method: "GET", query: identity}},
		{"POST with a query", call{query: identity}},
		{"two slashes", call{path: "//", body: identity}},
		{"another region", call{region: "eu-central-1", body: identity}},
		{"a region that does not exist", call{region: "mars-1", body: identity}},
		{"a foreign host", call{body: identity, header: map[string]string{}, mangle: foreignHost}},
	} {
		r := w.do(c.c)
		if r.Status != http.StatusOK || !strings.Contains(r.Body, "<Arn>arn:aws:iam::"+account+":user/admin</Arn>") {
			t.Errorf("%s: got %d %s", c.name, r.Status, r.Body)
		}
		wholesomeAnswer(t, c.name, r)
	}
}

func wholesomeAnswer(t *testing.T, what string, r reply) {
	t.Helper()
	if id := r.Header.Get("X-Amzn-Requestid"); r.contentType != "text/xml" || id == "" || id != r.RequestID {
		t.Errorf("%s: content type %q, request id %q and %q", what, r.contentType, id, r.RequestID)
	}
}

// foreignHost signs a request again for AWS's own host name, as a relay that
// was handed a signed request sends it.
func foreignHost(r *http.Request) {
	r.Host = "sts.amazonaws.com"
	body, _ := r.GetBody()
	text, _ := io.ReadAll(body)
	if err := sigv4.Sign(r, admin, sigv4.Target{Region: "us-east-1", Service: "sts"}, sigv4.HashPayload(text), time.Now()); err != nil {
		panic(err)
	}
}

// aws-iam-authenticator and others ask for JSON.
func TestJSONAnswers(t *testing.T) {
	t.Parallel()
	w := start(t)
	accept := map[string]string{"Accept": "application/json"}
	r := w.do(call{body: stsForm("GetCallerIdentity"), header: accept})
	var out struct {
		GetCallerIdentityResponse struct {
			GetCallerIdentityResult struct{ Arn, Account, UserId string }
			ResponseMetadata        struct{ RequestId string }
		}
	}
	if err := json.Unmarshal([]byte(r.Body), &out); err != nil {
		t.Fatalf("%v in %s", err, r.Body)
	}
	got := out.GetCallerIdentityResponse
	if got.GetCallerIdentityResult.Account != account || got.ResponseMetadata.RequestId != r.Header.Get("X-Amzn-Requestid") || r.contentType != "application/json" {
		t.Errorf("got %q %s", r.contentType, r.Body)
	}
	for name, c := range map[string]call{
		"an unknown action":     {body: stsForm("Nonsense"), header: accept},
		"an unsigned request":   {body: stsForm("GetCallerIdentity"), header: accept, unsign: true},
		"an unreadable request": {body: stsForm("GetCallerIdentity"), header: accept, mangle: badHex},
	} {
		r := w.do(c)
		var e struct {
			Error struct{ Code, Message, Type string }
		}
		if err := json.Unmarshal([]byte(r.Body), &e); err != nil || e.Error.Code == "" || r.contentType != "application/json" {
			t.Errorf("%s: got %d %q %s (%v)", name, r.Status, r.contentType, r.Body, err)
		}
	}
	r = w.do(call{body: stsForm("GetCallerIdentity"), header: map[string]string{"Accept": "application/json, text/xml"}})
	wholesomeAnswer(t, "a client that takes both", r)
}

// EKS tokens are presigned GetCallerIdentity requests, with X-Amz-Expires of a
// minute, which are used for up to fifteen.
func TestPresignedGetCallerIdentity(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	w := start(t, func(c *Config) { c.Now = func() time.Time { return now } })
	presign := func(age, expires time.Duration) *http.Request {
		r, err := http.NewRequest(http.MethodGet, "https://sts.eu-west-1.amazonaws.com/?"+stsForm("GetCallerIdentity"), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-K8s-Aws-Id", "cluster")
		u, err := sigv4.Presign(r, admin, sigv4.Target{Region: "eu-west-1", Service: "sts"}, sigv4.EmptySHA256, expires, now.Add(-age))
		if err != nil {
			t.Fatal(err)
		}
		signed, err := url.Parse(u)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.Host = signed, signed.Host
		r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(w.URL(), "http://")
		return r
	}
	for _, c := range []struct {
		age, expires time.Duration
		status       int
	}{
		{0, time.Minute, 200}, {14 * time.Minute, time.Minute, 200}, {15 * time.Minute, 0, 200},
		{16 * time.Minute, time.Hour, 403}, {-16 * time.Minute, time.Hour, 403},
	} {
		if r := w.send(presign(c.age, c.expires)); r.Status != c.status {
			t.Errorf("%v old, X-Amz-Expires %v: got %d %s, want %d", c.age, c.expires, r.Status, r.Body, c.status)
		}
	}
	altered := presign(0, time.Minute)
	altered.URL.RawQuery = strings.Replace(altered.URL.RawQuery, "GetCallerIdentity", "GetSessionToken", 1)
	w.send(altered).want(t, "another action", 403, "SignatureDoesNotMatch")
}

// What a client may get wrong about names, and is told.
func TestNamingFailures(t *testing.T) {
	t.Parallel()
	w := start(t)
	twice := stsForm("GetCallerIdentity") + "&Version=2011-06-15"
	for _, c := range []struct {
		name   string
		c      call
		status int
		code   string
	}{
		{"no action", call{body: "Version=2011-06-15"}, 400, "MissingAction"},
		{"nothing", call{}, 400, "MissingAction"},
		{"unknown action", call{body: stsForm("Nonsense")}, 400, "InvalidAction"},
		{"another service's action", call{body: stsForm("ListUsers")}, 400, "InvalidAction"},
		{"no version", call{body: "Action=GetCallerIdentity"}, 400, "InvalidAction"},
		{"another version", call{body: form("2010-05-08", "GetCallerIdentity")}, 400, "InvalidAction"},
		{"not built, signed", call{service: "iam", body: iamForm("CreateVirtualMFADevice", "VirtualMFADeviceName", "m")}, 501, "NotImplemented"},
		{"not built, unsigned", call{service: "iam", body: iamForm("CreateVirtualMFADevice"), unsign: true}, 403, "MissingAuthenticationToken"},
		{"a service that is not here", call{service: "ec2", body: stsForm("GetCallerIdentity")}, 403, "SignatureDoesNotMatch"},
		{"PUT", call{method: "PUT", body: stsForm("GetCallerIdentity")}, 400, "InvalidAction"},
		{"DELETE", call{method: "DELETE", query: stsForm("GetCallerIdentity")}, 400, "InvalidAction"},
		{"a path", call{path: "/sts", body: stsForm("GetCallerIdentity")}, 400, "InvalidAction"},
		{"a parameter twice", call{body: twice}, 400, "InvalidQueryParameter"},
		{"in query and body", call{query: "Action=AssumeRole", body: stsForm("GetCallerIdentity")}, 400, "InvalidQueryParameter"},
		{"an unknown parameter", call{body: stsForm("GetCallerIdentity", "Nonsense", "1")}, 400, "InvalidQueryParameter"},
		{"invalid UTF-8", call{body: stsForm("GetCallerIdentity") + "&RoleArn=%ff"}, 404, "MalformedQueryString"},
		{"a broken escape", call{body: stsForm("GetCallerIdentity") + "&RoleArn=%2"}, 404, "MalformedQueryString"},
		{"a semicolon is data", call{body: "Action=GetCallerIdentity;Version=2011-06-15"}, 400, "InvalidAction"},
		{"a negative duration", assumeCall("DurationSeconds", "-1"), 400, "ValidationError"},
		{"a huge duration", assumeCall("DurationSeconds", "99999999999999999999"), 400, "MalformedInput"},
		{"a duration that is a word", assumeCall("DurationSeconds", "soon"), 400, "MalformedInput"},
		{"too many parameters", call{body: stsForm("GetCallerIdentity") + strings.Repeat("&a=1", 5000)}, 400, "InvalidQueryParameter"},
	} {
		r := w.do(c.c)
		r.want(t, c.name, c.status, c.code)
		wholesome(t, c.name, r)
	}
	r := w.do(call{service: "iam", body: iamForm("CreateVirtualMFADevice", "VirtualMFADeviceName", "m")})
	if !strings.Contains(r.Message, "CreateVirtualMFADevice") {
		t.Errorf("the message %q does not name the operation", r.Message)
	}
}

func assumeCall(pairs ...string) call {
	return call{body: stsForm("AssumeRole", append([]string{"RoleArn", "arn:aws:iam::" + account + ":role/r", "RoleSessionName", "s"}, pairs...)...)}
}

// A policy may be as deep and as odd as it likes: the answer is AWS's.
func TestHostilePolicies(t *testing.T) {
	t.Parallel()
	w := start(t)
	for name, document := range map[string]string{
		"nested":        strings.Repeat(`{"Statement":[`, 5000),
		"nested arrays": `{"Version":"2012-10-17","Statement":` + strings.Repeat("[", 60_000) + strings.Repeat("]", 60_000) + `}`,
		"repeated":      `{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}`,
		"no JSON":       "<xml/>",
		"empty object":  "{}",
		"null":          "null",
	} {
		w.do(call{service: "iam", body: iamForm("PutUserPolicy", "UserName", "admin", "PolicyName", "p", "PolicyDocument", document)}).
			want(t, name, 400, "MalformedPolicyDocument")
	}
}

// Headers and bodies have limits, which are looked at before anything is believed.
func TestSizeLimits(t *testing.T) {
	t.Parallel()
	w := start(t)
	long := strings.Repeat("a", 1<<20)
	w.do(call{body: stsForm("GetCallerIdentity") + "&RoleArn=" + long}).want(t, "a body above 1 MiB", 413, "RequestEntityTooLarge")
	w.do(call{body: stsForm("GetCallerIdentity") + "&RoleArn=" + long, mangle: chunked}).want(t, "the same in chunks", 413, "RequestEntityTooLarge")
	w.do(call{body: stsForm("GetCallerIdentity"), mangle: chunked}).want(t, "a small body in chunks", 200, "")
	w.do(call{body: stsForm("GetCallerIdentity"), header: map[string]string{"X-Filler": long[:20<<10]}}).want(t, "20 KiB of headers", 200, "")
	w.do(call{body: stsForm("GetCallerIdentity"), header: map[string]string{"X-Filler": long[:33<<10]}}).want(t, "33 KiB of headers", 400, "RequestHeaderSectionTooLarge")
	w.do(call{method: "GET", query: stsForm("GetCallerIdentity") + "&a=" + long[:33<<10]}).want(t, "a query of 33 KiB", 400, "RequestHeaderSectionTooLarge")
	if r := w.do(call{body: stsForm("GetCallerIdentity"), header: map[string]string{"X-Filler": long[:300<<10]}}); r.Status != 431 {
		t.Errorf("300 KiB of headers: got %d", r.Status)
	}
}

func chunked(r *http.Request) {
	body, _ := r.GetBody()
	r.Body, r.ContentLength = io.NopCloser(body), -1
}

// Connection names headers that proxies take out: signed ones must stay.
func TestConnectionHeader(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, c := range []struct {
		value  string
		status int
	}{
		{"close", 200}, {"keep-alive", 200}, {"Keep-Alive, close", 200}, {", close", 200},
		{"x-amz-date", 400}, {"close, X-Amz-Security-Token", 400}, {"upgrade", 400},
	} {
		r := w.request(call{body: stsForm("GetCallerIdentity"), mangle: set("Connection", c.value)})
		if got := w.send(r); got.Status != c.status {
			t.Errorf("Connection: %s: got %d %s, want %d", c.value, got.Status, got.Body, c.status)
		}
	}
}

// raw sends bytes as they are over a connection of its own.
func (w *world) raw() (net.Conn, *bufio.Reader) {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.URL(), "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn, bufio.NewReader(conn)
}

// wireOf spells a request as it goes over the wire.
func (w *world) wireOf(c call) string {
	w.t.Helper()
	var b strings.Builder
	if err := w.request(c).Write(&b); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// A connection survives a request that failed, also one whose body nobody read.
func TestKeepAliveAfterErrors(t *testing.T) {
	t.Parallel()
	w := start(t)
	conn, r := w.raw()
	good := w.wireOf(call{body: stsForm("GetCallerIdentity")})
	for i, step := range []struct {
		text   string
		status int
	}{
		{good, 200},
		{w.wireOf(call{body: stsForm("Nonsense")}), 400},
		{w.wireOf(call{body: stsForm("GetCallerIdentity"), mangle: badHex}), 400},
		{w.wireOf(call{body: strings.Repeat("a=1&", 5<<10), mangle: set("Connection", "x-amz-date")}), 400},
		{w.wireOf(call{service: "s3", method: "PUT", path: "/no-such-bucket/key", body: "data", unsign: true}), 404},
		{good, 200},
	} {
		if _, err := io.WriteString(conn, step.text); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if got := readReply(t, resp); got.Status != step.status || resp.Close {
			t.Fatalf("step %d: got %d %s, want %d; close %v", i, got.Status, got.Body, step.status, resp.Close)
		}
	}
}

func TestHTTP10(t *testing.T) {
	t.Parallel()
	w := start(t)
	conn, r := w.raw()
	text := strings.Replace(w.wireOf(call{body: stsForm("GetCallerIdentity")}), "HTTP/1.1", "HTTP/1.0", 1)
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := readReply(t, resp); got.Status != 200 || !resp.Close {
		t.Errorf("got %d %s, close %v", got.Status, got.Body, resp.Close)
	}
}

// Half a request changes nothing, whatever of it has come.
func TestHalfARequestChangesNothing(t *testing.T) {
	t.Parallel()
	w := start(t)
	body := iamForm("CreateUser", "UserName", "half")
	text := w.wireOf(call{service: "iam", body: body})
	before, err := w.State().Store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{10, len(text) - len(body) - 2, len(text) - len(body), len(text) - 1} {
		conn, r := w.raw()
		if _, err := io.WriteString(conn, text[:n]); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if resp, err := http.ReadResponse(r, nil); err == nil && resp.StatusCode < 400 {
			t.Errorf("%d of %d bytes: got %d", n, len(text), resp.StatusCode)
		}
		conn.Close()
	}
	after, err := w.State().Store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Errorf("the store moved from revision %d to %d", before, after)
	}
	w.do(call{service: "iam", body: iamForm("GetUser", "UserName", "half")}).want(t, "GetUser", 404, "NoSuchEntity")
}

// IAM is asked in us-east-1, STS in the server's region, whatever is signed for.
func TestRequestedRegion(t *testing.T) {
	t.Parallel()
	w := start(t, func(c *Config) { c.Region = "eu-west-1" })
	within := func(region string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"` + region + `"}}}}`
	}
	global, local := w.user("global", within("us-east-1")), w.user("local", within("eu-west-1"))
	for _, signed := range []string{"us-east-1", "eu-west-1", "ap-south-1"} {
		list := call{service: "iam", region: signed, body: iamForm("ListUsers")}
		info := call{region: signed, body: stsForm("GetAccessKeyInfo", "AccessKeyId", adminID)}
		for _, c := range []struct {
			name   string
			creds  sigv4.Credentials
			c      call
			status int
		}{{"iam, us-east-1", global, list, 200}, {"iam, eu-west-1", local, list, 403}, {"sts, us-east-1", global, info, 403}, {"sts, eu-west-1", local, info, 200}} {
			c.c.creds = &c.creds
			if r := w.do(c.c); r.Status != c.status {
				t.Errorf("%s signed for %s: got %d %s, want %d", c.name, signed, r.Status, r.Body, c.status)
			}
		}
	}
}

// Forwarded addresses count from trusted proxies only, read from the right.
func TestForwardedAddresses(t *testing.T) {
	t.Parallel()
	trusting := start(t, func(c *Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	plain := start(t)
	const policy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"%s"},"Bool":{"aws:SecureTransport":"%v"}}}}`
	users := map[string]sigv4.Credentials{}
	allowed := func(w *world, ip string, secure bool, forwarded, proto string) bool {
		t.Helper()
		name := strings.NewReplacer(":", "-", "/", "-").Replace(fmt.Sprintf("%p-%s-%v", w, ip, secure))
		creds, ok := users[name]
		if !ok {
			creds = w.user(name, fmt.Sprintf(policy, ip, secure))
			users[name] = creds
		}
		return w.do(call{service: "iam", creds: &creds, body: iamForm("ListUsers"), mangle: func(r *http.Request) {
			r.Header.Set("X-Forwarded-For", forwarded)
			r.Header.Set("X-Forwarded-Proto", proto)
		}}).Status == 200
	}
	for _, c := range []struct {
		name      string
		w         *world
		ip        string
		secure    bool
		forwarded string
		proto     string
		want      bool
	}{
		{"a proxy's word", trusting, "203.0.113.9", true, "203.0.113.9", "https", true},
		{"with a port", trusting, "203.0.113.9", true, "203.0.113.9:5123", "https", true},
		{"IPv6", trusting, "2001:db8::1", true, "2001:db8::1", "https", true},
		{"IPv6 with a port", trusting, "2001:db8::1", true, "[2001:db8::1]:443", "https", true},
		{"through two proxies", trusting, "203.0.113.9", true, "203.0.113.9, 10.1.2.3", "https", true},
		{"what the client added", trusting, "198.51.100.1", true, "198.51.100.1, 203.0.113.9", "https", false},
		{"the last hop's protocol", trusting, "203.0.113.9", true, "203.0.113.9", "https, http", false},
		{"no address is no proxy's address", trusting, "127.0.0.0/8", true, "unknown", "https", false},
		{"garbage behind a proxy", trusting, "10.0.0.0/8", true, "unknown, 10.1.2.3", "https", false},
		{"a client's word", plain, "203.0.113.9", false, "203.0.113.9", "https", false},
		{"a client's own address", plain, "127.0.0.1", false, "203.0.113.9", "https", true},
	} {
		if got := allowed(c.w, c.ip, c.secure, c.forwarded, c.proto); got != c.want {
			t.Errorf("%s: For %q, Proto %q against %s, secure %v: allowed %v, want %v", c.name, c.forwarded, c.proto, c.ip, c.secure, got, c.want)
		}
	}
}
