package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

// events reads the record.
func (w *world) events() []map[string]any {
	w.t.Helper()
	var all []map[string]any
	files, err := filepath.Glob(filepath.Join(w.State().Dir, "audit", "*.jsonl"))
	if err != nil || len(files) == 0 {
		w.t.Fatalf("no record: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			var e map[string]any
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				w.t.Fatalf("%v in %s", err, line)
			}
			all = append(all, e)
		}
	}
	return all
}

// What cannot be recorded does not happen, and is not answered.
func TestNoRecordNoAnswer(t *testing.T) {
	t.Parallel()
	w := start(t)
	role := w.role("r")
	if err := w.audit.Close(); err != nil {
		t.Fatal(err)
	}
	w.do(call{service: "iam", body: iamForm("CreateUser", "UserName", "unrecorded")}).want(t, "a change", 503, "ServiceUnavailable")
	r := w.assume(admin, role)
	r.want(t, "AssumeRole", 503, "ServiceUnavailable")
	if strings.Contains(r.Body, "Token>") {
		t.Errorf("credentials were given: %s", r.Body)
	}
	w.do(call{service: "s3", method: "GET"}).want(t, "S3", 503, "ServiceUnavailable")
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	again := startIn(t, w.dir)
	again.do(call{service: "iam", body: iamForm("GetUser", "UserName", "unrecorded")}).want(t, "GetUser", 404, "NoSuchEntity")
}

// Each signed request leaves a line with its outcome; what fails to authenticate
// is counted.
func TestRecord(t *testing.T) {
	t.Parallel()
	w := start(t)
	role := w.role("r")
	w.session(admin, role, "ExternalId", "e-1")
	denied := w.user("nobody", "")
	replies := map[string]reply{
		"CreateUser":      w.do(call{service: "iam", creds: &denied, body: iamForm("CreateUser", "UserName", "x")}),
		"DescribeTickets": w.do(call{body: stsForm("DescribeTickets")}),
		"GetAccessKeyInfo": w.do(call{body: stsForm("GetAccessKeyInfo", "AccessKeyId", adminID, "x-amz-security-token", "not-to-be-seen"),
			header: map[string]string{"User-Agent": "agent/1"}}),
	}
	w.do(call{creds: &denied, body: stsForm("GetCallerIdentity"), mangle: badHex})
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}
	byID := map[any]map[string]any{}
	intents, failures := 0, 0
	for _, e := range w.events() {
		switch e["eventType"] {
		case "AwsApiCall":
			byID[e["requestID"]] = e
		case "RolecallIntent":
			intents++
		case "RolecallAuthenticationFailures":
			failures++
		}
		if b, _ := json.Marshal(e); strings.Contains(string(b), "not-to-be-seen") {
			t.Errorf("a parameter that could not be decoded was recorded: %s", b)
		}
	}
	if intents == 0 || failures != 1 {
		t.Errorf("%d intents and %d lines of failed authentications", intents, failures)
	}
	for name, r := range replies {
		e := byID[r.Header.Get("X-Amzn-Requestid")]
		if e == nil || e["eventName"] != name || e["errorCode"] != r.Code {
			t.Errorf("%s answered %s and was recorded as %v", name, r.Body, e)
		}
	}
	if e := byID[replies["CreateUser"].Header.Get("X-Amzn-Requestid")]; e["additionalEventData"].(map[string]any)["decision"] != "implicit_deny" {
		t.Errorf("the denial is recorded as %v", e)
	}
}

// oddRows are the one row of a server made for a test.
func oddRows(run func(context.Context, *gate.Request) (any, error)) []gate.Row {
	return []gate.Row{{
		Service: &gate.Service{Name: "sts", Model: &stswire.Service}, Name: "GetCallerIdentity",
		Checks: func(context.Context, *gate.Request) ([]iam.Check, error) { return nil, nil }, Run: run,
	}}
}

// gateOf is a gate beside the one of the server, with rows of its own.
func (w *world) gateOf(rows []gate.Row) *gate.Server {
	w.t.Helper()
	g, err := gate.New(gate.Config{
		IAM: w.state.IAM, Tokens: w.state.Tokens, Audit: w.audit, Clock: w.state.Clock, Log: w.config.Log, Region: "us-east-1",
	}, rows)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) serveWith(g http.Handler, c call) (reply, *httptest.ResponseRecorder) {
	w.t.Helper()
	r := w.request(c)
	r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
	rec := httptest.NewRecorder()
	g.ServeHTTP(rec, r)
	return readReply(w.t, rec.Result()), rec
}

// A mistake of ours is told without detail, and logged with it.
func TestPanicsAndForeignErrors(t *testing.T) {
	t.Parallel()
	w := start(t)
	identity := call{body: stsForm("GetCallerIdentity")}
	for name, run := range map[string]func(context.Context, *gate.Request) (any, error){
		"a panic":         func(context.Context, *gate.Request) (any, error) { panic("sda1 on fire") },
		"a nil pointer":   func(_ context.Context, r *gate.Request) (any, error) { return r.Resolved.(*iam.Role).ID, nil },
		"a foreign error": func(context.Context, *gate.Request) (any, error) { return nil, os.ErrClosed },
	} {
		r, _ := w.serveWith(w.gateOf(oddRows(run)), identity)
		r.want(t, name, 500, "InternalFailure")
		wholesome(t, name, r)
		if strings.Contains(r.Body, "sda1") || strings.Contains(r.Body, "closed") || !strings.Contains(w.logs.String(), r.RequestID) {
			t.Errorf("%s: the client sees %s, the log has the id: %v", name, r.Body, strings.Contains(w.logs.String(), r.RequestID))
		}
	}
	for _, want := range []string{"sda1 on fire", "road_test.go", "file already closed"} {
		if !strings.Contains(w.logs.String(), want) {
			t.Errorf("the log does not say %q", want)
		}
	}
}

// A refusal that rests on memory is decided and run once more when memory had
// missed something, and a failure of ours is not.
func TestRefusalsAreTriedAgain(t *testing.T) {
	t.Parallel()
	w := start(t)
	tries := 0
	g := w.gateOf(oddRows(func(ctx context.Context, r *gate.Request) (any, error) {
		tries++
		return nil, apierr.ValidationError.New("no")
	}))
	r, _ := w.serveWith(g, call{body: stsForm("GetCallerIdentity")})
	r.want(t, "a refusal", 400, "ValidationError")
	if tries != 1 {
		t.Errorf("memory had missed nothing and the row ran %d times", tries)
	}
}

// A table of rows that cannot be right stops the start.
func TestIncompleteRows(t *testing.T) {
	t.Parallel()
	good := func() gate.Row {
		return oddRows(func(context.Context, *gate.Request) (any, error) { return nil, nil })[0]
	}
	for name, change := range map[string]func(*gate.Row) []gate.Row{
		"no checks":       func(r *gate.Row) []gate.Row { r.Checks = nil; return []gate.Row{*r} },
		"no run":          func(r *gate.Row) []gate.Row { r.Run = nil; return []gate.Row{*r} },
		"no name":         func(r *gate.Row) []gate.Row { r.Name = ""; return []gate.Row{*r} },
		"an unknown name": func(r *gate.Row) []gate.Row { r.Name = "Nonsense"; return []gate.Row{*r} },
		"one twice":       func(r *gate.Row) []gate.Row { return []gate.Row{*r, *r} },
		"no rows of sts":  func(r *gate.Row) []gate.Row { return nil },
	} {
		row := good()
		if _, err := gate.New(gate.Config{}, change(&row)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
