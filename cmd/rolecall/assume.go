package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/internal/client"
)

// assumeFlags are the flags of rolecall assume as they were given.
type assumeFlags struct {
	client                            client.Options
	format                            string
	sessionName, duration, externalID string
	policy                            string
	policyARNs, tags, transitive      []string
	sourceIdentity, serial, tokenCode string
}

func (p *program) assumeCommand() *cobra.Command {
	var flags assumeFlags
	c := &cobra.Command{
		Use:   "assume ROLE_ARN [flags] [-- COMMAND ARGS...]",
		Short: "Print credentials of a role, or run a command with them",
		Long: `Assume a role and print its credentials, or run COMMAND with them in its environment.

The credentials to call with, the region and the server come from the usual profiles and AWS_ variables; without an
endpoint the server is AWS. Credentials are printed on a terminal too, since they are what was asked for and do not
last; with -- COMMAND they are not shown at all.

Exit codes: 0 done; 1 refused, or no answer; 2 the command line was not understood; with COMMAND its own code, 126 if it
cannot be run and 127 if there is no such command. COMMAND takes the place of this process, so signals reach it.`,
		Example: `  eval "$(rolecall assume arn:aws:iam::123456789012:role/example-role)"
  rolecall assume arn:aws:iam::123456789012:role/example-role --duration 15m -- aws s3 ls
  credential_process = rolecall assume arn:aws:iam::123456789012:role/example-role --format process`,
		Args: assumeArguments,
		RunE: func(c *cobra.Command, args []string) error {
			return p.assume(c.Context(), args[0], args[1:], flags)
		},
	}
	f := c.Flags()
	f.StringVar(&flags.format, "format", "env", "what to print: env (lines for a shell), json (as aws sts assume-role) or process (for credential_process)")
	f.StringVar(&flags.sessionName, "session-name", "", "name of the session (default rolecall-USER)")
	f.StringVar(&flags.duration, "duration", "", "how long the credentials last, such as 15m, 1h or 900 (default an hour)")
	f.StringVar(&flags.externalID, "external-id", "", "external id that the role's trust policy asks for")
	f.StringVar(&flags.policy, "policy", "", "session policy: JSON, or file://FILE or @FILE")
	f.StringArrayVar(&flags.policyARNs, "policy-arn", nil, "managed policy that limits the session; may be repeated")
	f.StringArrayVar(&flags.tags, "tag", nil, "session tag KEY=VALUE; may be repeated")
	f.StringArrayVar(&flags.transitive, "transitive-tag-key", nil, "key of a tag that chained sessions keep; may be repeated")
	f.StringVar(&flags.sourceIdentity, "source-identity", "", "source identity, which stays through chained sessions")
	f.StringVar(&flags.serial, "serial-number", "", "MFA device; with --token-code")
	f.StringVar(&flags.tokenCode, "token-code", "", "code of the MFA device")
	addClientFlags(c, &flags.client)
	return c
}

// addClientFlags are for commands that talk to a server.
func addClientFlags(c *cobra.Command, o *client.Options) {
	c.Flags().StringVar(&o.Endpoint, "endpoint", "", "URL of the server (default AWS_ENDPOINT_URL)")
	c.Flags().StringVar(&o.Profile, "profile", "", "profile whose credentials to use (default AWS_PROFILE)")
}

// client is a client that may ask for the code of an MFA device.
func (p *program) client(ctx context.Context, o client.Options) (*client.Client, error) {
	if isTerminal(p.stdin) {
		o.TokenCode = p.askTokenCode
	}
	return client.New(ctx, o)
}

// askTokenCode asks on stderr: what goes to stdout may be read by a shell.
func (p *program) askTokenCode() (string, error) {
	fmt.Fprint(p.stderr, "rolecall: code of the MFA device: ")
	line, err := bufio.NewReader(p.stdin).ReadString('\n') // a terminal gives a line at a time
	return strings.TrimSpace(line), err
}

// assumeArguments takes one role, and a command after --.
func assumeArguments(c *cobra.Command, args []string) error {
	own := c.ArgsLenAtDash()
	if own < 0 {
		own = len(args)
	}
	switch {
	case own == 0:
		return usageError{errors.New("which role? give its ARN, such as arn:aws:iam::123456789012:role/example-role")}
	case own > 1:
		return usageError{fmt.Errorf("unexpected argument %q: a command goes after --", args[1])}
	case c.ArgsLenAtDash() >= 0 && len(args) == own:
		return usageError{errors.New("no command after --")}
	case len(args) > own && c.Flags().Changed("format"):
		return usageError{errors.New("--format and a command contradict each other: leave one of them out")}
	}
	return nil
}

