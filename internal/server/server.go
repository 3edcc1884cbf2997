package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"rolecall.dev/rolecall/internal/api"
	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/s3"
	"rolecall.dev/rolecall/internal/s3/embedded"
	"rolecall.dev/rolecall/internal/sts"
	"rolecall.dev/rolecall/sigv4"
)

// Server is a running server.
type Server struct {
	config   Config
	state    *State
	audit    *audit.Log
	objects  *embedded.Store
	upstream *s3.Upstream
	http     *http.Server
	admin    *http.Server // nil without --admin-listen
	listener net.Listener
	served   chan error
	tending  sync.WaitGroup
	stopTend context.CancelFunc
	drain    time.Duration // how long Stop waits for requests
	once     sync.Once
	stopErr  error
}

// Limits of the HTTP server. Bodies have their own limits in the gate.
const (
	headerTimeout  = 10 * time.Second
	idleTimeout    = 2 * time.Minute
	writeTimeout   = 2 * time.Minute // the gate gives what is streamed more
	maxHeaderBytes = 256 << 10       // the gate refuses less, in AWS's words
	drainTimeout   = 25 * time.Second
	flushTimeout   = 5 * time.Second
)

// Start starts a server and returns when it is ready to answer. An error is one
// sentence for the operator.
func Start(ctx context.Context, config Config) (*Server, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	s := &Server{config: config, served: make(chan error, 1), drain: drainTimeout}
	if err := s.start(ctx); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	var err error
	if s.state, err = OpenState(ctx, s.config); err != nil {
		return err
	}
	if s.listener, err = net.Listen("tcp", s.config.Listen); err != nil {
		return fmt.Errorf("%w: set another --listen", err)
	}
	// The object store starts while the rest does.
	objects := make(chan error, 1)
	go func() {
		var err error
		s.objects, err = embedded.Start(ctx, embedded.Options{Dir: filepath.Join(s.state.Dir, "objects"), Log: s.config.Log})
		objects <- err
	}()
	err = s.prepare(ctx)
	if objectsErr := <-objects; err == nil && objectsErr != nil {
		err = fmt.Errorf("start the object store: %w", objectsErr)
	}
	if err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	handler, err := s.handler()
	if err != nil {
		return err
	}
	return s.serve(handler)
}

// connect makes the way to the object store.
func (s *Server) connect() error {
	id, secret, region := s.objects.Credentials()
	var err error
	s.upstream, err = s3.NewUpstream(s3.UpstreamConfig{
		Endpoint: s.objects.Socket(), Region: region, Keys: s3.PathKeys, Now: s.config.Now, Log: s.config.Log,
		Credentials: sigv4.Credentials{AccessKeyID: id, SecretAccessKey: sigv4.Secret(secret)},
	})
	return err
}

// prepare brings the state to where requests can be answered.
func (s *Server) prepare(ctx context.Context) error {
	if err := s.state.ensureFirst(ctx, s.config); err != nil {
		return err
	}
	var err error
	s.audit, err = audit.Open(audit.Options{Dir: filepath.Join(s.state.Dir, "audit"), Now: s.config.Now, Logger: s.config.Log})
	if err != nil {
		return fmt.Errorf("open the record: %w", err)
	}
	return nil
}

// handler joins the rows of all services to the gate.
func (s *Server) handler() (http.Handler, error) {
	st := s.state
	tokens, err := sts.New(st.IAM, st.Tokens)
	if err != nil {
		return nil, err
	}
	objects := s3.New(s3.Config{IAM: st.IAM, Buckets: st.Buckets, Upstream: s.upstream, Region: s.config.Region, Now: s.config.Now})
	rows := append(api.Rows(st.IAM, tokens, st.Clock), objects.Rows()...)
	metrics, err := s.startAdmin()
	if err != nil {
		return nil, err
	}
	g, err := gate.New(gate.Config{
		IAM: st.IAM, Tokens: st.Tokens, Audit: s.audit, Clock: st.Clock, Log: s.config.Log,
		Region: s.config.Region, TrustedProxies: s.config.TrustedProxies, Metrics: metrics,
	}, rows)
	if err != nil {
		return nil, err
	}
	return s.withHealth(g), nil
}

// withHealth answers /healthz (the process is alive) and /readyz (it can answer
// requests), which no bucket can be named after.
func (s *Server) withHealth(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz":
			answer(w, http.StatusOK, "ok\n")
		case "/readyz":
			select {
			case <-s.state.Mirror.Done():
				answer(w, http.StatusServiceUnavailable, "not following the store\n")
			default:
				answer(w, http.StatusOK, "ok\n")
			}
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

func (s *Server) serve(handler http.Handler) error {
	h := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, WriteTimeout: writeTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: quiet(s.config.Log),
	}
	if s.config.TLSCert != "" {
		config, err := tlsConfig(s.config.TLSCert, s.config.TLSKey)
		if err != nil {
			return err
		}
		h.TLSConfig = config
	}
	s.http = h // from here on it owns the listener
	if h.TLSConfig != nil {
		go func() { s.served <- s.http.ServeTLS(s.listener, "", "") }()
	} else {
		go func() { s.served <- s.http.Serve(s.listener) }()
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stopTend = cancel
	s.tending.Go(func() { s.tend(ctx) })
	return nil
}

// tend merges what was noted in memory into the store once a minute.
func (s *Server) tend(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.state.IAM.Flush(ctx); err != nil && ctx.Err() == nil {
				s.config.Log.Warn("last used was not stored", "cause", err)
			}
		}
	}
}

// URL is where clients point AWS_ENDPOINT_URL to.
func (s *Server) URL() string {
	scheme := "http"
	if s.config.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + s.listener.Addr().String()
}

// State gives access to what the server keeps.
func (s *Server) State() *State { return s.state }

// Wait returns when ctx ends, with nil, or when the server cannot go on.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.served:
		return fmt.Errorf("serve: %w", err)
	case <-s.state.Mirror.Done():
		return fmt.Errorf("the state can no longer be followed: %w", s.state.Mirror.Err())
	}
}

// Stop stops accepting requests, lets those under way finish, cuts those that
// take longer than drainTimeout, and closes everything in the reverse order of
// Start. It may be called more than once.
func (s *Server) Stop() error {
	s.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.drain)
		defer cancel()
		s.stopErr = s.http.Shutdown(ctx)
		if errors.Is(s.stopErr, context.DeadlineExceeded) {
			s.config.Log.Warn("requests that did not end were cut off", "after", s.drain)
			s.stopErr = s.http.Close()
		}
		s.stopTend()
		s.tending.Wait()
		flush, cancelFlush := context.WithTimeout(context.Background(), flushTimeout)
		defer cancelFlush()
		if err := s.state.IAM.Flush(flush); err != nil {
			s.config.Log.Warn("last used was not stored", "cause", err)
		}
		s.stopErr = errors.Join(s.stopErr, s.release())
	})
	return s.stopErr
}

// release closes what has been opened.
func (s *Server) release() error {
	var errs []error
	if s.http == nil && s.listener != nil {
		errs = append(errs, s.listener.Close())
	}
	if s.admin != nil {
		errs = append(errs, s.admin.Close())
	}
	if s.upstream != nil {
		s.upstream.Close()
	}
	if s.objects != nil {
		errs = append(errs, s.objects.Close())
	}
	if s.audit != nil {
		errs = append(errs, s.audit.Close())
	}
	if s.state != nil {
		errs = append(errs, s.state.Close())
	}
	return errors.Join(errs...)
}
