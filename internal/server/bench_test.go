package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/sigv4"
)

// subject is a server to measure, and how requests to it are spelled.
type subject struct {
	*child
	*world // for spelling; its server is the child
}

// newSubject starts a server in a directory that prepare has filled.
func newSubject(b *testing.B, prepare func(*world)) *subject {
	b.Helper()
	dir := b.TempDir() + "/data"
	w := startIn(b, dir)
	prepare(w)
	if err := w.Stop(); err != nil {
		b.Fatal(err)
	}
	c := spawn(b, dir)
	w.Server = &Server{listener: w.listener}
	return &subject{c, w}
}

// spell returns the bytes of a request to the child.
func (s *subject) spell(c call) []byte {
	r := s.request(c)
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		s.b.Fatal(err)
	}
	return b.Bytes()
}

// answer sends one request and returns the answer.
func (s *subject) answer(c call) reply {
	s.b.Helper()
	r := s.request(c)
	r.URL.Host = s.address
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.b.Fatal(err)
	}
	return readReply(s.b, resp)
}

// slice is how many requests go to one server before the other has its turn: both
// see the same noise of the machine.
const slice = 1000

// compare measures the server's CPU time for a request, in itself and as a
// multiple of what a bare net/http server needs for the same exchange.
func (s *subject) compare(b *testing.B, c call) {
	b.Helper()
	answer := s.answer(c)
	if answer.Status != http.StatusOK {
		b.Fatalf("%d %s", answer.Status, answer.Body)
	}
	bare := spawn(b, fmt.Sprintf("bare:%d", len(answer.Body)))
	request := s.spell(c)
	same := func(int) []byte { return request }
	s.drive(slice, same)
	bare.drive(slice, same)
	var ours, theirs float64
	n := 0
	for b.Loop() {
		ours += float64(s.drive(slice, same))
		theirs += float64(bare.drive(slice, same))
		n += slice
	}
	b.ReportMetric(ours/theirs, "x-bare")
	b.ReportMetric(ours/float64(n)/1000, "cpu-µs/req")
	b.ReportMetric(theirs/float64(n)/1000, "bare-µs/req")
	b.ReportMetric(0, "ns/op")
}

const storyRole = "arn:aws:iam::" + account + ":role/r"

func BenchmarkAssumeRole(b *testing.B) {
	s := newSubject(b, func(w *world) { w.role("r") })
	s.compare(b, call{body: stsForm("AssumeRole", "RoleArn", storyRole, "RoleSessionName", "session")})
}

func BenchmarkAssumeRoleWithPolicy(b *testing.B) {
	s := newSubject(b, func(w *world) { w.role("r") })
	s.compare(b, call{body: stsForm("AssumeRole", "RoleArn", storyRole, "RoleSessionName", "session", "ExternalId", "e-1",
		"DurationSeconds", "900", "Policy", strings.Replace(allowAll, `"*"}`, `"arn:aws:s3:::warehouse/db/table/*"}`, 1))})
}

func BenchmarkGetCallerIdentity(b *testing.B) {
	s := newSubject(b, func(w *world) { w.role("r") })
	s.compare(b, call{body: stsForm("GetCallerIdentity")})
}

func BenchmarkGetCallerIdentityOfSession(b *testing.B) {
	var session sigv4.Credentials
	s := newSubject(b, func(w *world) { session = w.session(admin, w.role("r")) })
	s.compare(b, call{creds: &session, body: stsForm("GetCallerIdentity")})
}

// BenchmarkGetObject is the whole of a GET of 1 KiB with temporary credentials,
// the object store in the same process included.
func BenchmarkGetObject(b *testing.B) { compareGetObject(b) }

// BenchmarkGateway is the same without the store: objects come over a unix socket
// from another process, whose time does not count.
func BenchmarkGateway(b *testing.B) {
	socket := filepath.Join(b.TempDir(), "s")
	spawn(b, fmt.Sprintf("bare:%d:%s", objectSize, socket))
	b.Setenv(childStore, socket)
	compareGetObject(b)
}

const objectSize = 1024

func compareGetObject(b *testing.B) {
	b.Helper()
	var session sigv4.Credentials
	s := newSubject(b, func(w *world) {
		session = w.session(admin, w.role("r"))
		for _, c := range []call{{path: "/bench-bucket"}, {path: "/bench-bucket/key", body: strings.Repeat("x", objectSize)}} {
			c.service, c.method = "s3", http.MethodPut
			if r := w.do(c); r.Status != http.StatusOK {
				b.Fatalf("PUT %s: %d %s", c.path, r.Status, r.Body)
			}
		}
	})
	s.compare(b, call{service: "s3", method: "GET", path: "/bench-bucket/key", creds: &session})
}

