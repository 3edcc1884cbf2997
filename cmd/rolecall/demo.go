package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/internal/client"
	"rolecall.dev/rolecall/internal/server"
	"rolecall.dev/rolecall/sigv4"
)

func (p *program) demoCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play the whole story on a throwaway server: assume a role, use it, watch it expire",
		Long: `Start a throwaway server with two accounts, assume a role from one in the other, use the credentials, let the clock
pass their end, and be denied; then three requests that are denied for other reasons. Every step is a real request, and
its answer is compared with the one that it should have.

On a terminal the server stays up afterwards, with credentials to try, until you interrupt it.

Exit codes: 0 every step came out as it should; 1 one did not, or the server did not start.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return p.demo(c.Context(), asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object for each step, and exit")
	return c
}

// demo runs the demonstration and leaves nothing behind.
func (p *program) demo(ctx context.Context, asJSON bool) (err error) {
	begin := time.Now()
	dir, err := os.MkdirTemp("", "rolecall-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	admin := sigv4.Credentials{AccessKeyID: "AKIA" + rand.Text()[:16], SecretAccessKey: sigv4.Secret(rand.Text() + rand.Text())[:40]}
	s, err := server.Start(ctx, server.Config{
		DataDir: filepath.Join(dir, "data"), Listen: "127.0.0.1:0", ClockControl: true,
		AdminKeyID: admin.AccessKeyID, AdminSecret: admin.SecretAccessKey,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	set, err := setStage(ctx, s.URL(), admin)
	if err != nil {
		return failed("prepare the accounts", err)
	}

	terminal := isTerminal(p.stdout)
	var out reporter = &table{w: p.stdout, colour: terminal && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"}
	if asJSON {
		out = jsonLines{p.stdout}
	}
	out.begin(set)
	if !play(ctx, set, out) {
		return exitCode(1)
	}
	out.end(time.Since(begin))
	if terminal && !asJSON {
		return p.stay(ctx, s, set)
	}
	return nil
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// play runs the steps in order and tells whether all came out as they should.
// One that did not is the last: the ones after it build on it.
func play(ctx context.Context, set *stage, out reporter) bool {
	for _, step := range newStory(set).steps() {
		r := step.play(ctx)
		out.row(r)
		if !r.OK {
			return false
		}
	}
	return true
}

// stay keeps the server up for whoever wants to try.
func (p *program) stay(ctx context.Context, s *server.Server, set *stage) error {
	session, err := set.alice.AssumeRole(ctx, set.assume(set.role, time.Hour))
	if err != nil {
		return failed("assume "+set.role, err)
	}
	fmt.Fprint(p.stdout, "\nThe server stays up until you interrupt it. In another terminal:\n\n")
	variables := append(session.Variables(),
		client.Variable{Name: "AWS_ENDPOINT_URL", Value: set.url}, client.Variable{Name: "AWS_DEFAULT_REGION", Value: "us-east-1"})
	if err := client.WriteExports(p.stdout, variables); err != nil {
		return err
	}
	credentials := filepath.Join(s.State().Dir, "credentials")
	fmt.Fprintf(p.stdout, `
aws sts get-caller-identity
aws s3 ls
aws s3 cp s3://%s/%s -

Then let an hour pass, and try again:

AWS_SHARED_CREDENTIALS_FILE=%s %s clock advance 1h --profile default
aws s3 ls
`, set.bucket, objectKey, credentials, os.Args[0])
	return s.Wait(ctx)
}
