package server

import (
	"crypto/tls"
	"fmt"
	"log"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a key pair in files, read again when one of them changed.
type certificate struct {
	certFile, keyFile string

	mu      sync.Mutex // guards the fields below
	pair    *tls.Certificate
	changed [2]time.Time
	looked  time.Time
}

// lookAgain is how often the files are looked at.
const lookAgain = time.Second

// tlsConfig serves a certificate from files. A pair that cannot be read stops
// the start; later, the old pair stays in use until a new one can be read.
func tlsConfig(certFile, keyFile string) (*tls.Config, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile}
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("read --tls-cert and --tls-key: %w", err)
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.get(), nil },
	}, nil
}

func (c *certificate) get() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) > lookAgain {
		c.looked = now
		if c.times() != c.changed {
			_ = c.load() // half-written files: the next look tries again
		}
	}
	return c.pair
}

func (c *certificate) load() error {
	changed := c.times()
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.pair, c.changed = &pair, changed
	return nil
}

func (c *certificate) times() (t [2]time.Time) {
	for i, name := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(name); err == nil {
			t[i] = info.ModTime()
		}
	}
	return t
}

// quiet sends what net/http has to say to the log at debug level: it is about
// clients that went away.
func quiet(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
