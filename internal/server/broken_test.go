package server

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// A request that breaks off, wherever it does and however the client leaves,
// changes nothing, is no fault of the server's, is closed on record, and leaves
// neither a goroutine nor a file behind. Not parallel: it counts those of the
// whole process.
func TestBrokenRequests(t *testing.T) {
	for _, secure := range []bool{false, true} {
		t.Run(map[bool]string{false: "plain", true: "TLS"}[secure], func(t *testing.T) {
			b := newBroken(t, secure)
			requests := b.requests()
			for name, text := range requests {
				b.cutAll(name, text) // so that what is kept for reuse is there
			}
			b.settle("the first requests")
			goroutines, files := runtime.NumGoroutine(), openFiles(t)
			for name, text := range requests {
				b.cutAll(name, text)
			}
			b.settle("the second requests")
			await(t, "goroutines and files to end", func() bool {
				return runtime.NumGoroutine() < goroutines+slack && openFiles(t) < files+slack
			})
			b.checkRecord()
			if strings.Contains(b.logs.String(), "level=ERROR") {
				t.Errorf("the server logged a fault: %s", b.logs.String())
			}
		})
	}
}

// slack is how far the count of goroutines and files may be off: connections to
// the object store are kept for reuse. Some hundred requests are sent.
const slack = 8

// broken is a server with something that half a request could change.
type broken struct {
	*world
	dial   func() net.Conn
	before string
	sent   int
}

