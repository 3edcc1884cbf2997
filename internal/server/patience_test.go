package server

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// oneConn is a listener with one connection.
type oneConn chan net.Conn

func (l oneConn) Accept() (net.Conn, error) {
	c, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (oneConn) Close() error   { return nil }
func (oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// A client that announces a body and then is silent gets an answer, and its
// connection does not stay: neither where the body is read before the signature
// is judged, nor where nobody wants it. One that never ends its header is not
// waited for either.
func TestSilentClients(t *testing.T) {
	t.Parallel()
	w := start(t)
	for name, c := range map[string]struct {
		request string
		status  int
		after   time.Duration
	}{
		"half a header":            {"GET / HTTP/1.1\r\nHost: h\r\nX-A", 400, headerTimeout},
		"a body that is read":      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nAction", 400, 30 * time.Second},
		"a body that nobody reads": {"PUT /b/k HTTP/1.1\r\nHost: h\r\nConnection: x-amz-date\r\nContent-Length: 10\r\n\r\n", 400, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, conn := net.Pipe()
				listener := make(oneConn, 1)
				listener <- conn
				s := &http.Server{Handler: w.http.Handler, ErrorLog: quiet(w.config.Log), ReadHeaderTimeout: w.http.ReadHeaderTimeout}
				served := make(chan struct{})
				go func() { defer close(served); _ = s.Serve(listener) }()
				if _, err := io.WriteString(client, c.request); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				resp, err := http.ReadResponse(bufio.NewReader(client), nil)
				if err != nil {
					t.Fatal(err)
				}
				if resp.StatusCode != c.status || time.Since(began) != c.after || !resp.Close {
					t.Errorf("got %d after %v, close %v; want %d after %v", resp.StatusCode, time.Since(began), resp.Close, c.status, c.after)
				}
				client.Close()
				close(listener)
				<-served
			})
		})
	}
}
