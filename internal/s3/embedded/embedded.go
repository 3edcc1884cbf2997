package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
)

// accessKey is the name of the store's only user. It is written into every
// bucket as its owner, so it stays the same; the secret is new at each start.
const accessKey = "rolecall"

const (
	maxConnections = 10_000
	maxRequests    = 10_000
	// maxUnixPath is what the kernel allows in sockaddr_un, less the final NUL.
	maxUnixPath = 107
)

// Options says where a store lives.
type Options struct {
	// Dir is the store's own directory. It is made 0700 if it is absent.
	// A relative path is resolved once, at the start.
	Dir string
	// Region is the one that requests must be signed for; empty means us-east-1.
	Region string
	// Log receives faults of the store; nil means slog.Default().
	Log *slog.Logger
}

// Store is a running object store. It is safe for concurrent use.
type Store struct {
	socket    string
	secret    string
	region    string
	socketDir string
	server    *s3api.S3ApiServer
	backend   *backend
	done      chan error
}

// Start opens the store and returns when it accepts connections. The caller
// must hold whatever keeps a second process out of opts.Dir, and must Close.
func Start(ctx context.Context, opts Options) (*Store, error) {
	if opts.Region == "" {
		opts.Region = "us-east-1"
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	b, err := openBackend(dir, fsync, opts.Log)
	if err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	s := &Store{secret: rand.Text() + rand.Text(), region: opts.Region, backend: b, done: make(chan error, 1)}
	if err := s.listen(ctx, dir); err != nil {
		s.Close()
		return nil, fmt.Errorf("object store: %w", err)
	}
	return s, nil
}

// listen serves on a fresh socket and returns once it is bound.
func (s *Store) listen(ctx context.Context, dir string) error {
	var err error
	if s.socketDir, err = makeSocketDir(dir); err != nil {
		return err
	}
	s.socket = filepath.Join(s.socketDir, "s3")
	bound := make(chan struct{})
	root := auth.Account{Access: accessKey, Secret: s.secret, Role: auth.RoleAdmin}
	s.server, err = s3api.New(s.backend, middlewares.RootUserConfig{Access: accessKey, Secret: s.secret},
		s.region, auth.NewIAMServiceSingle(root), nil, nil, nil, nil,
		s3api.WithQuiet(), s3api.WithKeepAlive(), s3api.WithDisableACL(), s3api.WithSocketPerm(0o600),
		s3api.WithConcurrencyLimiter(maxConnections, maxRequests),
		s3api.WithOnListen(func() { close(bound) }))
	if err != nil {
		return err
	}
	go func() { s.done <- s.server.ServeMultiPort([]string{s.socket}) }()
	select {
	case <-bound:
		return s.awaitAnswer(ctx)
	case err := <-s.done:
		s.server = nil
		return fmt.Errorf("listen: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// awaitAnswer returns once the server has answered a request, with whatever
// error. The server says that it is bound shortly before it serves, and a
// shutdown in between would be lost.
func (s *Store) awaitAnswer(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", s.socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: store\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	_, err = io.ReadFull(conn, make([]byte, 1))
	return err
}

// makeSocketDir makes a fresh directory that only this user can enter, below
// dir if the socket's path fits into a socket address, else in a temporary
// directory. What an earlier process left in dir is removed.
func makeSocketDir(dir string) (string, error) {
	run := filepath.Join(dir, "run")
	if err := os.RemoveAll(run); err != nil {
		return "", err
	}
	if len(filepath.Join(run, "s3")) <= maxUnixPath {
		return run, os.Mkdir(run, 0o700)
	}
	for _, parent := range []string{os.TempDir(), "/tmp"} {
		tmp, err := os.MkdirTemp(parent, "rolecall-")
		if err != nil {
			continue
		}
		if len(filepath.Join(tmp, "s3")) <= maxUnixPath {
			return tmp, nil
		}
		os.Remove(tmp)
	}
	return "", fmt.Errorf("no directory has a path short enough for a socket: set TMPDIR to a shorter one: %w", fs.ErrInvalid)
}

// Socket returns the path of the unix socket. The file is 0600 in a directory that is 0700.
func (s *Store) Socket() string { return s.socket }

// Credentials returns the key pair and the region that requests to the store
// must be signed with.
func (s *Store) Credentials() (accessKeyID, secret, region string) {
	return accessKey, s.secret, s.region
}

// Close stops accepting, waits up to ten seconds for the requests at work, and
// removes the socket. Further calls do nothing.
func (s *Store) Close() error {
	var err error
	if s.server != nil {
		err = s.server.ShutDown()
		<-s.done // it always ends with an error: the listener is closed
		s.server = nil
	}
	if s.backend != nil {
		s.backend.Shutdown()
		s.backend = nil
	}
	if s.socketDir != "" {
		err = errors.Join(err, os.RemoveAll(s.socketDir))
		s.socketDir = ""
	}
	return err
}
