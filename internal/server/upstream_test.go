package server

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// replaceStore takes the object store away. With a listener in its place every
// connection gets answer, whatever it asks, and is closed.
func (w *world) replaceStore(answer string) {
	w.t.Helper()
	socket := w.objects.Socket()
	if err := w.objects.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.upstream.Close()
	if answer == "" {
		return
	}
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		w.t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 64<<10))
				_, _ = io.WriteString(conn, answer)
			}()
		}
	}()
}

// recorded returns the line of a request.
func (w *world) recorded(id string) map[string]any {
	w.t.Helper()
	for _, e := range w.events() {
		if e["eventType"] == "AwsApiCall" && e["requestID"] == id {
			return e
		}
	}
	return nil
}

// A store that is away, or answers nonsense, is told in S3's form, with a
// request id and without a word of what lies behind; it is recorded as it was
// answered, and logged with its cause.
func TestAStoreThatFails(t *testing.T) {
	t.Parallel()
	const http11 = "HTTP/1.1 "
	inside := []string{"sda1", "INSIDE", "socket", "unix", "dial", "s3.internal", "EOF", "malformed", "rolecall"}
	for _, tt := range []struct {
		name, answer string
		status       int
		code, cause  string // cause stands in the log
	}{
		{"away", "", 503, "ServiceUnavailable", "dial unix"},
		{"hangs up", " ", 503, "ServiceUnavailable", "object store cannot be reached"},
		{"no HTTP", "INSIDE sda1\r\n\r\n", 503, "ServiceUnavailable", "object store cannot be reached"},
		{"endless header", http11 + "200 OK\r\nX: " + strings.Repeat("INSIDE", 20_000) + "\r\n\r\n", 503, "ServiceUnavailable", "object store cannot be reached"},
		{"unauthorized", http11 + "401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 502, "InternalError", "refuses the gateway's own credentials"},
		{"forbidden", http11 + "403 Forbidden\r\nServer: INSIDE\r\nContent-Length: 58\r\n\r\n<Error><Code>AccessDenied</Code><Message>INSIDE</Message></", 502, "InternalError", "refuses the gateway's own credentials"},
		{"its own error", http11 + "500 No\r\nContent-Length: 84\r\n\r\n<Error><Code>DiskFull</Code><Message>INSIDE: no space left on sda1</Message></Error> ", 500, "InternalError", "DiskFull"},
		{"no room", http11 + "507 No\r\nContent-Length: 70\r\n\r\n<Error><Code>InsufficientStorage</Code><Message>sda1</Message></Error>", 503, "ServiceUnavailable", "InsufficientStorage"},
		{"garbage", http11 + "200 OK\r\nContent-Type: text/html\r\nContent-Length: 19\r\n\r\n<html>INSIDE</html>", 502, "InternalError", "cannot be read"},
		{"no answer to a listing", http11 + "200 OK\r\nContent-Length: 0\r\n\r\n", 502, "InternalError", "cannot be read"},
		{"a redirection", http11 + "307 Go\r\nLocation: http://INSIDE/\r\nContent-Length: 0\r\n\r\n", 502, "InternalError", "status=307"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := start(t)
			w.t = t
			w.do(call{service: "s3", method: "PUT", path: "/bucket"}).want(t, "CreateBucket", 200, "")
			w.replaceStore(tt.answer)
			r := w.do(call{service: "s3", method: "GET", path: "/bucket", query: "list-type=2"})
			r.want(t, "ListObjectsV2", tt.status, tt.code)
			id := r.Header.Get("X-Amz-Request-Id")
			if id == "" || r.RequestID != id || r.Header.Get("X-Amz-Id-2") == "" || r.contentType != "application/xml" {
				t.Errorf("the answer has the headers %v and the id %q", r.Header, r.RequestID)
			}
			for _, word := range inside {
				if strings.Contains(r.Body, word) || strings.Contains(strings.Join(r.Header.Values("Server"), ""), word) || r.Header.Get("Location") != "" {
					t.Errorf("the answer tells of %q: %v %s", word, r.Header, r.Body)
				}
			}
			if e := w.recorded(id); e == nil || e["errorCode"] != tt.code || e["eventName"] != "ListObjectsV2" {
				t.Errorf("the record says %v, want %s", e, tt.code)
			}
			if !strings.Contains(w.logs.String(), tt.cause) {
				t.Errorf("the log does not say %q: %s", tt.cause, w.logs)
			}
			w.do(call{body: stsForm("GetCallerIdentity")}).want(t, "GetCallerIdentity", 200, "")
		})
	}
}

// An object of which the store sends a part only is not taken for the whole.
func TestAnObjectThatBreaksOff(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.do(call{service: "s3", method: "PUT", path: "/bucket"}).want(t, "CreateBucket", 200, "")
	w.replaceStore("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nETag: \"e\"\r\n\r\npart of the object")
	resp, err := http.DefaultTransport.RoundTrip(w.request(call{service: "s3", method: "GET", path: "/bucket/k"}))
	if err != nil {
		return // cut before the header was out: as good
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("the object ends cleanly as %q", body)
	}
}
