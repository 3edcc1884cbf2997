package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// openTest opens a log that maintains itself only when told to.
func openTest(t *testing.T, d disk, opts Options) *Log {
	t.Helper()
	if opts.Reserve == 0 {
		opts.Reserve = -1
	}
	opts.SyncEvery = time.Hour
	if opts.Now == nil {
		opts.Now = func() time.Time { return sampleTime }
	}
	l, err := openOn(d, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func event(n int) *Event {
	return &Event{ID: sampleID(n), Time: sampleTime, Name: fmt.Sprintf("Event%d", n)}
}

func mustRecord(t *testing.T, l *Log, n int) {
	t.Helper()
	if err := l.Record(context.Background(), event(n)); err != nil {
		t.Fatalf("Record(%d): %v", n, err)
	}
}

func mustIntend(t *testing.T, l *Log, n int) {
	t.Helper()
	if err := l.Intent(context.Background(), sampleIntent(n)); err != nil {
		t.Fatalf("Intent(%d): %v", n, err)
	}
}

// splitLines fails if data does not end with a newline.
func splitLines(t *testing.T, name string, data []byte) [][]byte {
	t.Helper()
	if len(data) == 0 {
		return nil
	}
	body, whole := bytes.CutSuffix(data, []byte("\n"))
	if !whole {
		t.Fatalf("%s ends in half a line: %q", name, data[bytes.LastIndexByte(data, '\n')+1:])
	}
	return bytes.Split(body, []byte("\n"))
}

func names(records []map[string]any) []string {
	var all []string
	for _, r := range records {
		name, _ := r["eventName"].(string)
		all = append(all, name)
	}
	return all
}

func expectNames(t *testing.T, d disk, want ...string) {
	t.Helper()
	if got := names(readAll(t, d)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("record holds %v, want %v", got, want)
	}
}

func TestConcurrentCallersShareWrites(t *testing.T) {
	t.Parallel()
	const callers, each = 64, 100
	d := newFaultDisk(t)
	l := openTest(t, d, Options{MaxFileSize: 64 << 10})
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() {
			for i := range each {
				mustRecordAsync(t, l, c*each+i)
			}
		})
	}
	// The first batches gather while the disk is held up, however few cores
	// there are.
	l.writing.Lock()
	for l.waiting() < callers/2 {
		time.Sleep(time.Millisecond)
	}
	l.writing.Unlock()
	group.Wait()
	stats := l.Stats()
	if stats.Events != callers*each || stats.Writes >= stats.Events {
		t.Errorf("%d events in %d writes, want %d in fewer", stats.Events, stats.Writes, callers*each)
	}
	if stats.Rotations == 0 {
		t.Error("no rotation among them, want some")
	}
	seen := map[string]bool{}
	for _, name := range names(readAll(t, d)) {
		seen[name] = true
	}
	if len(seen) != callers*each {
		t.Errorf("%d different lines on disk, want %d", len(seen), callers*each)
	}
}

func mustRecordAsync(t *testing.T, l *Log, n int) {
	if err := l.Record(context.Background(), event(n)); err != nil {
		t.Errorf("Record(%d): %v", n, err)
	}
}

// waiting returns how many callers are in the pending batch.
func (l *Log) waiting() int32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending == nil {
		return 0
	}
	return l.pending.members.Load()
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "audit")
	l, err := Open(Options{Dir: dir, Reserve: 1 << 12})
	if err != nil {
		t.Fatal(err)
	}
	mustRecord(t, l, 1)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		dir:                             0o700 | os.ModeDir,
		filepath.Join(dir, currentName): 0o600,
		filepath.Join(dir, reserveName): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode(); got != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(path), got, want)
		}
	}
}

func TestOpenNeedsDirectory(t *testing.T) {
	t.Parallel()
	if _, err := Open(Options{}); err == nil {
		t.Error("Open without a directory succeeded, want an error")
	}
}

func TestRecordGivesMissingID(t *testing.T) {
	t.Parallel()
	l := openTest(t, newFaultDisk(t), Options{})
	ev := &Event{}
	in := &Intent{}
	if err := errors.Join(l.Record(context.Background(), ev), l.Intent(context.Background(), in)); err != nil {
		t.Fatal(err)
	}
	if ev.ID == (ID{}) || in.ID == (ID{}) || ev.ID == in.ID {
		t.Errorf("ids %v and %v, want two different ones", ev.ID, in.ID)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	mustRecord(t, l, 1)
	for range 2 {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if d.calls["sync"] != 1 {
		t.Errorf("%d syncs until closed, want 1", d.calls["sync"])
	}
	if err := l.Record(context.Background(), event(2)); !errors.Is(err, ErrClosed) {
		t.Errorf("Record after Close: %v, want %v", err, ErrClosed)
	}
	if err := l.Intent(context.Background(), sampleIntent(3)); !errors.Is(err, ErrClosed) {
		t.Errorf("Intent after Close: %v, want %v", err, ErrClosed)
	}
}

func TestCloseWaitsForWriters(t *testing.T) {
	t.Parallel()
	for range 20 {
		d := newFaultDisk(t)
		l := openTest(t, d, Options{})
		var group sync.WaitGroup
		var written sync.Map
		for c := range 8 {
			group.Go(func() {
				for i := 0; ; i++ {
					ev := event(c*1000 + i)
					if err := l.Record(context.Background(), ev); errors.Is(err, ErrClosed) {
						return
					} else if err != nil {
						t.Errorf("Record beside Close: %v", err)
						return
					}
					written.Store(ev.Name, true)
				}
			})
		}
		for l.Stats().Events < 16 {
			time.Sleep(time.Microsecond)
		}
		if err := l.Close(); err != nil {
			t.Errorf("Close beside writers: %v", err)
		}
		group.Wait()
		for _, name := range names(readAll(t, d)) {
			written.Delete(name)
		}
		written.Range(func(name, _ any) bool {
			t.Errorf("%v was acknowledged and is not on disk", name)
			return true
		})
	}
}

func TestReopenContinuesTheFile(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	for n := range 3 {
		l := openTest(t, d, Options{})
		mustRecord(t, l, n)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	expectNames(t, d, "Event0", "Event1", "Event2")
}
