package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a start, a refusal or a stop may take on a busy machine.
const patience = 60 * time.Second

// process is a server under test.
type process struct {
	cmd    *exec.Cmd
	url    chan string // gets the URL once the server says it; closed at the end of its output
	done   chan struct{}
	err    error // set before done is closed
	stderr bytes.Buffer

	mu     sync.Mutex // guards stdout
	stdout bytes.Buffer
}

// serverVariables are the variables that a server and its runtime look at.
var serverVariables = []string{
	"ROLECALL_ADMIN_ACCESS_KEY_ID", "ROLECALL_ADMIN_SECRET_ACCESS_KEY", "ROLECALL_MASTER_KEY",
	"PATH", "HOME", "TMPDIR", "GOCOVERDIR", "GORACE", "GOTRACEBACK",
}

// start runs rolecall serve in the script's directory.
func start(ts *testscript.TestScript, flags []string) *process {
	path, err := exec.LookPath("rolecall")
	ts.Check(err)
	p := &process{cmd: exec.Command(path, append([]string{"serve"}, flags...)...), url: make(chan string, 1), done: make(chan struct{})}
	p.cmd.Dir = ts.MkAbs(".")
	for _, name := range serverVariables {
		if value := ts.Getenv(name); value != "" {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(p.cmd.Start())
	go p.follow(out)
	return p
}

// follow reads what the server says until it ends.
func (p *process) follow(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.mu.Lock()
		p.stdout.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		if url, ok := strings.CutPrefix(lines.Text(), "rolecall: listening on "); ok {
			p.url <- url
		}
	}
	p.err = p.cmd.Wait()
	close(p.url)
	close(p.done)
}

// wait waits for the end of the process.
func (p *process) wait() error {
	select {
	case <-p.done:
		return p.err
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("the server did not end within %s", patience)
	}
}

// say makes what the server said the output of a script's command.
func (p *process) say(ts *testscript.TestScript) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = ts.Stdout().Write(p.stdout.Bytes())
	select {
	case <-p.done:
		_, _ = ts.Stderr().Write(p.stderr.Bytes())
	default: // still written to
	}
}

func serveCommand(ts *testscript.TestScript, neg bool, args []string) {
	flags := slices.Clone(args)
	if !hasFlag(flags, "--data-dir") {
		flags = append(flags, "--data-dir", filepath.Join(ts.Getenv("WORK"), "data"))
	}
	if !hasFlag(flags, "--listen") {
		flags = append(flags, "--listen", "127.0.0.1:0")
	}
	w := worldOf(ts)
	if neg {
		refused(ts, flags)
		return
	}
	if w.server != nil {
		ts.Fatalf("a server runs already: shutdown or crash comes first")
	}
	w.flags = flags
	w.serve(ts)
	w.identities.use(ts, "admin")
}

// serve starts the server and points clients to it.
func (w *world) serve(ts *testscript.TestScript) {
	w.server = start(ts, w.flags)
	select {
	case url, ok := <-w.server.url:
		if !ok {
			w.server.say(ts)
			w.server = nil
			ts.Fatalf("the server did not start")
		}
		w.url = url
	case <-time.After(patience):
		ts.Fatalf("the server was not ready within %s", patience)
	}
	w.server.say(ts)
	ts.Setenv("AWS_ENDPOINT_URL", w.url)
	ts.Setenv("ROLECALL_URL", w.url)
	ts.Check(w.ready(ts))
	credentials, err := os.ReadFile(filepath.Join(w.dataDir(ts), "credentials"))
	ts.Check(err)
	ts.Check(w.identities.keep("admin", string(credentials)))
}

// dataDir is the directory of the last serve.
func (w *world) dataDir(ts *testscript.TestScript) string {
	for i, flag := range w.flags {
		if value, ok := strings.CutPrefix(flag, "--data-dir="); ok {
			return ts.MkAbs(value)
		}
		if flag == "--data-dir" && i+1 < len(w.flags) {
			return ts.MkAbs(w.flags[i+1])
		}
	}
	return ""
}

// ready asks what a supervisor would ask.
func (w *world) ready(ts *testscript.TestScript) error {
	response, err := httpClient(ts).Get(w.url + "/readyz")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz answers %s", response.Status)
	}
	return nil
}

// refused runs a start that must fail.
func refused(ts *testscript.TestScript, flags []string) {
	p := start(ts, flags)
	select {
	case _, started := <-p.url:
		if started {
			_ = p.cmd.Process.Kill()
			<-p.done
			ts.Fatalf("the server started")
		}
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
	}
	<-p.done
	p.say(ts)
	var code *exec.ExitError
	if !errors.As(p.err, &code) || !code.Exited() {
		ts.Fatalf("the server ended with %v", p.err)
	}
}

func shutdownCommand(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg, "shutdown", len(args) == 0)
	worldOf(ts).shutdown(ts)
}

func (w *world) shutdown(ts *testscript.TestScript) {
	if w.server == nil {
		ts.Fatalf("no server runs")
	}
	p := w.server
	w.server = nil
	ts.Check(p.cmd.Process.Signal(syscall.SIGTERM))
	err := p.wait()
	p.say(ts)
	ts.Check(err)
}

func crashCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	noNegation(ts, neg, "crash", len(args) == 0 && w.server != nil)
	w.kill()
}

// kill ends a server that still runs, at once.
func (w *world) kill() {
	if w.server == nil {
		return
	}
	_ = w.server.cmd.Process.Kill()
	<-w.server.done
	w.server = nil
}

func restartCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	noNegation(ts, neg, "restart [FLAGS], after serve", len(w.flags) > 0)
	if w.server != nil {
		w.shutdown(ts)
	}
	if len(args) > 0 {
		serveCommand(ts, false, args)
		return
	}
	w.serve(ts)
	w.identities.use(ts, w.identities.current)
}

func clockCommand(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg, "clock +DURATION", len(args) == 1 && strings.HasPrefix(args[0], "+"))
	by, err := parseDuration(strings.TrimPrefix(args[0], "+"))
	ts.Check(err)
	w := worldOf(ts)
	moved, err := w.identities.client(w.url, "admin").AdvanceClock(context.Background(), by)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s ahead\n", moved.Offset)
}
