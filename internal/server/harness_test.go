package server

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// The administrator of every server in these tests.
const (
	adminID     = "AKIAADMINADMINADMINA"
	adminSecret = "administrators/secret+administrators/sec"
	account     = "123456789012"
)

var admin = sigv4.Credentials{AccessKeyID: adminID, SecretAccessKey: adminSecret}

// world is a running server on a free port, with a client.
type world struct {
	*Server
	t      testing.TB
	dir    string
	logs   *logBuffer
	client *http.Client
}

// logBuffer collects what the server logs.
type logBuffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// start starts a server in a new directory that is stopped when the test ends.
func start(t testing.TB, change ...func(*Config)) *world {
	t.Helper()
	return startIn(t, t.TempDir()+"/data", change...)
}

func startIn(t testing.TB, dir string, change ...func(*Config)) *world {
	t.Helper()
	w := &world{t: t, dir: dir, logs: &logBuffer{}, client: http.DefaultClient}
	config := Config{
		DataDir: dir, Listen: "127.0.0.1:0", AdminKeyID: adminID, AdminSecret: adminSecret,
		Log: slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&config)
	}
	s, err := Start(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = s
	t.Cleanup(func() { _ = s.Stop() })
	return w
}

// reply is an answer, read to its end.
type reply struct {
	Status      int
	Header      http.Header
	Body        string
	Code        string
	Message     string
	RequestID   string
	contentType string
}

