package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rolecall.dev/rolecall/sigv4"
)

// drainCommand sends half a request, then a signal, and the other half when the
// server takes no more connections: the answer must come, and then the end with
// code 0. stdout is the answer. With a second signal in place of the other half
// the server must not wait for it.
func drainCommand(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	signals := map[string]syscall.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT}
	known := !slices.ContainsFunc(args, func(name string) bool { return signals[name] == 0 })
	noNegation(ts, neg, "drain SIGNAL [SIGNAL], while a server without TLS runs", known && 0 < len(args) && len(args) < 3 && w.server != nil)
	first, rest := halves(ts, w)
	address := strings.TrimPrefix(w.url, "http://")
	conn, err := net.Dial("tcp", address)
	ts.Check(err)
	defer conn.Close()
	_, err = conn.Write(first)
	ts.Check(err)
	// The kernel hands connections over in order: when a later one has been
	// answered, the server has this one too.
	ts.Check(w.ready(ts))

	p := w.server
	ts.Check(p.cmd.Process.Signal(signals[args[0]]))
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		other, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		_ = other.Close()
		if time.Now().After(deadline) {
			ts.Fatalf("the server still takes connections after SIG%s", args[0])
		}
	}
	if len(args) == 2 {
		w.server = nil
		ts.Check(p.cmd.Process.Signal(signals[args[1]]))
		err := p.wait()
		if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != signals[args[1]] {
			ts.Fatalf("the server ended with %v, not by the second signal", err)
		}
		return
	}
	_, err = conn.Write(rest)
	ts.Check(err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	ts.Check(err)
	defer response.Body.Close()
	_, err = io.Copy(ts.Stdout(), response.Body)
	ts.Check(err)
	w.server = nil
	ts.Check(p.wait())
	if response.StatusCode != http.StatusOK {
		ts.Fatalf("the request under way was answered %s", response.Status)
	}
}

// halves is a signed GetCallerIdentity in two parts, divided within its body.
func halves(ts *testscript.TestScript, w *world) (first, rest []byte) {
	body := "Action=GetCallerIdentity&Version=2011-06-15"
	r, err := http.NewRequest(http.MethodPost, w.url+"/", strings.NewReader(body))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ts.Check(sigv4.Sign(r, fromVariables(ts), sigv4.Target{Region: "us-east-1", Service: "sts"}, sigv4.HashPayload([]byte(body)), time.Now()))
	var b bytes.Buffer
	ts.Check(r.Write(&b))
	if !bytes.HasSuffix(b.Bytes(), []byte(body)) {
		ts.Fatalf("the request does not end with its body: %q", b.String())
	}
	middle := b.Len() - len(body)/2
	return b.Bytes()[:middle], b.Bytes()[middle:]
}
