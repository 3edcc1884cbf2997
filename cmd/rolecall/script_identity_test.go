package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"rolecall.dev/rolecall/internal/client"
	"rolecall.dev/rolecall/sigv4"
)

// identities are the credentials that a script has collected.
type identities struct {
	file    string // the shared credentials file, with a profile for each
	kept    map[string]sigv4.Credentials
	current string
}

// nobody has no credentials.
const nobody = "nobody"

// Credentials are found by the names that all their printed forms share.
var (
	accessKeyID     = regexp.MustCompile(`(?i)access_?key_?id["'>:=\s]+([A-Z0-9]+)`)
	secretAccessKey = regexp.MustCompile(`(?i)secret_?access_?key["'>:=\s]+([A-Za-z0-9/+=]+)`)
	sessionToken    = regexp.MustCompile(`(?i)session_?token["'>:=\s]+([A-Za-z0-9/+=]+)`)
)

// keep finds credentials in a text and keeps them under a name.
func (i *identities) keep(name, text string) error {
	find := func(r *regexp.Regexp) string {
		if m := r.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		return ""
	}
	c := sigv4.Credentials{AccessKeyID: find(accessKeyID), SecretAccessKey: sigv4.Secret(find(secretAccessKey)), SessionToken: find(sessionToken)}
	if c.AccessKeyID == "" || c.SecretAccessKey == "" {
		return fmt.Errorf("no credentials of %s in: %s", name, text)
	}
	if i.kept == nil {
		i.kept = map[string]sigv4.Credentials{}
	}
	i.kept[name] = c
	return i.write()
}

func (i *identities) write() error {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(i.kept)) {
		c := i.kept[name]
		fmt.Fprintf(&b, "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n", name, c.AccessKeyID, string(c.SecretAccessKey))
		if c.SessionToken != "" {
			fmt.Fprintf(&b, "aws_session_token = %s\n", c.SessionToken)
		}
	}
	return os.WriteFile(i.file, []byte(b.String()), 0o600)
}

// use sets the variables that clients read.
func (i *identities) use(ts *testscript.TestScript, name string) {
	c, ok := i.kept[name]
	if !ok && name != nobody {
		ts.Fatalf("no credentials of %s are kept: have %q", name, slices.Sorted(maps.Keys(i.kept)))
	}
	i.current = name
	ts.Setenv("AWS_ACCESS_KEY_ID", c.AccessKeyID)
	ts.Setenv("AWS_SECRET_ACCESS_KEY", string(c.SecretAccessKey))
	ts.Setenv("AWS_SESSION_TOKEN", c.SessionToken)
}

// client makes calls as one of them.
func (i *identities) client(url, name string) *client.Client { return client.With(url, i.kept[name]) }

func asCommand(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg, "as NAME", len(args) == 1)
	worldOf(ts).identities.use(ts, args[0])
}

func credsCommand(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg, "creds NAME FILE", len(args) == 2 && args[0] != nobody)
	ts.Check(worldOf(ts).identities.keep(args[0], ts.ReadFile(args[1])))
}

// fromVariables are the credentials that a client of the script would use.
func fromVariables(ts *testscript.TestScript) sigv4.Credentials {
	return sigv4.Credentials{
		AccessKeyID:     ts.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: sigv4.Secret(ts.Getenv("AWS_SECRET_ACCESS_KEY")),
		SessionToken:    ts.Getenv("AWS_SESSION_TOKEN"),
	}
}
