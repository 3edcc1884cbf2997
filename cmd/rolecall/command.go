package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"

	"rolecall.dev/rolecall/internal/client"
)

// The codes that shells give for commands that did not run (POSIX, 2.8.2).
const (
	cannotRun exitCode = 126
	notFound  exitCode = 127
)

// lookUp finds a command on PATH.
func (p *program) lookUp(name string) (string, error) {
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path, nil
	case errors.Is(err, fs.ErrPermission):
		return "", p.say(cannotRun, "run %s: it may not be executed", name)
	default:
		return "", p.say(notFound, "run %s: there is no such command", name)
	}
}

// replace makes the process the command: its exit code, its terminal and the
// signals sent to it are then the command's, without anything in between. It
// returns only if that fails.
func (p *program) replace(path string, command, environment []string) error {
	err := syscall.Exec(path, command, environment)
	return p.say(cannotRun, "run %s: %v", command[0], err)
}

func (p *program) say(code exitCode, format string, args ...any) error {
	fmt.Fprintf(p.stderr, "rolecall: "+format+"\n", args...)
	return code
}

// environment is what a command gets: the session's credentials, and with them
// the region and the server that they are for. The profile goes, since some
// programs put it before the credentials.
func environment(inherited []string, session *client.Session, caller *client.Client) []string {
	set := session.Variables()
	set = append(set, client.Variable{Name: "AWS_REGION", Value: caller.Region()}, client.Variable{Name: "AWS_DEFAULT_REGION", Value: caller.Region()})
	if endpoint := caller.Endpoint(); endpoint != "" {
		set = append(set, client.Variable{Name: "AWS_ENDPOINT_URL", Value: endpoint})
	}
	drop := map[string]bool{"AWS_PROFILE": true, "AWS_DEFAULT_PROFILE": true, "AWS_SECURITY_TOKEN": true, "AWS_CREDENTIAL_EXPIRATION": true}
	for _, v := range set {
		drop[v.Name] = true
	}
	var out []string
	for _, pair := range inherited {
		if name, _, _ := strings.Cut(pair, "="); !drop[name] {
			out = append(out, pair)
		}
	}
	for _, v := range set {
		out = append(out, v.Name+"="+v.Value)
	}
	return out
}
