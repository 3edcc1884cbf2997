package gate

import (
	"net/http"
	"time"

	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/sigv4"
)

// Request is a request on its road. Each step fills in its part; a row sees it
// complete. It belongs to one goroutine.
type Request struct {
	// HTTP is for what the road needs. Rows act on Input.
	HTTP *http.Request

	// Set by receive.
	ID       string // x-amzn-requestid, x-amz-request-id
	SourceIP string // the client's address without port
	Secure   bool   // our own TLS, or a trusted proxy's word

	// Set by route.
	Service *Service
	json    bool // answers in JSON, because the client accepts only that

	// Set by authenticate. Signature is nil for an anonymous request.
	Signature *sigv4.Signature
	Caller    *iam.Caller

	// Set by name. Body is what a streaming operation reads, decoded and
	// verified as it is read; for all others it is empty.
	Operation string
	Input     any
	Body      Body
	row       *Row
	model     *wire.Operation
	form      *wire.Form

	// Set by authorize. Resolved is what the row's Checks found and its Run must
	// act upon, so that nothing can take its place in between.
	Env       iam.Environment
	server    *Server
	Resolved  any
	Told      http.Header // what the row's Checks tell of its target, refused or not
	checks    []iam.Check
	decisions []policy.Decision
	refreshed bool // Allowed has brought memory up to date

	body     []byte // of query and JSON services
	drained  bool   // the body was read to its end, or as far as it comes
	answered bool   // the answer is on its way, so there cannot be another
	event    audit.ID
	received time.Time
}

// Now is the service's time at which the request is judged.
func (r *Request) Now() time.Time { return r.Env.Now }

// Offset is how far the service's time is ahead of the real one.
func (r *Request) Offset() time.Duration { return r.Env.Now.Sub(r.received) }
