package gate

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
)

const (
	// maxBody is the size of the body of a query or JSON request: the largest
	// honest ones carry a handful of policy documents.
	maxBody = 1 << 20
	// firstRead bounds the memory that a client gets for announcing a body: more
	// is made only as it arrives.
	firstRead = 64 << 10

	// readTimeout bounds how long a query or JSON request with a body may take, and how long a body that is streamed may stand still.
	readTimeout = 30 * time.Second
	// drainTimeout bounds how long net/http waits for the rest of a body that was
	// not read, before it sends the answer.
	drainTimeout = 5 * time.Second
	// writeTimeout and slowest bound how long an answer may take: this long, and
	// as long as its bytes need at the slowest rate.
	writeTimeout = 2 * time.Minute
	slowest      = 16 << 10 // bytes a second
)

// Deadlines of connections are by the clock of the operating system, whatever
// the clock of the server says.

// readBody reads the whole body of a query or JSON request.
func (s *Server) readBody(w http.ResponseWriter, req *Request) error {
	r := req.HTTP
	if r.ContentLength > maxBody {
		return tooLarge()
	}
	if r.ContentLength == 0 {
		return nil
	}
	// The deadline ends the operation too, when net/http cannot listen any longer
	// for the client to go away. The next request gets deadlines of its own.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTimeout))
	var err error
	if 0 < r.ContentLength && r.ContentLength <= firstRead {
		req.body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, req.body)
	} else {
		req.body, err = io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	}
	switch {
	case err != nil:
		req.drained = true // what has not come by now will not
		return apierr.MalformedInput.Wrap(err, "The request body could not be read.")
	case len(req.body) > maxBody:
		return tooLarge()
	}
	req.drained = true
	return nil
}

func tooLarge() error {
	return apierr.RequestEntityTooLarge.New("The request body is larger than %d bytes.", maxBody)
}

// streamed is a body that a row reads. Its client may take as long as it likes,
// as long as it goes on sending.
type streamed struct {
	src     io.Reader
	control *http.ResponseController
	renew   time.Time // when the deadline is to be moved again
	drained *bool     // set at the end of src
}

func newStreamed(w http.ResponseWriter, req *Request) *streamed {
	return &streamed{src: req.HTTP.Body, control: http.NewResponseController(w), drained: &req.drained}
}

func (b *streamed) Read(p []byte) (int, error) {
	if now := time.Now(); now.After(b.renew) {
		_ = b.control.SetReadDeadline(now.Add(readTimeout))
		b.renew = now.Add(readTimeout / 8)
	}
	n, err := b.src.Read(p)
	if err == io.EOF {
		*b.drained = true
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, clientsDoing(err)
}

// clientsDoing tells what can go wrong with the client's connection, or with how
// it divides the body: none of it is a fault of ours.
func clientsDoing(err error) error {
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return apierr.RequestTimeout.Wrap(err, "Your socket connection to the server was not read from or written to within the timeout period.")
	}
	return apierr.IncompleteBody.Wrap(err, "The request body terminated unexpectedly")
}

// pace sets the deadlines under which the answer goes out. net/http reads what
// is left of a body before it answers, and would wait for a silent client for
// ever.
func (s *Server) pace(w http.ResponseWriter, req *Request, length int64) {
	unread := req.HTTP.ContentLength != 0 && !req.drained
	streams := req.Service == nil || req.Service.Model == nil
	if !unread && !streams {
		return // the server's own deadlines do
	}
	now, control := time.Now(), http.NewResponseController(w)
	if unread {
		_ = control.SetReadDeadline(now.Add(drainTimeout))
	}
	_ = control.SetWriteDeadline(now.Add(writeTimeout + time.Duration(max(length, 0)/slowest)*time.Second))
}

// Body is the body of an S3 request as a row reads it: decoded, and checked
// against the signature while it is read, so that a clean end means that it is
// what was signed.
type Body interface {
	io.Reader
	// Size is the exact number of bytes, or -1 if it is not known.
	Size() int64
	// Trailer holds verified trailing headers once the end has been read.
	Trailer() http.Header
}
