package gate

import (
	"context"
	"io"
	"net/http"

	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
)

// Service is one of the services behind the listener.
type Service struct {
	// Name stands in the scope of a signature: sts, iam, s3 …
	Name string
	// Region of aws:RequestedRegion; empty means the region of the server.
	Region string
	// Model is how requests are spelled; nil for S3, which has a Namer.
	Model *wire.Service
	// Namer names and decodes the requests of a service without a Model.
	Namer Namer
}

// EventSource is the service's name in the record.
func (s *Service) EventSource() string { return s.Name + ".amazonaws.com" }

// Namer finds out what a request is about, from everything but its body. The
// decoded input is all that the row may act on. An operation that is known but
// not built has no row and is answered with NotImplemented.
type Namer interface {
	Name(r *http.Request) (operation string, input any, err error)
}

// Row is one operation.
type Row struct {
	Service *Service
	Name    string
	// Changes says that the operation changes state, so that an intent is
	// recorded before it runs. ReadOnly in the record is its opposite, except
	// that sessions are issued without a change of state.
	Changes bool
	// Frees marks an operation that may run on the reserve of a full disk.
	Frees bool
	// Data says that the operation is about objects, not configuration.
	Data bool
	// Anonymous says that an unsigned request may come this far; it is
	// authorized like any other.
	Anonymous bool
	// Checks lists what must be allowed. An empty list means that the operation
	// needs no permission. An error ends the request; AccessDenied from here is
	// a denial like any other.
	Checks func(context.Context, *Request) ([]iam.Check, error)
	// Run does it. The answer is a wire.Output for services with a Model, and a
	// *Stream for S3.
	Run func(context.Context, *Request) (any, error)
	// Parameters are what the record keeps of the input; nil means that the
	// road's own choice is kept. They hold no secret.
	Parameters func(*Request) []audit.Field
	// Elements are what the record keeps of the answer.
	Elements func(answer any) []audit.Field
	// Quiet leaves the reason out of a denial: AWS says the same words for a
	// role that is missing and one that is not allowed.
	Quiet bool
}

// Stream is an answer that is not built in memory. The gate closes Body.
type Stream struct {
	Status int
	Header http.Header
	// Body is sent as it is; nil for none. Length is its exact length, or -1
	// if it is not known.
	Body   io.ReadCloser
	Length int64
}

// rowKey finds a row.
type rowKey struct{ service, name string }
