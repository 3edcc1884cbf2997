package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/sigv4"
)

// Config says how to run. DataDir and Listen are needed; the zero value of
// everything else is a default that is safe.
type Config struct {
	DataDir string
	Listen  string // HOST:PORT
	// AdminListen is HOST:PORT for /metrics; empty means no such listener.
	AdminListen string
	Region      string // us-east-1 if empty
	// AccountID is the number of the first account. Empty: 123456789012 on
	// loopback, random otherwise.
	AccountID string
	// ClockControl lets an administrator move the clock.
	ClockControl bool
	// TLSCert and TLSKey are files, read again when they change.
	TLSCert, TLSKey string
	// InsecureHTTP allows plain HTTP on an address that is not loopback.
	InsecureHTTP   bool
	TrustedProxies []netip.Prefix
	// AdminKeyID and AdminSecret are the administrator's of a first start;
	// empty ones are made up. At later starts they must be the same or empty.
	AdminKeyID  string
	AdminSecret sigv4.Secret
	// MasterKeyFile is a file outside of DataDir; MasterKey is base64. Empty
	// ones mean a file in DataDir, made at the first start.
	MasterKeyFile string
	MasterKey     sigv4.Secret
	// Log gets what an operator should see; nil is silent.
	Log *slog.Logger
	// Now is the real clock; nil is time.Now.
	Now func() time.Time
}

const (
	defaultRegion  = "us-east-1"
	exampleAccount = arn.AccountID("123456789012")
)

// check finds what is missing, contradictory or unsafe.
func (c *Config) check() error {
	if c.Region == "" {
		c.Region = defaultRegion
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	switch {
	case c.DataDir == "":
		return errors.New("no data directory: set --data-dir")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key go together: set both or neither")
	case (c.AdminKeyID == "") != (c.AdminSecret == ""):
		return errors.New("ROLECALL_ADMIN_ACCESS_KEY_ID and ROLECALL_ADMIN_SECRET_ACCESS_KEY go together: set both or neither")
	case c.AdminKeyID != "" && !plainKeyID(c.AdminKeyID):
		return errors.New("ROLECALL_ADMIN_ACCESS_KEY_ID must be 16 to 128 letters and digits")
	case c.AdminSecret != "" && len(c.AdminSecret) < 16:
		return errors.New("ROLECALL_ADMIN_SECRET_ACCESS_KEY must have at least 16 characters")
	case c.MasterKeyFile != "" && c.MasterKey != "":
		return errors.New("--master-key-file and ROLECALL_MASTER_KEY contradict each other: set one of them")
	case strings.Trim(c.Region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return fmt.Errorf("--region %q is not a name such as us-east-1", c.Region)
	case c.AccountID != "" && !arn.IsAccountID(c.AccountID):
		return fmt.Errorf("--account-id %q is not twelve digits", c.AccountID)
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("--listen %q is not HOST:PORT", c.Listen)
	}
	if !loopback(host) && c.TLSCert == "" && !c.InsecureHTTP {
		return fmt.Errorf("--listen %s would serve plain HTTP to the network: set --tls-cert and --tls-key, or --insecure-http behind a proxy that has TLS", c.Listen)
	}
	if c.AdminListen == "" {
		return nil
	}
	host, _, err = net.SplitHostPort(c.AdminListen)
	switch {
	case err != nil:
		return fmt.Errorf("--admin-listen %q is not HOST:PORT", c.AdminListen)
	case c.AdminListen == c.Listen:
		return errors.New("--admin-listen and --listen are the same: metrics are never on the public listener")
	case !loopback(host) && !c.InsecureHTTP:
		return fmt.Errorf("--admin-listen %s would serve metrics to the network in plain HTTP: use a loopback address, or --insecure-http", c.AdminListen)
	}
	return nil
}

// loopback reports whether a listener on host is reached from this machine only.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// plainKeyID is the pattern of an access key id in AWS's models.
func plainKeyID(id string) bool {
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '_' {
			return false
		}
	}
	return len(id) >= 16 && len(id) <= 128
}