// call describes a request; its zero value is a signed POST by the administrator.
type call struct {
	service string // sts
	region  string // us-east-1
	method  string // POST
	path    string // /
	query   string
	body    string
	header  map[string]string
	creds   *sigv4.Credentials // of the administrator
	at      time.Time          // now
	unsign  bool
	mangle  func(*http.Request) // after signing
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// request builds and signs.
func (w *world) request(c call) *http.Request {
	w.t.Helper()
	r, err := c.to(w.URL())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// to builds and signs a request to the server at base.
func (c call) to(base string) (*http.Request, error) {
	target := base + or(c.path, "/")
	if c.query != "" {
		target += "?" + c.query
	}
	r, err := http.NewRequest(or(c.method, http.MethodPost), target, strings.NewReader(c.body))
	if err != nil {
		return nil, err
	}
	if c.body != "" && or(c.service, "sts") != "s3" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	if !c.unsign {
		creds := &admin
		if c.creds != nil {
			creds = c.creds
		}
		at := c.at
		if at.IsZero() {
			at = time.Now()
		}
		tgt := sigv4.Target{Region: or(c.region, "us-east-1"), Service: or(c.service, "sts")}
		if err := sigv4.Sign(r, *creds, tgt, sigv4.HashPayload([]byte(c.body)), at); err != nil {
			return nil, err
		}
	}
	if c.mangle != nil {
		c.mangle(r)
	}
	return r, nil
}

func (w *world) do(c call) reply {
	w.t.Helper()
	return w.send(w.request(c))
}

func (w *world) send(r *http.Request) reply {
	w.t.Helper()
	resp, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return readReply(w.t, resp)
}

func readReply(t testing.TB, resp *http.Response) reply {
	t.Helper()
	out, err := parseReply(resp)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func parseReply(resp *http.Response) (reply, error) {
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	out := reply{Status: resp.StatusCode, Header: resp.Header, Body: string(body), contentType: resp.Header.Get("Content-Type")}
	var e struct {
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
		Error     struct{ Code, Message string }
		Metadata  struct {
			RequestID string `xml:"RequestId"`
		} `xml:"ResponseMetadata"`
	}
	_ = xml.Unmarshal(body, &e) // what is no XML has no code
	out.Code, out.Message = e.Code+e.Error.Code, e.Message+e.Error.Message
	out.RequestID = e.RequestID + e.Metadata.RequestID
	return out, nil
}

// form spells the parameters of a query call.
func form(version, action string, pairs ...string) string {
	v := url.Values{"Action": {action}, "Version": {version}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func stsForm(action string, pairs ...string) string { return form("2011-06-15", action, pairs...) }
func iamForm(action string, pairs ...string) string { return form("2010-05-08", action, pairs...) }

// iam calls IAM as the administrator and demands success.
func (w *world) iam(action string, pairs ...string) reply {
	w.t.Helper()
	r := w.do(call{service: "iam", body: iamForm(action, pairs...)})
	if r.Status != http.StatusOK {
		w.t.Fatalf("%s %v: %d %s", action, pairs, r.Status, r.Body)
	}
	return r
}

// user makes a user with a key and, if policy is not empty, an inline policy.
func (w *world) user(name, policy string) sigv4.Credentials {
	w.t.Helper()
	w.iam("CreateUser", "UserName", name)
	if policy != "" {
		w.iam("PutUserPolicy", "UserName", name, "PolicyName", "p", "PolicyDocument", policy)
	}
	var out struct {
		Key struct{ AccessKeyId, SecretAccessKey string } `xml:"CreateAccessKeyResult>AccessKey"`
	}
	w.decode(w.iam("CreateAccessKey", "UserName", name), &out)
	return sigv4.Credentials{AccessKeyID: out.Key.AccessKeyId, SecretAccessKey: sigv4.Secret(out.Key.SecretAccessKey)}
}

func (w *world) decode(r reply, into any) {
	w.t.Helper()
	if err := xml.Unmarshal([]byte(r.Body), into); err != nil {
		w.t.Fatalf("decode %s: %v", r.Body, err)
	}
}

const allowAll = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

func trusting(principal string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}}`
}

// role makes a role that the account trusts and that may do everything.
func (w *world) role(name string, pairs ...string) string {
	w.t.Helper()
	w.iam("CreateRole", append([]string{"RoleName", name, "AssumeRolePolicyDocument", trusting("arn:aws:iam::" + account + ":root")}, pairs...)...)
	w.iam("PutRolePolicy", "RoleName", name, "PolicyName", "all", "PolicyDocument", allowAll)
	return "arn:aws:iam::" + account + ":role/" + name
}

// assume calls AssumeRole.
func (w *world) assume(creds sigv4.Credentials, role string, pairs ...string) reply {
	w.t.Helper()
	return w.do(call{creds: &creds, body: stsForm("AssumeRole", append([]string{"RoleArn", role, "RoleSessionName", "session"}, pairs...)...)})
}

// session calls AssumeRole and demands credentials.
func (w *world) session(creds sigv4.Credentials, role string, pairs ...string) sigv4.Credentials {
	w.t.Helper()
	r := w.assume(creds, role, pairs...)
	if r.Status != http.StatusOK {
		w.t.Fatalf("AssumeRole %s %v: %d %s", role, pairs, r.Status, r.Body)
	}
	return w.credentials(r)
}

func (w *world) credentials(r reply) sigv4.Credentials {
	w.t.Helper()
	var out struct {
		C struct{ AccessKeyId, SecretAccessKey, SessionToken string } `xml:"AssumeRoleResult>Credentials"`
	}
	w.decode(r, &out)
	return sigv4.Credentials{AccessKeyID: out.C.AccessKeyId, SecretAccessKey: sigv4.Secret(out.C.SecretAccessKey), SessionToken: out.C.SessionToken}
}

// whoami calls GetCallerIdentity.
func (w *world) whoami(creds sigv4.Credentials) reply {
	w.t.Helper()
	return w.do(call{creds: &creds, body: stsForm("GetCallerIdentity")})
}

// want fails the test unless a reply is an error of this status and code.
func (r reply) want(t testing.TB, what string, status int, code string) {
	t.Helper()
	if r.Status != status || r.Code != code {
		t.Errorf("%s: got %d %s %q, want %d %s", what, r.Status, r.Code, r.Body, status, code)
	}
}

func readerOf(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }
