package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"rolecall.dev/rolecall/internal/store"
)

// crashDir, when set, makes the test binary a process that commits numbered
// keys to that directory and prints each number that was acknowledged, until
// it is killed.
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
		acknowledged := killAfter(t, dir, after)
		s := open(t, dir)
		kv, ok, err := s.Get(t.Context(), "last")
		var last int
		if _, scanErr := fmt.Sscan(string(kv.Value), &last); err != nil || !ok || scanErr != nil || last < acknowledged {
			t.Fatalf("round %d: %d was acknowledged, the store has %q, %v", round, acknowledged, kv.Value, err)
		}
		keys := 0
		if _, err := s.Load(t.Context(), "n/", func(store.KV) error { keys++; return nil }); err != nil || keys != last {
			t.Fatalf("round %d: %d keys, %v; want %d, as the same transactions wrote", round, keys, err, last)
		}
		if err := s.Close(); err != nil {
			t.Fatalf("round %d: Close: %v", round, err)
		}
	}
}

// killAfter runs the writer, kills it after some acknowledgements, and returns
// the last number that it printed.
func killAfter(t *testing.T, dir string, after int) int {
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
	last, lines := 0, bufio.NewScanner(out)
	for seen := 0; lines.Scan(); seen++ {
		if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
			t.Errorf("the writer printed %q", lines.Text())
		}
		if seen == after {
			_ = writer.Process.Kill()
		}
	}
	if err := writer.Wait(); err == nil || writer.ProcessState.ExitCode() != -1 {
		t.Fatalf("the writer ended with %v; want it killed", err)
	}
	return last
}
