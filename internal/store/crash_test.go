package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/store"
)

// crashDir, when set, makes the test binary a process that commits numbered
// keys to that directory and prints 0 when it begins and then each number that
// was acknowledged, until it is killed.
const crashDir = "ROLECALL_STORE_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Fprintln(os.Stderr, commitUntilKilled(dir, os.Stdout))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func commitUntilKilled(dir string, out io.Writer) error {
	ctx := context.Background()
	fmt.Fprintln(out, 0)
	s, err := store.OpenEmbedded(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	kv, _, err := s.Get(ctx, "last")
	if err != nil {
		return err
	}
	var n int
	_, _ = fmt.Sscan(string(kv.Value), &n) // absent is 0
	for {
		n++
		text := fmt.Appendf(nil, "%d", n)
		if _, err := s.Commit(ctx, new(store.Txn).Put("last", text).Absent("n/"+string(text)).Put("n/"+string(text), text)); err != nil {
			return err
		}
		fmt.Fprintln(out, n)
	}
}

// TestKillLosesNothing kills a writing process at different moments and looks
// for everything that it was told is written.
func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for round, after := range []int{1, 2, 50, 300, 20} {
		acknowledged := killAfter(t, dir, after, 0)
		s := open(t, dir)
		kv, ok, err := s.Get(t.Context(), "last")
		var last int
		if _, scanErr := fmt.Sscan(string(kv.Value), &last); err != nil || !ok || scanErr != nil || last < acknowledged {
			t.Fatalf("round %d: %d was acknowledged, the store has %q, %v", round, acknowledged, kv.Value, err)
		}
		if keys, err := countKeys(t, s); err != nil || keys != last {
			t.Fatalf("round %d: %d keys, %v; want %d, as the same transactions wrote", round, keys, err, last)
		}
		if err := s.Close(); err != nil {
			t.Fatalf("round %d: Close: %v", round, err)
		}
	}
}

// TestKillDuringTheFirstStart kills a process at moments spread over the start
// on an empty directory. Whatever is there then, the next start must serve.
func TestKillDuringTheFirstStart(t *testing.T) {
	t.Parallel()
	for delay := range 15 {
		dir := t.TempDir()
		acknowledged := killAfter(t, dir, 0, time.Duration(delay)*3*time.Millisecond)
		s := open(t, dir)
		if keys, err := countKeys(t, s); err != nil || keys < acknowledged {
			t.Errorf("killed after %d ms: %d keys, %v; want at least %d", 3*delay, keys, err, acknowledged)
		}
		if err := s.Close(); err != nil {
			t.Errorf("killed after %d ms: Close: %v", 3*delay, err)
		}
	}
}

func countKeys(t *testing.T, s *store.Store) (int, error) {
	t.Helper()
	keys := 0
	_, err := s.Load(t.Context(), "n/", func(store.KV) error { keys++; return nil })
	return keys, err
}

// killAfter runs the writer, kills it a moment after some lines of its output,
// and returns the last number that it printed.
func killAfter(t *testing.T, dir string, lines int, moment time.Duration) int {
	t.Helper()
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), crashDir+"="+dir)
	writer.Stderr = os.Stderr
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	last, scanner := 0, bufio.NewScanner(out)
	for seen := 0; scanner.Scan(); seen++ {
		if _, err := fmt.Sscan(scanner.Text(), &last); err != nil {
			t.Errorf("the writer printed %q", scanner.Text())
		}
		if seen == lines {
			time.AfterFunc(moment, func() { _ = writer.Process.Kill() })
		}
	}
	if err := writer.Wait(); err == nil || writer.ProcessState.ExitCode() != -1 {
		t.Fatalf("the writer ended with %v; want it killed", err)
	}
	return last
}
