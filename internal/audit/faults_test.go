package audit

import (
	"context"
	"errors"
	"testing"
)

func failRecord(t *testing.T, l *Log, n int, want error) {
	t.Helper()
	if err := l.Record(context.Background(), event(n)); !errors.Is(err, want) {
		t.Errorf("Record(%d): %v, want %v", n, err, want)
	}
}

func expectState(t *testing.T, l *Log, want State) {
	t.Helper()
	if got := l.State(); got != want {
		t.Errorf("state %v, want %v", got, want)
	}
}

func TestFailedWriteLeavesNoHalfLine(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"write", "short"} {
		d := newFaultDisk(t)
		l := openTest(t, d, Options{})
		mustRecord(t, l, 1)
		d.failNext(op, 1)
		failRecord(t, l, 2, ErrFailed)
		expectState(t, l, Failed)
		mustRecord(t, l, 3)
		expectState(t, l, Normal)
		expectNames(t, d, "Event1", "Event3")
	}
}

func TestHalfLineThatCannotBeCutGetsNoSuccessor(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	mustRecord(t, l, 1)
	d.failNext("write", 1)
	d.failNext("truncate", -1)
	failRecord(t, l, 2, ErrFailed)
	d.failNext("rename", 1)
	failRecord(t, l, 3, ErrFailed) // neither cut off nor rotated

	d.failNext("truncate", 1)
	mustRecord(t, l, 4) // in a new file
	rotated, err := rotatedNames(d)
	if err != nil || len(rotated) != 1 {
		t.Fatalf("rotated files %v, %v; want one", rotated, err)
	}
	half := readFile(t, d, rotated[0])
	if got := splitLines(t, currentName, readFile(t, d, currentName)); len(got) != 1 {
		t.Errorf("new file has %d lines, want 1", len(got))
	}
	if half[len(half)-1] == '\n' {
		t.Error("the old file ends in a whole line, want the half line that failed")
	}
}

func TestHalfLineIsCutLater(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	mustRecord(t, l, 1)
	d.failNext("write", 1)
	d.failNext("truncate", 1)
	failRecord(t, l, 2, ErrFailed)
	mustRecord(t, l, 3)
	expectNames(t, d, "Event1", "Event3")
}

func TestFailedSyncGivesUpTheFile(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	mustRecord(t, l, 1)
	d.failNext("sync", -1)
	l.tick()
	expectState(t, l, Failed)
	failRecord(t, l, 2, ErrFailed) // the new file cannot be synced either
	d.failNext("sync", 0)
	mustRecord(t, l, 3)
	expectState(t, l, Normal)
	if rotated, _ := rotatedNames(d); len(rotated) == 0 {
		t.Error("the file whose sync failed is still written to")
	}
	expectNames(t, d, "Event1", "Event3")
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	const reserve = 4096
	line := int64(len(appendEvent(nil, event(100))))
	d := newFaultDisk(t)
	l := openTest(t, d, Options{Reserve: reserve})
	mustRecord(t, l, 100)
	expectState(t, l, Normal)

	d.setRoom(line / 2)
	mustRecord(t, l, 101)
	expectState(t, l, OnReserve)
	if err := l.Intent(context.Background(), sampleIntent(1)); !errors.Is(err, ErrFull) {
		t.Errorf("Intent on the reserve: %v, want %v", err, ErrFull)
	}
	deletion := sampleIntent(2)
	deletion.FreesSpace = true
	if err := l.Intent(context.Background(), deletion); err != nil {
		t.Errorf("Intent of a deletion on the reserve: %v, want none", err)
	}
	l.tick()
	expectState(t, l, OnReserve) // not made anew from its own space

	n := 102
	for l.State() == OnReserve && n < 200 {
		if err := l.Record(context.Background(), event(n)); err != nil && !errors.Is(err, ErrFull) {
			t.Fatalf("Record(%d): %v", n, err)
		}
		n++
	}
	if read := int64(n - 102); read < reserve/line/2 {
		t.Errorf("the reserve of %d bytes lasted for %d lines of %d bytes", reserve, read, line)
	}
	expectState(t, l, Full)
	failRecord(t, l, 201, ErrFull)

	d.setRoom(3 * reserve)
	l.tick()
	expectState(t, l, Normal)
	mustRecord(t, l, 202)
	mustIntend(t, l, 3)
	if size, err := d.size(reserveName); err != nil || size != reserve {
		t.Errorf("reserve made anew with %d bytes, %v; want %d", size, err, reserve)
	}
	readAll(t, d) // nothing but whole lines
}

func TestStartOnFullDisk(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	d.setRoom(0)
	l := openTest(t, d, Options{Reserve: 4096})
	expectState(t, l, OnReserve)
	failRecord(t, l, 1, ErrFull)
	expectState(t, l, Full)
}

func TestReserveOutlivesARestart(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	if err := openTest(t, d, Options{Reserve: 4096}).Close(); err != nil {
		t.Fatal(err)
	}
	d.setRoom(0) // no room for a second one
	l := openTest(t, d, Options{Reserve: 4096})
	expectState(t, l, Normal)
	mustRecord(t, l, 1)
	expectState(t, l, OnReserve)
}
