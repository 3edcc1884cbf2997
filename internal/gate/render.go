package gate

import (
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
)

// finish records the outcome and writes the answer, in this order. If the
// outcome cannot be recorded, the answer is not given.
func (s *Server) finish(w http.ResponseWriter, req *Request, answer any, err error) {
	var failure *apierr.Error
	if err != nil {
		failure = apierr.From(err)
	}
	if recordErr := s.record(req, answer, failure); recordErr != nil {
		closeStream(answer)
		failure = apierr.From(recordErr)
	}
	s.log(req, failure)
	defer func() { s.Metrics.count(req, failure, s.Clock.Real()) }()
	if failure != nil {
		s.renderError(w, req, failure)
		return
	}
	s.render(w, req, answer)
}

// log keeps what the client must not see: causes of failures of ours. Refusals
// of the client's doing are in the record.
func (s *Server) log(req *Request, failure *apierr.Error) {
	if failure == nil || failure.Fault != apierr.Receiver || failure.Kind == apierr.NotImplemented {
		return
	}
	s.Log.Error("request failed", "request", req.ID, "operation", req.Operation, "code", failure.Code, "cause", failure.Cause)
}

// buffers hold answers while they are built.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

// maxPooled bounds the memory that stays with a pooled buffer.
const maxPooled = 64 << 10

// write builds an answer in a pooled buffer and sends it.
func write(w http.ResponseWriter, status int, contentType string, build func([]byte) []byte) {
	buffer := buffers.Get().(*[]byte)
	*buffer = build((*buffer)[:0])
	h := w.Header()
	h["Content-Type"] = []string{contentType}
	h["Content-Length"] = []string{strconv.Itoa(len(*buffer))}
	w.WriteHeader(status)
	_, _ = w.Write(*buffer) // a client that is gone needs no answer
	if cap(*buffer) <= maxPooled {
		buffers.Put(buffer)
	}
}

func (s *Server) render(w http.ResponseWriter, req *Request, answer any) {
	s.setHeaders(w, req)
	if stream, ok := answer.(*Stream); ok {
		s.pace(w, req, stream.Length)
		s.send(w, req, stream)
		return
	}
	out, _ := answer.(wire.Output)
	m := req.Service.Model
	switch {
	case m.Protocol == wire.JSON11:
		write(w, http.StatusOK, wire.ContentTypeJSON11, func(b []byte) []byte { return wire.AppendJSON(b, out) })
	case req.json:
		write(w, http.StatusOK, wire.ContentTypeJSON, func(b []byte) []byte { return m.AppendQueryJSON(b, req.model, out, req.ID) })
	default:
		write(w, http.StatusOK, wire.ContentTypeXML, func(b []byte) []byte { return m.AppendXML(b, req.model, out, req.ID) })
	}
}

func (s *Server) renderError(w http.ResponseWriter, req *Request, e *apierr.Error) {
	s.setHeaders(w, req)
	s.pace(w, req, 0)
	switch {
	case req.Service == nil || req.Service.Model == nil:
		s.renderS3Error(w, req, e)
	case req.Service.Model.Protocol == wire.JSON11:
		write(w, e.Status, wire.ContentTypeJSON11, func(b []byte) []byte { return wire.AppendJSONError(b, e) })
	case req.json:
		write(w, e.Status, wire.ContentTypeJSON, func(b []byte) []byte { return wire.AppendQueryJSONError(b, e, req.ID) })
	default:
		write(w, e.Status, wire.ContentTypeXML, func(b []byte) []byte {
			return wire.AppendXMLError(b, req.Service.Model.Namespace, e, req.ID)
		})
	}
}

// renderS3Error sends S3's form, in which a failure of ours has another name.
func (s *Server) renderS3Error(w http.ResponseWriter, req *Request, e *apierr.Error) {
	if e.Kind == apierr.InternalFailure {
		e = apierr.InternalError.New("We encountered an internal error. Please try again.")
	}
	if req.HTTP.Method == http.MethodHead || e.Status == http.StatusNotModified {
		w.WriteHeader(e.Status)
		return
	}
	write(w, e.Status, "application/xml", func(b []byte) []byte { return wire.AppendS3Error(b, e, req.ID, req.ID) })
}

func (s *Server) setHeaders(w http.ResponseWriter, req *Request) {
	h := w.Header()
	if req.Service != nil && req.Service.Model != nil {
		h["X-Amzn-Requestid"] = []string{req.ID}
	} else {
		h["X-Amz-Request-Id"] = []string{req.ID}
		h["X-Amz-Id-2"] = []string{req.ID}
	}
	maps.Copy(h, req.Told)
	if s.Clock.Adjustable() {
		h["X-Rolecall-Clock-Offset"] = []string{strconv.FormatInt(int64(s.Clock.Offset()/time.Second), 10)}
	}
}

// send copies a stream to the client. When the store fails half way the
// connection is cut, so that the client cannot take a part for the whole.
func (s *Server) send(w http.ResponseWriter, req *Request, stream *Stream) {
	defer closeStream(stream)
	h := w.Header()
	for name, values := range stream.Header {
		h[name] = values
	}
	if stream.Length >= 0 {
		h["Content-Length"] = []string{strconv.FormatInt(stream.Length, 10)}
	}
	w.WriteHeader(stream.Status)
	if stream.Body == nil || req.HTTP.Method == http.MethodHead {
		return
	}
	if err := copyBody(w, stream.Body); err != nil && req.HTTP.Context().Err() == nil {
		s.Log.Error("answer cut short", "request", req.ID, "operation", req.Operation, "cause", err)
		panic(http.ErrAbortHandler)
	}
}

// copies hold parts of streams on their way.
var copies = sync.Pool{New: func() any { return new([32 << 10]byte) }}

// copyBody copies to w without its ReadFrom, which sends the header in a write of
// its own and takes a new buffer of 32 KiB: a ninth of a GET of 1 KiB.
func copyBody(w io.Writer, body io.Reader) error {
	part := copies.Get().(*[32 << 10]byte)
	defer copies.Put(part)
	_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{body}, part[:])
	return err
}

func closeStream(answer any) {
	if stream, ok := answer.(*Stream); ok && stream != nil && stream.Body != nil {
		_ = stream.Body.Close()
	}
}
