package store

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

func openTemp(t *testing.T) *Store {
	t.Helper()
	s, err := OpenEmbedded(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatalf("OpenEmbedded: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestCompacted throws old revisions away by hand: the automatic way takes
// minutes.
func TestCompacted(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	var last int64
	for range 3 {
		var err error
		if last, err = s.Commit(t.Context(), new(Txn).Put("k", []byte("v"))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.client.Compact(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	called := errors.New("called")
	report := func(Change) error { return called }
	if err := s.Watch(t.Context(), "", last-2, report); !errors.Is(err, ErrCompacted) || errors.Is(err, ErrUnavailable) {
		t.Errorf("Watch after revision %d, compacted at %d = %v; want ErrCompacted", last-2, last, err)
	}
	if err := s.Watch(t.Context(), "", last-1, report); !errors.Is(err, called) {
		t.Errorf("Watch after revision %d, compacted at %d = %v; want the change", last-1, last, err)
	}
	if _, err := s.Load(t.Context(), "", func(KV) error { return nil }); err != nil {
		t.Errorf("Load after a compaction: %v", err)
	}
}

// TestLoadCompacted loses the snapshot between two pages.
func TestLoadCompacted(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	for _, prefix := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"} {
		txn := new(Txn)
		for i := range MaxOps {
			txn.Put(prefix+string(rune('a'+i)), nil)
		}
		if _, err := s.Commit(t.Context(), txn); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	_, err := s.Load(t.Context(), "", func(KV) error {
		if calls++; calls > 1 {
			return nil
		}
		revision, err := s.Commit(t.Context(), new(Txn).Put("z", nil))
		if err == nil {
			_, err = s.client.Compact(t.Context(), revision)
		}
		return err
	})
	if !errors.Is(err, ErrCompacted) || calls != firstPage {
		t.Errorf("Load = %v after %d keys; want ErrCompacted after %d", err, calls, firstPage)
	}
}

func TestNextPage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		keys, size int
		want       int64
	}{
		{1000, 1000 * 1024, 16383},
		{1000, 0, maxPage},
		{1000, 1000 * 10, maxPage},
		{16, 16 << 20, 15},
		{1, 1 << 30, 1},
	} {
		if got := nextPage(c.keys, c.size); got != c.want {
			t.Errorf("nextPage(%d, %d) = %d; want %d", c.keys, c.size, got, c.want)
		}
	}
}

// TestCloseLeavesNoGoroutine is not parallel: it looks at the goroutines of the
// whole process, of which no other test has any that is the store's.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	s := openTemp(t)
	revision, err := s.Commit(t.Context(), new(Txn).PutTTL("k", nil, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan Change, 1)
	ended := make(chan error)
	go func() {
		ended <- s.Watch(t.Context(), "", revision-1, func(c Change) error { seen <- c; return nil })
	}()
	<-seen
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	<-ended
	var stacks string
	for range 100 { // a goroutine that has nothing left to do may need a moment to be gone
		if stacks = etcdGoroutines(); stacks == "" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("goroutines after Close:\n%s", stacks)
}

func etcdGoroutines() string {
	buffer := make([]byte, 1<<20)
	var left []string
	for _, stack := range strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n") {
		if strings.Contains(stack, "go.etcd.io") || strings.Contains(stack, "store.(*barrier)") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}

func TestContextBoundsTheStart(t *testing.T) {
	t.Parallel()
	cause := errors.New("the caller's reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	dir := t.TempDir()
	if s, err := OpenEmbedded(ctx, Options{Dir: dir}); !errors.Is(err, cause) {
		t.Fatalf("OpenEmbedded with a cancelled context = %v, %v; want the cause", s, err)
	}
	s, err := OpenEmbedded(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatalf("OpenEmbedded after that: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestRequestsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	cause := errors.New("the caller's reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	_, commitErr := s.Commit(ctx, new(Txn).Put("k", nil))
	_, _, getErr := s.Get(ctx, "k")
	for op, err := range map[string]error{"Commit": commitErr, "Get": getErr} {
		if !errors.Is(err, ErrUnavailable) || !errors.Is(err, cause) {
			t.Errorf("%s with a cancelled context = %v; want ErrUnavailable with the cause", op, err)
		}
	}
}

func TestMemberLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	logger := zapTo(slog.New(slog.NewTextHandler(&out, nil)))
	logger.Info("info")
	logger.Warn("warning")
	logger.Error(newMemberNoise)
	if out.Len() != 0 {
		t.Errorf("logged %s; want only errors", out.String())
	}
	logger.With(zap.Int("member", 1)).Error("disk", zap.Error(errors.New("no space")))
	for _, want := range []string{"level=ERROR", `msg="store: disk"`, "member=1", `error="no space"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("logged %s; want %s in it", out.String(), want)
		}
	}
}