func newBroken(t *testing.T, secure bool) *broken {
	if !secure {
		b := &broken{world: start(t)}
		b.dial = func() net.Conn { return b.tcp() }
		return b.prepare()
	}
	cert, key, roots := selfSigned(t)
	b := &broken{world: start(t, func(c *Config) { c.TLSCert, c.TLSKey = cert, key })}
	b.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(b.client.CloseIdleConnections)
	b.dial = func() net.Conn {
		return tls.Client(b.tcp(), &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"})
	}
	return b.prepare()
}

func (b *broken) tcp() *net.TCPConn {
	b.t.Helper()
	_, address, _ := strings.Cut(b.URL(), "://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.t.Fatal(err)
	}
	return conn.(*net.TCPConn)
}

// download is more than the sockets between client and server hold.
var download = strings.Repeat("0123456789abcdef", 1<<20)

func (b *broken) prepare() *broken {
	for _, c := range []call{
		{method: "PUT", path: "/bucket"}, {method: "PUT", path: "/bucket/old", body: "old"}, {method: "PUT", path: "/bucket/big", body: download},
	} {
		c.service = "s3"
		if r := b.do(c); r.Status != 200 {
			b.t.Fatalf("%s: %d %s", c.path, r.Status, r.Body)
		}
	}
	return b
}

// requests are spelled requests that would change something. Each that is put
// under a key of its own would be seen as a file.
func (b *broken) requests() map[string]string {
	s3 := func(method, path, query, body string, header map[string]string) call {
		return call{service: "s3", method: method, path: path, query: query, body: body, header: header}
	}
	upload := between(b.do(s3("POST", "/bucket/up", "uploads=", "", nil)).Body, "<UploadId>", "<")
	part := b.do(s3("PUT", "/bucket/up", "partNumber=1&uploadId="+upload, "part", nil)).Header.Get("Etag")
	complete := "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + part + "</ETag></Part></CompleteMultipartUpload>"
	trust := trusting("arn:aws:iam::" + account + ":root")
	b.before = b.state()
	out := map[string]string{"PutObject in signed chunks": b.chunked("/bucket/chunks", strings.Repeat("c", 20_000), strings.Repeat("d", 9000))}
	for name, c := range map[string]call{
		"CreateUser":              {service: "iam", body: iamForm("CreateUser", "UserName", "half")},
		"CreateRole":              {service: "iam", body: iamForm("CreateRole", "RoleName", "half", "AssumeRolePolicyDocument", trust)},
		"PutObject":               s3("PUT", "/bucket/new", "", strings.Repeat("n", 50_000), nil),
		"PutObject anew":          s3("PUT", "/bucket/old", "", "new", nil),
		"PutObject at 100":        s3("PUT", "/bucket/new", "", strings.Repeat("n", 50_000), map[string]string{"Expect": "100-continue"}),
		"PutObjectTagging":        s3("PUT", "/bucket/old", "tagging=", `<Tagging><TagSet><Tag><Key>v</Key><Value>1</Value></Tag></TagSet></Tagging>`, nil),
		"UploadPart":              s3("PUT", "/bucket/up", "partNumber=2&uploadId="+upload, strings.Repeat("p", 30_000), nil),
		"CompleteMultipartUpload": s3("POST", "/bucket/up", "uploadId="+upload, complete, nil),
		"DeleteObjects":           s3("POST", "/bucket", "delete=", "<Delete><Object><Key>old</Key></Object></Delete>", map[string]string{"x-amz-checksum-crc32": "AAAAAA=="}),
		"PutBucketPolicy":         s3("PUT", "/bucket", "policy=", strings.Replace(allowAll, `"Action"`, `"Principal":"*","Action"`, 1), nil),
	} {
		out[name] = b.wireOf(c)
	}
	return out
}

// chunked spells a PutObject with a signature for each chunk: "Signature
// calculations for the authorization header: transferring payload in multiple
// chunks" in the S3 API reference.
func (b *broken) chunked(path string, chunks ...string) string {
	b.t.Helper()
	now := time.Now().UTC()
	total, body := 0, &strings.Builder{}
	for _, c := range chunks {
		total += len(c)
	}
	r, err := http.NewRequest(http.MethodPut, b.URL()+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Encoding", "aws-chunked")
	r.Header.Set("X-Amz-Decoded-Content-Length", fmt.Sprint(total))
	if err := sigv4.Sign(r, admin, sigv4.Target{Region: "us-east-1", Service: "s3"}, sigv4.StreamingPayload, now); err != nil {
		b.t.Fatal(err)
	}
	_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	day := now.Format("20060102")
	key := []byte("AWS4" + adminSecret)
	for _, step := range []string{day, "us-east-1", "s3", "aws4_request"} {
		key = mac(key, step)
	}
	for _, c := range append(chunks, "") {
		sum := sha256.Sum256([]byte(c))
		signature = hex.EncodeToString(mac(key, strings.Join([]string{
			"AWS4-HMAC-SHA256-PAYLOAD", r.Header.Get("X-Amz-Date"), day + "/us-east-1/s3/aws4_request", signature, sigv4.EmptySHA256, hex.EncodeToString(sum[:]),
		}, "\n")))
		fmt.Fprintf(body, "%x;chunk-signature=%s\r\n%s\r\n", len(c), signature, c)
	}
	r.Body, r.ContentLength = readerOf(body.String()), int64(body.Len())
	var text strings.Builder
	if err := r.Write(&text); err != nil {
		b.t.Fatal(err)
	}
	return text.String()
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// leavings are the ways in which a client goes. The first one listens for what
// the server has to say.
var leavings = map[string]func(*broken, net.Conn){
	"half-closes": (*broken).halfClose,
	"closes":      func(_ *broken, c net.Conn) { _ = c.Close() },
	"resets": func(_ *broken, c net.Conn) {
		if secure, ok := c.(*tls.Conn); ok {
			c = secure.NetConn()
		}
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.Close()
	},
}

func (b *broken) halfClose(conn net.Conn) {
	b.t.Helper()
	defer conn.Close()
	_ = conn.(interface{ CloseWrite() error }).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if ne, ok := err.(net.Error); ok && ne.Timeout() {
		b.t.Errorf("the server neither answers nor hangs up")
	}
	if err != nil {
		return // nothing to say
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode >= 500 || 200 <= resp.StatusCode && resp.StatusCode < 400 {
		b.t.Errorf("half a request was answered %d", resp.StatusCode)
	}
}

// cutAll sends the beginnings of a request.
func (b *broken) cutAll(name, text string) {
	b.t.Helper()
	head := strings.Index(text, "\r\n\r\n") + 4
	body := len(text) - head
	for _, n := range []int{1, 10, head / 2, head - 3, head - 1, head, head + 1, head + body/3, head + body/2, head + body*2/3, len(text) - 3, len(text) - 1} {
		for how, leave := range leavings {
			b.sent++
			conn := b.dial()
			if _, err := io.WriteString(conn, text[:n]); err != nil {
				b.t.Errorf("%s, %d of %d bytes: %v", name, n, len(text), err)
			}
			leave(b, conn)
			if b.t.Failed() {
				b.t.Fatalf("%s, %d of %d bytes (%d of header), then the client %s", name, n, len(text), head, how)
			}
		}
	}
	b.abandonAnswer()
}

// abandonAnswer asks for more than the sockets hold and leaves after a little.
func (b *broken) abandonAnswer() {
	b.t.Helper()
	conn := b.dial()
	if _, err := io.WriteString(conn, b.wireOf(call{service: "s3", method: "GET", path: "/bucket/big"})); err != nil {
		b.t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1000)); err != nil {
		b.t.Fatal(err)
	}
	leavings["resets"](b, conn)
}

// settle waits until everything is as it was before.
func (b *broken) settle(what string) {
	b.t.Helper()
	var now string
	await(b.t, what+" to leave everything as it was", func() bool { now = b.state(); return now == b.before })
	if now != b.before {
		b.t.Errorf("it was\n%s\nand is\n%s", b.before, now)
	}
}

// state is the store's revision and each file of the object store.
func (b *broken) state() string {
	b.t.Helper()
	revision, err := b.State().Store.Revision(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	out := fmt.Sprintln("revision", revision)
	root := filepath.Join(b.dir, "objects", "objects")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // a staged file that goes just now is seen as one that is gone
		}
		if fi, err := d.Info(); err == nil {
			out += fmt.Sprintln(strings.TrimPrefix(path, root), fi.Size(), fi.ModTime())
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out + b.do(call{service: "s3", method: "GET", path: "/bucket/old", query: "tagging="}).Body
}

// checkRecord holds that every intent has an outcome, which is a refusal.
func (b *broken) checkRecord() {
	b.t.Helper()
	open, cut := map[any]any{}, 0
	for _, e := range b.events() {
		switch {
		case e["eventType"] == "RolecallIntent":
			open[e["eventID"]] = e["eventName"]
			continue
		case e["errorCode"] == "InternalError", e["errorCode"] == "InternalFailure", e["errorCode"] == "ServiceUnavailable":
			b.t.Errorf("recorded as the server's fault: %v", e)
		case e["errorCode"] != nil && open[e["eventID"]] != nil:
			cut++
		}
		delete(open, e["eventID"])
	}
	if len(open) > 0 || cut < 50 {
		b.t.Errorf("%d changes broke off on record, of %d requests; without an outcome: %v", cut, b.sent, open)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc:", err)
	}
	return len(entries)
}

// patience is how long to wait for what happens at once on an idle machine.
const patience = 20 * time.Second

func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("waited in vain for %s", what)
			return
		}
	}
}
