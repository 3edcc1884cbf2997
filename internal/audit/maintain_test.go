package audit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestMaintenanceRunsByItself(t *testing.T) {
	t.Parallel()
	d := newFaultDisk(t)
	synctest.Test(t, func(t *testing.T) {
		l, err := openOn(d, Options{Reserve: -1})
		if err != nil {
			t.Fatal(err)
		}
		mustRecord(t, l, 1)
		l.CountFailure(time.Now(), "192.0.2.1", "ExpiredToken")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := l.Stats().Syncs; got != 1 {
			t.Errorf("%d syncs within a second of a line, want 1", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := len(readAll(t, d)); got != 2 {
			t.Errorf("%d lines after a minute, want the event and the summary", got)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}
