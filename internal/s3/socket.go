package s3

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// socket sends requests that only read to a store on a unix socket, on the
// goroutine of the caller. net/http's Transport hands each request to one
// goroutine and takes its answer from another, so that it can send a body and
// hear an early answer at once. Without a body there is nothing to do at once,
// and the two hand-overs were a fifth of what the gateway spent on a small
// object (BenchmarkGateway in internal/server). Writing and reading HTTP is
// left to net/http here too.
//
// It is safe for concurrent use.
type socket struct {
	path   string
	dialer *net.Dialer

	mu     sync.Mutex // guards the fields below
	idle   []*socketConn
	closed bool
}

const (
	// maxIdleSockets is how many connections are kept for reuse.
	maxIdleSockets = 64
	// maxAnswerHeader is how much of an answer is read as its header.
	maxAnswerHeader = 64 << 10
)

var (
	errSocketStale  = errors.New("the store closed an idle connection")
	errAnswerHeader = errors.New("the store's answer has too large a header")
)

// carries reports whether a request may go over the socket: one without a body,
// which may be sent once more if the connection turns out to be stale.
func (s *socket) carries(req *http.Request) bool {
	return s != nil && req.Body == nil && (req.Method == http.MethodGet || req.Method == http.MethodHead)
}

// RoundTrip implements http.RoundTripper for requests that the socket carries.
// The end of the request's context ends an exchange that stands still, the
// reading of the body included, within lookEvery.
func (s *socket) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	for {
		c, err := s.take(ctx)
		if err != nil {
			return nil, err
		}
		res, err := c.exchange(ctx, req)
		if err == nil {
			return res, nil
		}
		c.leave(false)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !errors.Is(err, errSocketStale) {
			return nil, err
		}
	}
}

// take returns the connection that was used last, or a new one.
func (s *socket) take(ctx context.Context) (*socketConn, error) {
	s.mu.Lock()
	if n := len(s.idle); n > 0 {
		c := s.idle[n-1]
		s.idle[n-1] = nil
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return c, nil
	}
	s.mu.Unlock()
	conn, err := s.dialer.DialContext(ctx, "unix", s.path)
	if err != nil {
		return nil, err
	}
	c := &socketConn{Conn: conn, socket: s}
	c.r, c.w = bufio.NewReader(c), bufio.NewWriter(conn)
	return c, nil
}

// give keeps a connection for reuse, if there is room.
func (s *socket) give(c *socketConn) {
	s.mu.Lock()
	keep := !s.closed && len(s.idle) < maxIdleSockets
	if keep {
		s.idle = append(s.idle, c)
	}
	s.mu.Unlock()
	if !keep {
		_ = c.Close()
	}
}

// close drops the idle connections, and later those that are in use.
func (s *socket) close() {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()
	for _, c := range idle {
		_ = c.Close()
	}
}

// socketConn is one connection. It belongs to one exchange at a time.
type socketConn struct {
	net.Conn
	socket *socket
	r      *bufio.Reader
	w      *bufio.Writer
	ctx    context.Context // of the exchange
	used   bool            // has carried an exchange, so that the store may have closed it since
	left   int             // of the header of the answer; negative when its body is read
	look   time.Time       // the deadline of the connection, at which the context is looked at
}

// exchange sends req and reads the header of its answer. It is errSocketStale
// if a connection that was idle turned out to be closed.
func (c *socketConn) exchange(ctx context.Context, req *http.Request) (*http.Response, error) {
	c.ctx, c.left = ctx, maxAnswerHeader
	err := c.renew()
	if err == nil {
		err = c.send(req)
	}
	if err == nil {
		_, err = c.r.Peek(1)
	}
	if err != nil {
		if c.used {
			return nil, errSocketStale
		}
		return nil, err
	}
	c.used = true
	res, err := http.ReadResponse(c.r, req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode < http.StatusOK {
		return nil, errors.New("the store answered a request without a body with an interim response")
	}
	c.left = -1
	if res.Body == http.NoBody {
		c.leave(!res.Close)
		return res, nil
	}
	res.Body = &socketBody{ReadCloser: res.Body, conn: c, reusable: !res.Close}
	return res, nil
}

// send writes a request that [Upstream.build] made: its path is escaped and its
// query encoded.
func (c *socketConn) send(req *http.Request) error {
	w := c.w
	w.WriteString(req.Method)
	w.WriteByte(' ')
	w.WriteString(req.URL.RawPath)
	if req.URL.RawQuery != "" {
		w.WriteByte('?')
		w.WriteString(req.URL.RawQuery)
	}
	w.WriteString(" HTTP/1.1\r\nHost: ")
	w.WriteString(req.Host)
	w.WriteString("\r\n")
	if err := req.Header.Write(w); err != nil {
		return err
	}
	w.WriteString("\r\n")
	return w.Flush() // has the error of any write before it
}

// lookEvery is how often an exchange that stands still looks at its context. To be
// told by context.AfterFunc would be a fiftieth of a GET of 1 KiB.
const lookEvery = time.Second

// renew moves the deadline of the connection, unless that was done a moment ago.
func (c *socketConn) renew() error {
	now := time.Now()
	if c.look.Sub(now) > lookEvery/2 {
		return nil
	}
	c.look = now.Add(lookEvery)
	return c.SetDeadline(c.look)
}

// Read is what c.r reads from: as much as it likes, except of a header.
func (c *socketConn) Read(p []byte) (int, error) {
	switch {
	case c.left == 0:
		return 0, errAnswerHeader
	case c.left > 0:
		p = p[:min(len(p), c.left)]
	}
	n, err := c.Conn.Read(p)
	for n == 0 && errors.Is(err, os.ErrDeadlineExceeded) && c.ctx.Err() == nil {
		if err = c.renew(); err == nil {
			n, err = c.Conn.Read(p)
		}
	}
	if c.left > 0 {
		c.left -= n
	}
	return n, err
}

// leave ends an exchange. The connection may be used again if the answer was
// read to its end.
func (c *socketConn) leave(whole bool) {
	if whole && c.r.Buffered() == 0 {
		c.ctx = nil
		c.socket.give(c)
		return
	}
	_ = c.Close()
}

// socketBody is the body of an answer. Its end, or Close before it, ends the
// exchange.
type socketBody struct {
	io.ReadCloser
	conn     *socketConn
	reusable bool
	err      error // of the exchange that has ended; of every Read since
}

func (b *socketBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end(err)
	}
	return n, err
}

// Close does not read on: a connection with an answer under way is dropped.
func (b *socketBody) Close() error {
	if b.err == nil {
		b.end(http.ErrBodyReadAfterClose)
	}
	return nil
}

func (b *socketBody) end(err error) {
	b.err = err
	b.conn.leave(err == io.EOF && b.reusable)
}
