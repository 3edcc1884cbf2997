package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/s3"
	"rolecall.dev/rolecall/sigv4"
)

// Benchmarks measure the CPU time of a server in a process of its own, and tests
// kill one: the test binary, started again with these variables.
const (
	childMode    = "SERVER_BENCH_CHILD"   // a data directory, or "bare:BYTES", or "bare:BYTES:SOCKET"
	childStore   = "SERVER_BENCH_STORE"   // a socket to take objects from, instead of the server's own store
	childProfile = "SERVER_BENCH_PROFILE" // a file for the CPU profile of the child
)

func TestMain(m *testing.M) {
	if mode := os.Getenv(childMode); mode != "" {
		if err := runChild(mode); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runChild serves until its standard input ends. It prints its address and, for
// each line on standard input, its CPU time in nanoseconds and its live heap in
// bytes.
func runChild(mode string) error {
	if name := os.Getenv(childProfile); name != "" && !strings.HasPrefix(mode, "bare:") {
		f, err := os.Create(name)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	if what, bare := strings.CutPrefix(mode, "bare:"); bare {
		size, socket, _ := strings.Cut(what, ":")
		return serveBare(size, socket)
	}
	RelaxCollector(os.Getenv)
	s, err := Start(context.Background(), Config{
		DataDir: mode, Listen: "127.0.0.1:0", AdminKeyID: adminID, AdminSecret: adminSecret,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	if socket := os.Getenv(childStore); socket != "" {
		if err := s.takeFrom(socket); err != nil {
			return err
		}
	}
	if err := reportUsage(s.listener.Addr()); err != nil {
		return err
	}
	return s.Stop()
}

// takeFrom makes a server that has had no request yet take objects from another
// store than its own.
func (s *Server) takeFrom(socket string) error {
	id, secret, region := s.objects.Credentials()
	var err error
	s.upstream, err = s3.NewUpstream(s3.UpstreamConfig{
		Endpoint: socket, Region: region, Keys: s3.PathKeys, Now: s.config.Now, Log: s.config.Log,
		Credentials: sigv4.Credentials{AccessKeyID: id, SecretAccessKey: sigv4.Secret(secret)},
	})
	if err != nil {
		return err
	}
	s.http.Handler, err = s.handler()
	return err
}

// serveBare answers every request with a constant after reading its body: what
// net/http alone costs, under Go's own settings. It listens on a socket if there
// is one, and then has the headers of an object.
func serveBare(size, socket string) error {
	n, err := strconv.Atoi(size)
	if err != nil {
		return err
	}
	answer := []byte(strings.Repeat("x", n))
	network, address := "tcp", "127.0.0.1:0"
	if socket != "" {
		network, address = "unix", socket
	}
	ln, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	go func() {
		_ = http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
			w.Header().Set("Content-Type", "text/xml")
			w.Header().Set("X-Amzn-Requestid", "c6104cbe-af31-11e0-8154-cbc7ccf896c7")
			if socket != "" {
				w.Header().Set("Etag", `"c6104cbeaf3111e08154cbc7ccf896c7"`)
				w.Header().Set("Last-Modified", "Wed, 04 Mar 2026 12:00:00 GMT")
			}
			_, _ = w.Write(answer)
		}))
	}()
	return reportUsage(ln.Addr())
}

func reportUsage(address net.Addr) error {
	fmt.Println(address)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			return err
		}
		heap := uint64(0)
		if in.Text() == "heap" {
			runtime.GC()
			debug.FreeOSMemory()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			heap = m.HeapAlloc
		}
		fmt.Println(usage.Utime.Nano()+usage.Stime.Nano(), heap)
	}
	return nil
}

// child is a server in a process of its own.
type child struct {
	b       testing.TB
	address string
	ready   time.Duration // from the start of the process to the first answer
	cmd     *exec.Cmd
	ended   sync.Once
	stdin   io.WriteCloser
	lines   *bufio.Scanner
	conns   []*wireConn
}

func spawn(b testing.TB, mode string) *child {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childMode+"="+mode)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	c := &child{b: b, cmd: cmd, stdin: stdin, lines: bufio.NewScanner(stdout)}
	if !c.lines.Scan() {
		b.Fatal("the child did not start")
	}
	c.address, c.ready = c.lines.Text(), time.Since(began)
	b.Cleanup(c.end)
	return c
}

// end stops the child and waits for it.
func (c *child) end() {
	c.ended.Do(func() {
		for _, conn := range c.conns {
			_ = conn.Close()
		}
		_ = c.stdin.Close()
		if err := c.cmd.Wait(); err != nil {
			c.b.Error(err)
		}
	})
}

// usage asks for the CPU time used so far and, if what is "heap", the live heap.
func (c *child) usage(what string) (cpu, heap int64) {
	c.b.Helper()
	if _, err := io.WriteString(c.stdin, what+"\n"); err != nil || !c.lines.Scan() {
		c.b.Fatalf("the child is gone: %v", err)
	}
	if _, err := fmt.Sscan(c.lines.Text(), &cpu, &heap); err != nil {
		c.b.Fatal(err)
	}
	return cpu, heap
}

// wireConn sends requests that are spelled already and reads answers with a
// Content-Length, as cheaply as it can: the load must not be the measure.
type wireConn struct {
	net.Conn
	r *bufio.Reader
}

func (c *wireConn) roundTrip(request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	status, err := c.r.ReadSlice('\n')
	if err != nil {
		return err
	}
	ok, length := strings.Contains(string(status), " 200 "), 0
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if name, value, _ := strings.Cut(string(line), ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(c.r, body); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%s%s", status, body)
	}
	return nil
}

// connections is how many clients send at once.
const connections = 4

// drive sends n requests, the i-th of which is request(i), and returns the CPU
// time that the child used for them.
func (c *child) drive(n int, request func(i int) []byte) time.Duration {
	c.b.Helper()
	for len(c.conns) < connections {
		conn, err := net.Dial("tcp", c.address)
		if err != nil {
			c.b.Fatal(err)
		}
		c.conns = append(c.conns, &wireConn{conn, bufio.NewReader(conn)})
	}
	before, _ := c.usage("cpu")
	var all sync.WaitGroup
	for k, conn := range c.conns {
		all.Go(func() {
			for i := k; i < n; i += connections {
				if err := conn.roundTrip(request(i)); err != nil {
					c.b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	after, _ := c.usage("cpu")
	return time.Duration(after - before)
}
