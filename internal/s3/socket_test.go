package s3

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// rawStore is a store on a socket whose answers are spelled by hand.
type rawStore struct {
	path  string
	conns atomic.Int32 // how many were made
}

// startRawStore answers each request with what answer returns for the path of
// its URL; it closes the connection after an answer that ends in "\x00".
func startRawStore(t *testing.T, answer func(path string, nth int32) string) *rawStore {
	t.Helper()
	s := &rawStore{path: filepath.Join(t.TempDir(), "s")}
	ln, err := net.Listen("unix", s.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			nth := s.conns.Add(1)
			go func() {
				defer conn.Close()
				for r := bufio.NewReader(conn); ; {
					req, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					text := answer(req.URL.Path, nth)
					if _, err := io.WriteString(conn, strings.TrimSuffix(text, "\x00")); err != nil || strings.HasSuffix(text, "\x00") {
						return
					}
				}
			}()
		}
	}()
	return s
}

const plainOK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

func TestSocketAnswers(t *testing.T) {
	t.Parallel()
	long := "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Amz-Meta-A: " + strings.Repeat("a", maxAnswerHeader) + "\r\n\r\n"
	for name, c := range map[string]struct {
		operation, answer string
		body              string // read before the error
		fails             bool
		reused            bool // the next call finds the connection in place
	}{
		"a body":                        {"GetObject", plainOK, "hello", false, true},
		"no body":                       {"HeadObject", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "", false, true},
		"nothing new":                   {"GetObject", "HTTP/1.1 304 Not Modified\r\nEtag: \"x\"\r\n\r\n", "", false, true},
		"the last answer":               {"GetObject", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", "hello", false, false},
		"a body until the end":          {"GetObject", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello\x00", "hello", false, false},
		"a body that breaks off":        {"GetObject", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello\x00", "hello", true, false},
		"more than was announced":       {"GetObject", plainOK + "HTTP/1.1 200 OK\r\n", "hello", false, false},
		"a header that breaks off":      {"GetObject", "HTTP/1.1 200 OK\r\nContent-Le\x00", "", true, false},
		"a header without end":          {"GetObject", long, "", true, false},
		"an answer that is not HTTP":    {"GetObject", "hello\r\n\r\n", "", true, false},
		"an interim answer":             {"GetObject", "HTTP/1.1 100 Continue\r\n\r\n", "", true, false},
		"a connection closed in answer": {"GetObject", "\x00", "", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := startRawStore(t, func(string, int32) string { return c.answer })
			u := upstreamAt(t, store.path)
			body, err := readAll(u, call(c.operation, "bucket", "k"))
			if body != c.body || (err != nil) != c.fails {
				t.Errorf("got %q, %v; want %q, an error: %v", body, err, c.body, c.fails)
			}
			_, _ = readAll(u, call(c.operation, "bucket", "k"))
			if n := store.conns.Load(); (n == 1) != c.reused {
				t.Errorf("%d connections for two calls; want the second to reuse: %v", n, c.reused)
			}
		})
	}
}

func readAll(u *Upstream, c Call) (string, error) {
	a, err := u.Do(context.Background(), c)
	if err != nil {
		return "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return string(b), err
}

// A store may close connections while they are idle: that is no fault of the
// request that finds out. One that fails on a new connection is not repeated.
func TestSocketRepeatsOnStaleConnections(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	store := startRawStore(t, func(path string, nth int32) string {
		if asked.Add(1); path == "/bucket/broken" {
			return "\x00"
		}
		return plainOK + "\x00"
	})
	u := upstreamAt(t, store.path)
	for range 3 {
		if body, err := readAll(u, call("GetObject", "bucket", "k")); body != "hello" || err != nil {
			t.Fatalf("got %q, %v", body, err)
		}
	}
	asked.Store(0)
	if _, err := readAll(u, call("GetObject", "bucket", "broken")); err == nil || asked.Load() != 1 {
		t.Errorf("error %v after %d requests; want one request and an error", err, asked.Load())
	}
}

// The end of a request's context ends the wait for a header and for a body.
func TestSocketHonoursContexts(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"before the header": "", "within the body": "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := make(chan struct{}, 1)
			store := startRawStore(t, func(string, int32) string { asked <- struct{}{}; return answer })
			u := upstreamAt(t, store.path)
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-asked; time.Sleep(10 * time.Millisecond); cancel() }()
			a, err := u.Do(ctx, call("GetObject", "bucket", "k"))
			if err == nil {
				_, err = io.ReadAll(a.Body)
				a.Body.Close()
			}
			if err == nil {
				t.Error("the exchange went on without its request")
			}
			if n := len(u.socket.idle); n != 0 {
				t.Errorf("%d connections kept", n)
			}
		})
	}
}

// Many readers share the socket; what one leaves unread never reaches another.
func TestSocketIsShared(t *testing.T) {
	t.Parallel()
	store := startRawStore(t, func(path string, _ int32) string {
		return "HTTP/1.1 200 OK\r\nContent-Length: " + "19" + "\r\n\r\n" + (path + strings.Repeat(".", 19))[:19]
	})
	u := upstreamAt(t, store.path)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 50 {
				key := string(rune('a'+i)) + string(rune('a'+n%26))
				a, err := u.Do(context.Background(), call("GetObject", "bucket", key))
				if err != nil {
					t.Error(err)
					return
				}
				after := io.EOF
				if n%5 == 0 { // leaves most of it unread
					_, _ = a.Body.Read(make([]byte, 3))
					after = http.ErrBodyReadAfterClose
				} else if b, err := io.ReadAll(a.Body); err != nil || !strings.HasPrefix(string(b), "/bucket/"+key+".") {
					t.Errorf("GET %s: %q, %v", key, b, err)
				}
				a.Body.Close()
				if n, err := a.Body.Read(make([]byte, 1)); n != 0 || !errors.Is(err, after) {
					t.Errorf("read after the end: %d, %v; want %v", n, err, after)
				}
			}
		})
	}
	all.Wait()
	if n := len(u.socket.idle); n == 0 || n > 8 {
		t.Errorf("%d idle connections after 8 readers", n)
	}
	u.Close()
	if n := len(u.socket.idle); n != 0 {
		t.Errorf("%d idle connections after Close", n)
	}
}

// Only what reads goes over the socket, for only that may be repeated.
func TestSocketCarriesOnlyReading(t *testing.T) {
	t.Parallel()
	u := upstreamAt(t, "/absent")
	for operation, want := range map[string]bool{
		"GetObject": true, "HeadObject": true, "ListObjectsV2": true, "PutObject": false, "DeleteObject": false, "CreateMultipartUpload": false,
	} {
		req, _, err := u.build(t.Context(), shapes[operation], call(operation, "bucket", "k"))
		if err != nil {
			t.Fatal(err)
		}
		if got := u.socket.carries(req); got != want {
			t.Errorf("%s: %v, want %v", operation, got, want)
		}
	}
}
