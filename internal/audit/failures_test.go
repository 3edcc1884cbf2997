package audit

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// summaries renders the failure lines on disk as "minute address code=n …".
func summaries(t *testing.T, d disk) []string {
	t.Helper()
	var all []string
	for _, r := range readAll(t, d) {
		if r["eventType"] != failuresType {
			continue
		}
		data := r["additionalEventData"].(map[string]any)
		at := strings.TrimSuffix(strings.TrimPrefix(r["eventTime"].(string), "2026-11-22T"), ":00Z")
		all = append(all, fmt.Sprintf("%s %s %v of %v", at, r["sourceIPAddress"], data["codes"], data["count"]))
	}
	return all
}

func expectSummaries(t *testing.T, d disk, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, summaries(t, d)); diff != "" {
		t.Errorf("summaries (-want +got):\n%s", diff)
	}
}

// movingClock is a clock that a test sets.
type movingClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *movingClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *movingClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestFailuresAreSummed(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	clock := movingClock{at: sampleTime}
	l := openTest(t, d, Options{Now: clock.now})
	for range 3 {
		l.CountFailure(clock.now(), "192.0.2.2", "InvalidClientTokenId")
	}
	l.CountFailure(clock.now(), "192.0.2.2", "SignatureDoesNotMatch")
	l.CountFailure(clock.now(), "192.0.2.1", "ExpiredToken")
	l.tick()
	expectSummaries(t, d) // the minute is not over

	clock.advance(time.Minute)
	l.CountFailure(clock.now(), "192.0.2.1", "ExpiredToken")
	l.tick()
	first := []string{
		"15:47 192.0.2.1 map[ExpiredToken:1] of 1",
		"15:47 192.0.2.2 map[InvalidClientTokenId:3 SignatureDoesNotMatch:1] of 4",
	}
	expectSummaries(t, d, first...)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	expectSummaries(t, d, append(first, "15:48 192.0.2.1 map[ExpiredToken:1] of 1")...)
}

func TestFailuresAreBounded(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	l := openTest(t, d, Options{})
	for n := range 3 * maxFailureAddresses {
		l.CountFailure(sampleTime, fmt.Sprintf("10.0.%d.%d", n>>8, n&255), "InvalidClientTokenId")
	}
	for n := range 3 * maxFailureCodes {
		l.CountFailure(sampleTime, "10.0.0.0", fmt.Sprint("Code", n))
	}
	l.CountFailure(sampleTime, strings.Repeat("1", 1000), strings.Repeat("C", 1000))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var sum, other float64
	for _, r := range readAll(t, d) {
		data := r["additionalEventData"].(map[string]any)
		if n := len(data["codes"].(map[string]any)); n > maxFailureCodes+1 {
			t.Errorf("%v has %d codes", r["sourceIPAddress"], n)
		}
		sum += data["count"].(float64)
		if r["sourceIPAddress"] == otherFailures {
			other = data["count"].(float64)
		}
	}
	if want := float64(3*maxFailureAddresses + 3*maxFailureCodes + 1); sum != want {
		t.Errorf("counts add up to %v, want %v", sum, want)
	}
	if want := float64(2*maxFailureAddresses + 1); other != want {
		t.Errorf("%v under %q, want %v", other, otherFailures, want)
	}
}

func TestFailuresWaitForAFullDisk(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	clock := movingClock{at: sampleTime}
	l := openTest(t, d, Options{Now: clock.now})
	d.setRoom(0)
	const minutes = 3 * maxFailureMinutes
	for range minutes {
		l.CountFailure(clock.now(), "192.0.2.1", "ExpiredToken")
		clock.advance(time.Minute)
		l.tick()
	}
	if got := len(l.failures.minutes); got > maxFailureMinutes {
		t.Errorf("%d minutes wait in memory, want at most %d", got, maxFailureMinutes)
	}
	d.setRoom(-1)
	l.tick()
	expectSummaries(t, d,
		"15:47 192.0.2.1 map[ExpiredToken:1] of 1",
		"15:48 192.0.2.1 map[ExpiredToken:1] of 1",
		"15:49 192.0.2.1 map[ExpiredToken:1] of 1",
		fmt.Sprintf("15:50 192.0.2.1 map[ExpiredToken:%d] of %[1]d", minutes-3))
}

func TestCountingBesideFlushing(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	clock := movingClock{at: sampleTime}
	l := openTest(t, d, Options{Now: clock.now})
	const callers, each = 8, 200
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range each {
				l.CountFailure(clock.now(), "192.0.2.1", "ExpiredToken")
				clock.advance(time.Second)
				l.tick()
			}
		})
	}
	group.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, r := range readAll(t, d) {
		sum += r["additionalEventData"].(map[string]any)["count"].(float64)
	}
	if sum != callers*each {
		t.Errorf("counts add up to %v, want %v", sum, callers*each)
	}
}
