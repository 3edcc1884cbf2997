package audit

import (
	"bytes"
	"log/slog"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// crash ends a log without Close: what the kernel has stays.
func crash(t *testing.T, l *Log) {
	t.Helper()
	close(l.done)
	l.background.Wait()
	l.closeOnce.Do(func() {})
	if err := l.current.file.Close(); err != nil {
		t.Fatal(err)
	}
}

func unfinishedIDs(l *Log) []ID {
	var ids []ID
	for _, in := range l.Unfinished() {
		ids = append(ids, in.ID)
	}
	return ids
}

func TestCrashLeavesUnfinishedIntents(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	for n := 1; n <= 4; n++ {
		mustIntend(t, l, n)
	}
	mustRecord(t, l, 2)
	mustRecord(t, l, 4)
	mustRecord(t, l, 5) // had no intent
	crash(t, l)

	var log bytes.Buffer
	l = openTest(t, d, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	want := []Intent{*sampleIntent(1), *sampleIntent(3)}
	if diff := cmp.Diff(want, l.Unfinished()); diff != "" {
		t.Errorf("unfinished intents (-want +got):\n%s", diff)
	}
	if !bytes.Contains(log.Bytes(), []byte(sampleID(3).String())) {
		t.Errorf("the log does not name the unfinished intent: %s", &log)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l = openTest(t, d, Options{}); len(l.Unfinished()) != 0 {
		t.Errorf("announced a second time: %v", l.Unfinished())
	}
}

func TestUnfinishedIntentOutlivesRotations(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{MaxFileSize: 10})
	mustIntend(t, l, 1)
	mustIntend(t, l, 2)
	for n := 10; n < 15; n++ {
		mustRecord(t, l, n)
	}
	mustRecord(t, l, 2)
	mustRecord(t, l, 15)
	crash(t, l)
	l = openTest(t, d, Options{})
	if got := unfinishedIDs(l); !slices.Equal(got, []ID{sampleID(1)}) {
		t.Errorf("unfinished %v, want intent 1 alone", got)
	}
}

func TestFailedOutcomeLeavesIntentOpen(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	mustIntend(t, l, 1)
	d.failNext("write", 1)
	failRecord(t, l, 1, ErrFailed)
	crash(t, l)
	l = openTest(t, d, Options{})
	if got := unfinishedIDs(l); !slices.Equal(got, []ID{sampleID(1)}) {
		t.Errorf("unfinished %v, want intent 1", got)
	}
}

func TestCrashWithinARotation(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	mustIntend(t, l, 1)
	mustRecord(t, l, 2)
	crash(t, l)
	// After the first rename, before the second.
	if err := d.rename(currentName, "audit-20261122T154700.000000Z.jsonl"); err != nil {
		t.Fatal(err)
	}
	writeFile(t, d.directory, nextName, []byte("half a carried int"))

	l = openTest(t, d, Options{})
	if got := unfinishedIDs(l); !slices.Equal(got, []ID{sampleID(1)}) {
		t.Errorf("unfinished %v, want intent 1", got)
	}
	mustRecord(t, l, 3)
	expectNames(t, d, "CreateRole", "Event2", "CreateRole", "Event3")
	if _, err := d.size(nextName); err == nil {
		t.Errorf("%s is still there", nextName)
	}
}

func TestTornLineIsCutOff(t *testing.T) {
	t.Parallel()
	for _, torn := range []string{"", "{", `{"eventVersion":"1.11","eventID":"5b1e0000-0000-4000-80`, string(bytes.Repeat([]byte("x"), 200<<10))} {
		d := newFaultDisk(t)
		l := openTest(t, d, Options{})
		mustRecord(t, l, 1)
		crash(t, l)
		writeFile(t, d.directory, currentName, append(readFile(t, d, currentName), torn...))

		l = openTest(t, d, Options{})
		if got := l.Torn(); got != int64(len(torn)) {
			t.Errorf("torn line of %d bytes: Torn() = %d", len(torn), got)
		}
		mustRecord(t, l, 2)
		expectNames(t, d, "Event1", "Event2")
	}
}

func TestUnreadableIntentIsStillAnnounced(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	writeFile(t, d.directory, currentName, append(appendOpening(nil, sampleID(1), intentType), ",oops}\n"...))
	l := openTest(t, d, Options{})
	if got := unfinishedIDs(l); !slices.Equal(got, []ID{sampleID(1)}) {
		t.Errorf("unfinished %v, want intent 1", got)
	}
}

func TestParseID(t *testing.T) {
	t.Parallel()
	id := NewID()
	if got, err := parseID([]byte(id.String())); err != nil || got != id {
		t.Errorf("parseID(%s) = %v, %v", id, got, err)
	}
	for _, bad := range []string{"", id.String() + "0", "5b1e0000-0000-4000-8000-00000000000g", "5b1e000000000-4000-8000-000000000001", "5b1e0000-0000-4000-8000--00000000001"} {
		if got, err := parseID([]byte(bad)); err == nil {
			t.Errorf("parseID(%q) = %v, want an error", bad, got)
		}
	}
}

func FuzzScan(f *testing.F) {
	intent := appendIntent(nil, sampleIntent(1), intentType)
	outcome := appendEvent(nil, event(1))
	f.Add(append(slices.Clone(intent), outcome...))
	f.Add(append(slices.Clone(outcome), intent...))
	f.Add(intent[:60])
	f.Add([]byte("\n\n{\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := scanLines(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if want := int64(len(data) - 1 - bytes.LastIndexByte(data, '\n')); found.torn != want {
			t.Errorf("scan of %q: torn %d, want %d", data, found.torn, want)
		}
		for id, line := range found.open {
			if !bytes.Contains(data, line) {
				t.Errorf("scan of %q: intent %v with the line %q, which is not there", data, id, line)
			}
			_, _ = parseIntent(id, line) // must not panic
		}
	})
}
