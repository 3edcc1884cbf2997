package s3

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/sigv4"
)

// UpstreamConfig says where objects are kept.
type UpstreamConfig struct {
	// Endpoint is the URL of an S3 service, with http or https and without a
	// path, or the absolute path of a unix socket.
	Endpoint string
	// Credentials are this gateway's own at the upstream.
	Credentials sigv4.Credentials
	// Region is the upstream's, for signatures.
	Region string
	// Keys says which keys the upstream may be trusted with.
	Keys KeyRule
	// Now is the real time, for signatures.
	Now func() time.Time
	// Log hears of refusals, which are the operator's to repair.
	Log *slog.Logger
}

// Upstream sends rebuilt requests to the store. It is safe for concurrent use.
type Upstream struct {
	// Keys is the rule that every key must have passed.
	Keys      KeyRule
	scheme    string
	host      string
	creds     sigv4.Credentials
	target    sigv4.Target
	transport *http.Transport
	socket    *socket // nil unless the store is on a socket
	now       func() time.Time
	log       *slog.Logger
}

// idleConns is how many connections are kept for reuse: as many as requests
// are usually at work at once.
const idleConns = 256

// NewUpstream checks the configuration. It does not connect.
func NewUpstream(c UpstreamConfig) (*Upstream, error) {
	u := &Upstream{
		Keys: c.Keys, creds: c.Credentials, now: c.Now, log: c.Log,
		target: sigv4.Target{Region: c.Region, Service: "s3", Keys: sigv4.NewKeyCache(8)},
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	u.transport = &http.Transport{
		DialContext: dialer.DialContext, DisableCompression: true,
		MaxIdleConns: idleConns, MaxIdleConnsPerHost: idleConns, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
	if strings.HasPrefix(c.Endpoint, "/") {
		u.scheme, u.host = "http", "s3.internal"
		u.transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", c.Endpoint)
		}
		u.socket = &socket{path: c.Endpoint, dialer: dialer}
		return u, nil
	}
	e, err := url.Parse(c.Endpoint)
	if err != nil || e.Scheme != "http" && e.Scheme != "https" || e.Host == "" || strings.Trim(e.Path, "/") != "" || e.RawQuery != "" || e.User != nil {
		return nil, fmt.Errorf("the S3 upstream must be a URL like https://store.example:9000, without path or credentials")
	}
	u.scheme, u.host = e.Scheme, e.Host
	return u, nil
}

// Close drops the idle connections.
func (u *Upstream) Close() {
	u.transport.CloseIdleConnections()
	if u.socket != nil {
		u.socket.close()
	}
}

func (u *Upstream) roundTrip(req *http.Request) (*http.Response, error) {
	if u.socket.carries(req) {
		return u.socket.RoundTrip(req)
	}
	return u.transport.RoundTrip(req)
}

// Call is one operation at the upstream.
type Call struct {
	// Target names the operation, which must be one of those that are built;
	// its parameters are sent as far as the operation knows them.
	Target
	// Header is the client's; only what the operation knows is sent.
	Header http.Header
	// Body yields exactly Length bytes and then io.EOF, or an error. It is nil
	// if Length is 0 and nothing has to be verified.
	Body   io.Reader
	Length int64
	// Last is asked before the last bytes of Body are sent; with its error nothing
	// is stored. Nil asks nothing.
	Last func() error
	// Trailer names the checksum that Body has verified when it has been read,
	// and that the store is to keep; nil for none.
	Trailer *trailer
}

// Answer is what the upstream said: a status below 300, or 304. Header holds
// only what a client may see. The caller must close Body, which is never nil.
type Answer struct {
	Status int
	Header http.Header
	Body   io.ReadCloser
	Length int64 // of Body; -1 if unknown
}

// Do sends the call. An error is an *apierr.Error for the client, with
// bucket, key and upload named as the call names them, or the error of
// call.Body as it was. Nothing has been stored when Body failed.
func (u *Upstream) Do(ctx context.Context, call Call) (*Answer, error) {
	shape, ok := shapes[call.Operation]
	if !ok {
		return nil, apierr.NotImplemented.New("%s is not implemented.", call.Operation)
	}
	req, body, err := u.build(ctx, shape, call)
	if err != nil {
		return nil, err
	}
	res, err := u.roundTrip(req)
	if failed := body.failure(); failed != nil {
		if res != nil {
			res.Body.Close()
		}
		return nil, failed
	}
	if err != nil {
		if ctx.Err() != nil {
			return nil, apierr.RequestTimeout.Wrap(ctx.Err(), "Your socket connection to the server was not read from or written to within the timeout period.")
		}
		u.log.Error("object store cannot be reached", "operation", call.Operation, "error", err)
		return nil, apierr.ServiceUnavailable.Wrap(err, "Please reduce your request rate.")
	}
	if res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified {
		return nil, u.refusal(call, res)
	}
	keepAnswerHeaders(res.Header)
	return &Answer{Status: res.StatusCode, Header: res.Header, Body: res.Body, Length: res.ContentLength}, nil
}

// check repeats the rule on what is about to be sent: keys come from several
// places, and a row could forget one.
func (u *Upstream) check(call Call) error {
	if call.Source != nil {
		if err := u.Keys.Check(call.Source.Key); err != nil {
			return err
		}
	}
	if call.Key == "" {
		return nil
	}
	return u.Keys.Check(call.Key)
}

// build makes the request from decoded values alone and signs it.
func (u *Upstream) build(ctx context.Context, shape shape, call Call) (*http.Request, *exactBody, error) {
	if err := u.check(call); err != nil {
		return nil, nil, err
	}
	path := "/"
	if call.Bucket != "" {
		path += call.Bucket
	}
	if call.Key != "" {
		path += "/" + call.Key
	}
	req := (&http.Request{ // the literal stays on the stack: WithContext copies it
		Method: shape.method, Host: u.host, Header: shape.headers(call),
		URL:   &url.URL{Scheme: u.scheme, Host: u.host, Path: path, RawPath: escapePath(path), RawQuery: shape.query(call.Query)},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	var body *exactBody
	payload := sigv4.UnsignedPayload
	switch {
	case call.Length < 0:
		return nil, nil, apierr.MissingContentLength.New("You must provide the Content-Length HTTP header.")
	case call.Body != nil:
		if call.Length == 0 {
			if err := verifyEmpty(call.Body); err != nil {
				return nil, nil, err
			}
			break
		}
		body = &exactBody{src: call.Body, left: call.Length, last: call.Last}
		if call.Trailer != nil {
			payload = sigv4.StreamingUnsignedPayloadTrailer
			body.src, body.left = call.Trailer.encode(req.Header, call.Body, call.Length)
		}
		// A ContentLength that is not 0 keeps the transport from sending chunks,
		// at which the embedded store loses its place on the connection.
		req.Body, req.ContentLength = body, body.left
		if err := body.fetch(); err != nil {
			return nil, nil, err
		}
	case call.Length > 0:
		return nil, nil, apierr.IncompleteBody.New("You did not provide the number of bytes specified by the Content-Length HTTP header.")
	}
	if err := sigv4.Sign(req, u.creds, u.target, payload, u.now()); err != nil {
		return nil, nil, apierr.InternalError.Wrap(err, "We encountered an internal error. Please try again.")
	}
	return req, body, nil
}
