package audit

import (
	"os"
	"slices"
	"testing"
	"time"
)

func TestRotationBySize(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	line := int64(len(appendEvent(nil, event(1))))
	l := openTest(t, d, Options{MaxFileSize: 2*line + line/2})
	for n := 1; n <= 7; n++ {
		mustRecord(t, l, n)
	}
	rotated, err := rotatedNames(d)
	if err != nil {
		t.Fatal(err)
	}
	// The clock stands still, and names sort all the same.
	want := []string{
		"audit-20261122T154700.123456Z.jsonl",
		"audit-20261122T154700.123457Z.jsonl",
		"audit-20261122T154700.123458Z.jsonl",
	}
	if !slices.Equal(rotated, want) {
		t.Errorf("rotated files %q, want %q", rotated, want)
	}
	expectNames(t, d, "Event1", "Event2", "Event3", "Event4", "Event5", "Event6", "Event7")
	for _, name := range rotated {
		if size, _ := d.size(name); size != 2*line {
			t.Errorf("%s has %d bytes, want two lines of %d", name, size, line)
		}
	}
}

func TestRotationThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		op string
		n  int
	}{{"open", 1}, {"rename", 1}, {"rename", 2}} {
		d := newFaultDisk(t)
		l := openTest(t, d, Options{MaxFileSize: 100})
		mustRecord(t, l, 1)
		d.failNext(fault.op, fault.n)
		mustRecord(t, l, 2)
		if got := l.Stats().Rotations; got != 0 {
			t.Errorf("%s %d failed: %d rotations, want none", fault.op, fault.n, got)
		}
		mustRecord(t, l, 3)
		if got := l.Stats().Rotations; got != 1 {
			t.Errorf("after %s %d failed: %d rotations, want 1", fault.op, fault.n, got)
		}
		expectNames(t, d, "Event1", "Event2", "Event3")
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	writeFile(t, d.directory, "audit-notes.jsonl", []byte("not ours\n"))
	l := openTest(t, d, Options{MaxFileSize: 10, Keep: 2})
	for n := 1; n <= 6; n++ {
		mustRecord(t, l, n)
	}
	l.tick()
	if err := os.Remove(d.path("audit-notes.jsonl")); err != nil {
		t.Errorf("a file with another name was removed: %v", err)
	}
	expectNames(t, d, "Event4", "Event5", "Event6")
}

func TestRotatedFileIsSynced(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{MaxFileSize: 10})
	mustRecord(t, l, 1)
	mustRecord(t, l, 2)
	l.tick()
	if got := d.calls["sync"]; got != 2 {
		t.Errorf("%d syncs, want one of each file", got)
	}
	l.tick()
	if got := d.calls["sync"]; got != 2 {
		t.Errorf("%d syncs after a pause, want no more than 2", got)
	}
}

func TestRotatedTime(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"audit-20261122T154700.123456Z.jsonl": true,
		"audit-20261122T154700.12345Z.jsonl":  false,
		"audit-20261122T154700.123456Z.gz":    false,
		"audit.jsonl":                         false,
		"":                                    false,
	} {
		at, ok := rotatedTime(name)
		if ok != want || ok && !at.Equal(sampleTime.Truncate(time.Microsecond)) {
			t.Errorf("rotatedTime(%q) = %v, %v; want ok %v", name, at, ok, want)
		}
	}
}
