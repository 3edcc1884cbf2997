//go:build !race

package audit

import (
	"context"
	"testing"
)

// The race detector makes pools forget, so this runs without it.
func TestRecordDoesNotAllocate(t *testing.T) {
	l := openTest(t, newFaultDisk(t).directory, Options{})
	ev := sampleAssumeRole()
	ctx := context.Background()
	if got := testing.AllocsPerRun(1000, func() {
		if err := l.Record(ctx, ev); err != nil {
			t.Fatal(err)
		}
	}); got >= 1 {
		t.Errorf("Record allocates %v times, want never", got)
	}
}
