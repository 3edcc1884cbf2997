package gate

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/clock"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/sts"
	"rolecall.dev/rolecall/sigv4"
)

// Config is what a server is made of.
type Config struct {
	IAM    *iam.IAM
	Tokens *sts.Keys
	Audit  *audit.Log
	Clock  *clock.Clock
	Log    *slog.Logger
	// Region is the region of this server, for services that have one.
	Region string
	// TrustedProxies may say what the client's address is.
	TrustedProxies []netip.Prefix
	// Metrics counts requests; nil counts nothing.
	Metrics *Metrics
}

// Server is the road. It is an http.Handler, safe for concurrent use.
type Server struct {
	Config
	keys     *sigv4.KeyCache
	services map[string]*Service
	rows     map[rowKey]*Row
}

// New returns a server for rows. Two rows for one operation, or a row without
// checks, name or run, are a mistake of the program and an error.
func New(config Config, rows []Row) (*Server, error) {
	s := &Server{Config: config, keys: sigv4.NewKeyCache(keyCacheSize), services: map[string]*Service{}, rows: map[rowKey]*Row{}}
	for i := range rows {
		r := &rows[i]
		key := rowKey{r.Service.Name, r.Name}
		if s.rows[key] != nil || r.Checks == nil || r.Run == nil || r.Name == "" {
			return nil, fmt.Errorf("gate: row %s:%s is incomplete or there twice", key.service, key.name)
		}
		if m := r.Service.Model; m != nil {
			if _, ok := m.Operation(r.Name); !ok {
				return nil, fmt.Errorf("gate: %s has no operation %s", key.service, key.name)
			}
		}
		s.rows[key] = r
		s.services[r.Service.Name] = r.Service
	}
	if s.services[unsignedService] == nil {
		return nil, fmt.Errorf("gate: no rows of %s, whose errors a request without a service gets", unsignedService)
	}
	return s, nil
}

// keyCacheSize is how many derived signing keys are kept: one for each key,
// day, region and service in use.
const keyCacheSize = 4096

// ServeHTTP takes one request down the road. A panic becomes an InternalFailure,
// or a cut connection if the answer had begun.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req := &Request{HTTP: r, received: s.Clock.Real()}
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.Log.Error("panic", "request", req.ID, "operation", req.Operation, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		if req.answered {
			panic(http.ErrAbortHandler)
		}
		s.finish(w, req, nil, apierr.From(errPanic))
	}()
	answer, err := s.travel(w, req)
	s.finish(w, req, answer, err)
}

var errPanic = errors.New("gate: a step of the road panicked")

// travel is the road up to the answer. The step at which it fails decides what
// is known of the request when it is recorded.
func (s *Server) travel(w http.ResponseWriter, req *Request) (any, error) {
	if err := s.receive(req); err != nil {
		s.guess(req)
		return nil, err
	}
	if err := s.route(req); err != nil {
		return nil, err
	}
	if err := s.authenticate(w, req); err != nil {
		return nil, err
	}
	if err := s.name(w, req); err != nil {
		return nil, err
	}
	if err := s.authorize(req); err != nil {
		return nil, err
	}
	if err := s.intend(req); err != nil {
		return nil, err
	}
	return s.run(req)
}

// run runs the row. A "no" that may rest on memory is decided and run again at
// the store's current revision, once; nothing has been written by then.
func (s *Server) run(req *Request) (any, error) {
	ctx := req.HTTP.Context()
	var answer any
	var err error
	again := false
	settleErr := s.IAM.Settle(ctx, func() bool {
		if again {
			if err = s.decide(req); err != nil {
				return true
			}
		}
		again = true
		answer, err = req.row.Run(ctx, req)
		return err == nil || !restsOnMemory(req, err)
	})
	if settleErr != nil {
		return nil, settleErr
	}
	return answer, err
}

// restsOnMemory reports whether another node's change could turn a refusal into
// an answer. A change of state looks at the store itself before it refuses,
// except for what it did not find. S3's answers are the object store's.
func restsOnMemory(req *Request, err error) bool {
	if req.Service.Model == nil {
		return false
	}
	e := apierr.From(err)
	return e.Status == http.StatusNotFound || !req.row.Changes && e.Fault == apierr.Sender
}
