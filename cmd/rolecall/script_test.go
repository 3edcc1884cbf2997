package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rolecall": main, "aws-sdk-go": goSDK})
}

// TestScripts runs testdata/script/*.txtar, each in a directory of its own and
// against a server of its own. Beside the commands of testscript there are:
//
//	serve [FLAGS]                  start a server on a free port with $WORK/data, set AWS_ENDPOINT_URL, become admin
//	! serve [FLAGS]                a start that is refused; stdout and stderr hold what it said
//	shutdown                       SIGTERM; the server must end with code 0
//	drain SIGNAL [SIGNAL]          a signal in the middle of a request, which must be answered; stdout is the answer;
//	                               or a second signal, after which the server must not wait
//	crash                          SIGKILL
//	restart [FLAGS]                shut down (if it runs) and serve again with the flags of before, on a new port
//	creds NAME FILE                keep credentials found in FILE (often stdout) in any form: JSON, XML, exports, ini
//	as NAME                        use kept credentials from now on; "as nobody" uses none
//	clock +DURATION                move the server's clock, as the administrator
//	[!] call SERVICE ACTION K=V…   a signed call as the current identity; stdout is the answer; K:=V is raw JSON;
//	                               with !, stderr is "Code: message" (iam, sts: query; organizations, rolecall: JSON 1.1)
//	[!] http [-status N] [-sign SERVICE] [-body FILE] METHOD PATH ['Name: value'…]
//	                               stdout is the body, stderr the status line and the headers; succeeds on 2xx or N
//	capture NAME FILE [MEMBER…]    set a variable to FILE, or to a member of the JSON in it
//	certificate CERT KEY           make a certificate for 127.0.0.1 that is its own authority
//
// Kept credentials are also profiles: rolecall and aws take --profile NAME. The
// conditions [aws] and [boto3] hold where these programs work. $ROLE is the
// beginning of the ARN of a role of the first account, $ASSUME_ANY a policy.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:       filepath.Join("testdata", "script"),
		Setup:     setUp,
		Condition: installed,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"as":          asCommand,
			"call":        callCommand,
			"capture":     captureCommand,
			"certificate": certificateCommand,
			"clock":       clockCommand,
			"crash":       crashCommand,
			"creds":       credsCommand,
			"drain":       drainCommand,
			"http":        httpCommand,
			"restart":     restartCommand,
			"serve":       serveCommand,
			"shutdown":    shutdownCommand,
		},
		RequireUniqueNames: true,
	})
}

// world is what a script has besides its directory.
type world struct {
	server     *process
	flags      []string // of the last serve
	url        string
	identities identities
}

type worldKey struct{}

func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

// setUp gives a script the same surroundings on every machine.
func setUp(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, "home")
	if err := os.MkdirAll(filepath.Join(home, ".aws"), 0o700); err != nil {
		return err
	}
	path, pythonPath, err := olderClients(e.WorkDir)
	if err != nil {
		return err
	}
	if path != "" {
		e.Setenv("PATH", path+string(filepath.ListSeparator)+e.Getenv("PATH"))
	}
	for name, value := range map[string]string{
		"HOME": home, "PYTHONPATH": pythonPath, "USER": "tester",
		"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "2",
		"NODE_MODULES": nodeModules(), "TERRAFORM_PROVIDERS": terraformProviders(),
		"ROLE": "arn:aws:iam::123456789012:role", "ASSUME_ANY": assumeAny,
	} {
		e.Setenv(name, value)
	}
	w := &world{identities: identities{file: filepath.Join(home, ".aws", "credentials")}}
	e.Values[worldKey{}] = w
	e.Defer(w.kill)
	return nil
}

// assumeAny is the policy of callers whose permission is not what a script is about.
const assumeAny = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"],"Resource":"*"}]}`

// noNegation is for commands that can only succeed.
func noNegation(ts *testscript.TestScript, neg bool, usage string, ok bool) {
	if neg || !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

func hasFlag(args []string, name string) bool {
	for _, a := range args {
		if a == name || strings.HasPrefix(a, name+"=") {
			return true
		}
	}
	return false
}