func (p *program) assume(ctx context.Context, role string, command []string, flags assumeFlags) error {
	format, err := client.ParseFormat(flags.format)
	if err != nil {
		return usageError{err}
	}
	in, err := p.assumeInput(role, flags)
	if err != nil {
		return err
	}
	var path string
	if len(command) > 0 { // no session is made for a command that is not there
		if path, err = p.lookUp(command[0]); err != nil {
			return err
		}
	}
	caller, err := p.client(ctx, flags.client)
	if err != nil {
		return err
	}
	session, err := caller.AssumeRole(ctx, in)
	if err != nil {
		return failed("assume "+role, err)
	}
	if len(command) > 0 {
		return p.replace(path, command, environment(os.Environ(), session, caller))
	}
	if err := session.Write(p.stdout, format); err != nil {
		return err
	}
	if format == client.Env && flags.client.Endpoint != "" {
		return client.WriteExports(p.stdout, []client.Variable{{Name: "AWS_ENDPOINT_URL", Value: flags.client.Endpoint}})
	}
	return nil
}

// failed is one line about a call that did not work, with what to do about it.
func failed(what string, err error) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if hint := client.Hint(err); hint != "" {
		return fmt.Errorf("%s: %s (%s)", what, text, hint)
	}
	return fmt.Errorf("%s: %s", what, text)
}

// assumeInput turns flags into the request. What the service checks is left to it.
func (p *program) assumeInput(role string, flags assumeFlags) (*sts.AssumeRoleInput, error) {
	in := &sts.AssumeRoleInput{
		RoleArn: &role, RoleSessionName: &flags.sessionName, ExternalId: optional(flags.externalID),
		SourceIdentity: optional(flags.sourceIdentity), SerialNumber: optional(flags.serial), TokenCode: optional(flags.tokenCode),
		TransitiveTagKeys: flags.transitive,
	}
	if flags.sessionName == "" {
		in.RoleSessionName = aws.String(defaultSessionName(p.getenv("USER")))
	}
	if (flags.serial == "") != (flags.tokenCode == "") {
		return nil, usageError{errors.New("--serial-number and --token-code go together")}
	}
	var err error
	if in.DurationSeconds, err = parseSessionDuration(flags.duration); err != nil {
		return nil, usageError{err}
	}
	if in.Policy, err = readPolicy(flags.policy); err != nil {
		return nil, err
	}
	for _, arn := range flags.policyARNs {
		in.PolicyArns = append(in.PolicyArns, types.PolicyDescriptorType{Arn: &arn})
	}
	for _, tag := range flags.tags {
		key, value, ok := strings.Cut(tag, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("--tag %q is not KEY=VALUE", tag)}
		}
		in.Tags = append(in.Tags, types.Tag{Key: &key, Value: &value})
	}
	return in, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// notInSessionNames is what the service refuses in a session name.
var notInSessionNames = regexp.MustCompile(`[^\w+=,.@-]`)

// defaultSessionName lets the record tell who it was.
func defaultSessionName(user string) string {
	name := "rolecall"
	if user = notInSessionNames.ReplaceAllString(user, ""); user != "" {
		name += "-" + user
	}
	return name[:min(len(name), 64)]
}

// parseSessionDuration takes 15m, 1h or whole seconds; nothing is nil.
func parseSessionDuration(text string) (*int32, error) {
	if text == "" {
		return nil, nil
	}
	d, err := parseDuration(text)
	if err != nil {
		return nil, fmt.Errorf("--duration %q is not a duration such as 15m, 1h or 900", text)
	}
	seconds := d / time.Second
	if int64(seconds) != int64(int32(seconds)) {
		return nil, fmt.Errorf("--duration %q is too long", text)
	}
	return aws.Int32(int32(seconds)), nil
}

// parseDuration takes a duration of Go's in whole seconds, or a number of seconds.
func parseDuration(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		text = fmt.Sprint(seconds, "s")
	}
	d, err := time.ParseDuration(text)
	if err == nil && (d <= 0 || d%time.Second != 0) {
		err = errors.New("not a positive number of whole seconds")
	}
	return d, err
}

// readPolicy takes a document, or where it is.
func readPolicy(text string) (*string, error) {
	name, isFile := strings.CutPrefix(text, "file://")
	if !isFile {
		name, isFile = strings.CutPrefix(text, "@")
	}
	if !isFile {
		return optional(text), nil
	}
	document, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read --policy: %w", err)
	}
	return aws.String(string(document)), nil
}