// BenchmarkLiveSessions compares the cost of a request by one of 100,000 live
// sessions with that by one of 1,000, and what they add to the heap.
func BenchmarkLiveSessions(b *testing.B) {
	const few, many = 1_000, 100_000
	s := newSubject(b, func(w *world) { w.role("r") })
	assume := call{body: stsForm("AssumeRole", "RoleArn", storyRole, "RoleSessionName", "session")}
	var requests [][]byte
	for range many {
		session := s.credentials(s.answer(assume))
		requests = append(requests, s.spell(call{creds: &session, body: stsForm("GetCallerIdentity")}))
	}
	s.drive(slice, func(i int) []byte { return requests[i] })
	_, before := s.usage("heap")
	var ofFew, ofMany float64
	next := 0
	for b.Loop() {
		ofFew += float64(s.drive(10*slice, func(i int) []byte { return requests[i%few] }))
		ofMany += float64(s.drive(10*slice, func(i int) []byte { return requests[(next+i)%many] }))
		next += 10 * slice
	}
	_, after := s.usage("heap")
	b.ReportMetric(ofMany/ofFew, "x-few")
	b.ReportMetric(float64(after-before)/(1<<20), "heap-MiB")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkFirstStart is the time from the start of the process to a server that
// is ready, in an empty directory.
func BenchmarkFirstStart(b *testing.B) {
	total := 0.0
	n := 0
	for b.Loop() {
		c := spawn(b, filepath.Join(b.TempDir(), fmt.Sprint(n)))
		total += float64(c.ready.Milliseconds())
		n++
		c.end()
	}
	b.ReportMetric(total/float64(n), "ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkRestartWithManyRoles is the same in a directory with 100,000 roles.
func BenchmarkRestartWithManyRoles(b *testing.B) {
	dir := b.TempDir() + "/data"
	w := startIn(b, dir)
	w.role("r")
	if err := w.Stop(); err != nil {
		b.Fatal(err)
	}
	addRoles(b, filepath.Join(dir, "store"), 100_000)
	total := 0.0
	n := 0
	for b.Loop() {
		c := spawn(b, dir)
		total += float64(c.ready.Milliseconds())
		n++
		c.end()
	}
	b.ReportMetric(total/float64(n), "ms")
	b.ReportMetric(0, "ns/op")
}

// addRoles copies the one role of a store under other names: through the API it
// would take minutes, and the quota of an account is lower.
func addRoles(b *testing.B, dir string, n int) {
	b.Helper()
	s, err := store.OpenEmbedded(context.Background(), store.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var role store.KV
	if _, err := s.Load(context.Background(), iam.Root+"role/", func(kv store.KV) error { role = kv; return nil }); err != nil || role.Key == "" {
		b.Fatalf("no role in the store: %v", err)
	}
	var record map[string]any
	if err := json.Unmarshal(role.Value, &record); err != nil {
		b.Fatal(err)
	}
	for i := 0; i < n; {
		txn := &store.Txn{}
		for range 100 {
			id := fmt.Sprintf("AROA%017d", i)
			record["id"], record["name"] = id, fmt.Sprintf("role-%d", i)
			value, err := json.Marshal(record)
			if err != nil {
				b.Fatal(err)
			}
			txn.Put(filepath.Dir(role.Key)+"/"+id, value)
			i++
		}
		if _, err := s.Commit(context.Background(), txn); err != nil {
			b.Fatal(err)
		}
	}
}

// discard is a http.ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header           { return d.header }
func (discard) Write(b []byte) (int, error)     { return len(b), nil }
func (discard) WriteHeader(int)                 {}
func (discard) SetReadDeadline(time.Time) error { return nil }

// BenchmarkRoad is AssumeRole within the process, without net/http: what there
// is to gain on our side of it.
func BenchmarkRoad(b *testing.B) {
	w := start(b)
	w.role("r")
	r := w.request(call{body: stsForm("AssumeRole", "RoleArn", storyRole, "RoleSessionName", "session")})
	r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:1"
	b.ReportAllocs()
	for b.Loop() {
		r.Body, _ = r.GetBody()
		out := discard{http.Header{}}
		w.http.Handler.ServeHTTP(out, r)
		if len(out.header["X-Amzn-Requestid"]) == 0 {
			b.Fatal("no answer")
		}
	}
}
