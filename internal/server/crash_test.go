package server

import (
	"bufio"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var kills = flag.Int("kills", 4, "how often TestKillLosesNothing kills the server")

// A server that is killed at any moment has lost nothing that it acknowledged and
// has done nothing by halves, says what it left unfinished, and needs nobody's
// help to start again. It is the process that is killed: a loss of power is what
// the tests of the stores count fsyncs for.
func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	c := &crash{t: t, dir: t.TempDir() + "/data", facts: map[string]*fact{}, random: rand.New(rand.NewPCG(rand.Uint64(), 0))}
	c.start()
	c.demand(call{service: "s3", method: "PUT", path: "/" + crashBucket})
	c.startAgain()
	for round := range *kills {
		c.work(round)
		c.startAgain()
		c.check(c.touched())
	}
	c.checkAll()
	c.process.kill()
	t.Logf("%d kills, %d changes acknowledged, %d not answered of which %d were made, %d left unfinished; slowest start %v",
		*kills, c.acknowledged, c.unanswered, c.adopted, c.unfinished, c.slowest.Round(time.Millisecond))
}

// crash is the story of one data directory: what is known of it, and the
// process that serves it.
type crash struct {
	t       *testing.T
	dir     string
	process *process
	random  *rand.Rand

	mu    sync.Mutex // guards what writers share
	facts map[string]*fact
	acks  []string // ids of the requests since the last start that were answered

	sessions []issued
	uploads  []*upload // not yet complete
	read     int64     // bytes of the record that were checked
	warned   int       // what the starts since the last check said was unfinished
	partial  bool      // one of them was killed as well

	acknowledged, unanswered, adopted, unfinished int
	slowest                                       time.Duration
}

// fact is the value of one name: a user, a role's trust policy, an object.
type fact struct {
	value string // as last acknowledged; "" is absent
	maybe *change
	fresh bool // changed since the last check
}

// change is one that was asked for and not answered.
type change struct{ event, value string }

// process is a server that can be killed.
type process struct {
	cmd    *exec.Cmd
	base   string
	log    *os.File // what it logs, there as soon as it is written
	client *http.Client
}

// launch starts a process without waiting for it to be ready.
func (c *crash) launch() (*process, io.ReadCloser) {
	c.t.Helper()
	log, err := os.Create(filepath.Join(c.t.TempDir(), "log"))
	if err != nil {
		c.t.Fatal(err)
	}
	p := &process{cmd: exec.Command(os.Args[0]), log: log, client: &http.Client{Transport: &http.Transport{}}}
	p.cmd.Env = append(os.Environ(), childMode+"="+c.dir)
	p.cmd.Stderr = log
	_, err = p.cmd.StdinPipe() // its end would be the process's
	stdout, err2 := p.cmd.StdoutPipe()
	if err := errors.Join(err, err2, p.cmd.Start()); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(p.kill)
	return p, stdout
}

func (c *crash) start() {
	c.t.Helper()
	began := time.Now()
	p, stdout := c.launch()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		c.t.Fatalf("the server does not start again: %v\n%s", err, p.said())
	}
	c.slowest = max(c.slowest, time.Since(began))
	p.base = "http://" + strings.TrimSpace(line)
	c.process = p
	c.warned += p.warnings()
}

// startAgain kills and starts, sometimes with a start in between that is killed
// as well, and reads what came to be recorded.
func (c *crash) startAgain() {
	c.t.Helper()
	c.process.kill()
	c.warned, c.partial = 0, false
	if c.random.IntN(3) == 0 {
		p, _ := c.launch()
		time.Sleep(time.Duration(c.random.Int64N(int64(c.slowest))))
		p.kill()
		c.warned, c.partial = p.warnings(), true
	}
	c.start()
	c.readRecord()
}

// kill ends the process at once, if it has not ended.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = p.log.Close()
	p.client.CloseIdleConnections()
}

func (p *process) said() string {
	text, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// warnings is how many operations a start said were unfinished.
func (p *process) warnings() int {
	return strings.Count(p.said(), "operation begun before the last stop has no outcome on record")
}

// do sends a request; an error means that no answer came.
func (p *process) do(c call) (reply, error) {
	r, err := c.to(p.base)
	if err != nil {
		return reply{}, err
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return reply{}, err
	}
	return parseReply(resp)
}

// ask sends a request that must be answered.
func (c *crash) ask(what call) reply {
	c.t.Helper()
	r, err := c.process.do(what)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// demand sends a request that must succeed.
func (c *crash) demand(what call) reply {
	c.t.Helper()
	r := c.ask(what)
	if r.Status >= 300 {
		c.t.Fatalf("%s %s: %d %s", what.method, what.path+what.body, r.Status, r.Body)
	}
	return r
}

// work lets all writers write until the server is killed.
func (c *crash) work(round int) {
	var all sync.WaitGroup
	for name, write := range writers {
		w := &writer{crash: c, name: name, round: round, random: rand.New(rand.NewPCG(c.random.Uint64(), 0))}
		all.Go(func() {
			for n := 0; ; n++ {
				w.n = n
				if !write(w) {
					return
				}
			}
		})
	}
	time.Sleep(20*time.Millisecond + time.Duration(c.random.Int64N(int64(600*time.Millisecond))))
	c.process.kill()
	all.Wait()
}
