package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"

	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/internal/server"
	"rolecall.dev/rolecall/sigv4"
)

func (p *program) serveCommand() *cobra.Command {
	var config server.Config
	var proxies []string
	c := &cobra.Command{
		Use:   "serve --data-dir DIR",
		Short: "Serve STS, IAM and S3 on one listener",
		Long: `Serve STS, IAM and S3 on one listener. Point clients to it with AWS_ENDPOINT_URL.

The first start makes an account with an administrator and writes its access key to DIR/credentials. To choose the
key, set ROLECALL_ADMIN_ACCESS_KEY_ID and ROLECALL_ADMIN_SECRET_ACCESS_KEY. Secrets are stored under a master key: a
file in DIR by default, or --master-key-file, or ROLECALL_MASTER_KEY (base64).`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, text := range proxies {
				prefix, err := netip.ParsePrefix(text)
				if err != nil {
					return usageError{fmt.Errorf("--trusted-proxy %q is not an address range such as 10.0.0.0/8", text)}
				}
				config.TrustedProxies = append(config.TrustedProxies, prefix)
			}
			p.configFromEnvironment(&config)
			server.RelaxCollector(p.getenv)
			return p.serve(c.Context(), config)
		},
	}
	f := c.Flags()
	f.StringVar(&config.DataDir, "data-dir", "", "directory for everything that is kept (required)")
	f.StringVar(&config.Listen, "listen", "127.0.0.1:8420", "HOST:PORT to listen on")
	f.StringVar(&config.AdminListen, "admin-listen", "", "HOST:PORT for /metrics (off by default)")
	f.StringVar(&config.Region, "region", "us-east-1", "region of this server")
	f.StringVar(&config.AccountID, "account-id", "", "number of the first account (default 123456789012 on loopback, else random)")
	f.BoolVar(&config.ClockControl, "clock-control", false, "let an administrator move the clock forward, for tests")
	f.StringVar(&config.TLSCert, "tls-cert", "", "certificate file in PEM; read again when it changes")
	f.StringVar(&config.TLSKey, "tls-key", "", "key file in PEM")
	f.BoolVar(&config.InsecureHTTP, "insecure-http", false, "allow plain HTTP on an address that is not loopback")
	f.StringVar(&config.MasterKeyFile, "master-key-file", "", "file with the master key (default DIR/master.key)")
	f.StringArrayVar(&proxies, "trusted-proxy", nil, "address range of proxies whose X-Forwarded- headers count; may be repeated")
	return c
}

func (p *program) configFromEnvironment(config *server.Config) {
	config.AdminKeyID = p.getenv("ROLECALL_ADMIN_ACCESS_KEY_ID")
	config.AdminSecret = sigv4.Secret(p.getenv("ROLECALL_ADMIN_SECRET_ACCESS_KEY"))
	config.MasterKey = sigv4.Secret(p.getenv("ROLECALL_MASTER_KEY"))
	config.Log = slog.New(slog.NewTextHandler(p.stderr, nil))
}

func (p *program) serve(ctx context.Context, config server.Config) error {
	s, err := server.Start(ctx, config)
	if err != nil {
		return err
	}
	if config.ClockControl {
		fmt.Fprintln(p.stdout, "rolecall: --clock-control is on: an administrator can move the clock; this server is for tests")
	}
	fmt.Fprintf(p.stdout, "rolecall: credentials of the administrator are in %s\n", filepath.Join(s.State().Dir, "credentials"))
	fmt.Fprintf(p.stdout, "rolecall: listening on %s\n", s.URL())
	if err := s.Wait(ctx); err != nil {
		_ = s.Stop()
		return err
	}
	return s.Stop()
}
