package wire_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

// assumeRoleForm is the body that the AWS CLI sends, with a session policy and
// two tags.
const assumeRoleForm = "Action=AssumeRole&Version=2011-06-15" +
	"&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fexample-role&RoleSessionName=example-session" +
	"&DurationSeconds=3600&ExternalId=9f8c2d1e" +
	"&Policy=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C" +
	"%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22arn%3Aaws%3As3%3A%3A%3Adata%2F%2A%22%7D%5D%7D" +
	"&Tags.member.1.Key=team&Tags.member.1.Value=analytics&Tags.member.2.Key=cost&Tags.member.2.Value=42"

func assumeRoleOutput() *stswire.AssumeRoleResponse {
	return &stswire.AssumeRoleResponse{
		Credentials: &stswire.Credentials{
			AccessKeyId:     "ASIAQEXAMPLEEXAMPLE5",
			SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
			SessionToken:    wire.Sensitive(strings.Repeat("FwoGZXIvYXdzEBYa", 40)),
			Expiration:      time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC),
		},
		AssumedRoleUser: &stswire.AssumedRoleUser{
			AssumedRoleId: "AROA3XFRBF535PLBIFPI4:example-session",
			Arn:           "arn:aws:sts::123456789012:assumed-role/example-role/example-session",
		},
		PackedPolicySize: wire.Int32(6),
	}
}

// BenchmarkAssumeRoleCodec decodes, checks and encodes one AssumeRole.
func BenchmarkAssumeRoleCodec(b *testing.B) {
	out := assumeRoleOutput()
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		form, err := wire.ParseForm("", assumeRoleForm)
		if err != nil {
			b.Fatal(err)
		}
		action, _ := form.Get("Action")
		op, _ := stswire.Service.Operation(action)
		if err := form.Decode(op.New()); err != nil {
			b.Fatal(err)
		}
		buf = stswire.Service.AppendXML(buf[:0], op, out, "c6104cbe-af31-11e0-8154-cbc7ccf896c7")
	}
}

// bareServer is the variable that makes the test binary a server for
// BenchmarkBareServer.
const bareServer = "WIRE_BENCH_BARE_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(bareServer) != "" {
		if err := serveBare(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveBare answers every request with a constant of an AssumeRole answer's
// size after reading its body. It prints its address and, for each line on
// standard input, the CPU time that the process has used, in nanoseconds.
func serveBare() error {
	op, _ := stswire.Service.Operation("AssumeRole")
	answer := stswire.Service.AppendXML(nil, op, assumeRoleOutput(), "c6104cbe-af31-11e0-8154-cbc7ccf896c7")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", wire.ContentTypeXML)
		_, _ = w.Write(answer)
	}
	go func() { _ = http.Serve(ln, http.HandlerFunc(handler)) }()
	fmt.Println(ln.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			return err
		}
		fmt.Println(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return nil
}

// BenchmarkBareServer sends the request of BenchmarkAssumeRoleCodec to a bare
// net/http server in a process of its own and reports that process's CPU time
// for each: the measure for what the codec may cost.
func BenchmarkBareServer(b *testing.B) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), bareServer+"=1")
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = stdin.Close()
		_ = child.Wait()
	}()
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	conn, err := net.Dial("tcp", lines.Text())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	cpu := func() int64 {
		_, _ = io.WriteString(stdin, "\n")
		lines.Scan()
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	request := fmt.Appendf(nil, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\n"+
		"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
		len(assumeRoleForm), assumeRoleForm)
	r := bufio.NewReader(conn)
	before := cpu()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "server-cpu-ns/op")
}
