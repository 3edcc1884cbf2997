package audit

import (
	"errors"
	"time"
)

// maintain is the goroutine of a log: it syncs, writes the counts of failed
// authentications, keeps the reserve and removes old files.
func (l *Log) maintain() {
	ticker := time.NewTicker(l.opts.SyncEvery)
	defer ticker.Stop()
	for {
		select {
		case <-l.done:
			return
		case <-ticker.C:
			l.tick()
		}
	}
}

func (l *Log) tick() {
	// A failure of either is in the state and on the log already, and comes
	// back as the error of the next write.
	_ = l.flushFailures(false)
	_ = l.syncFiles()
	l.restoreReserve()
}

// syncFiles makes all lines written so far durable, without holding up
// writers. After a failed sync the kernel may have forgotten what it could not
// write, so the file is given up; see mend.
func (l *Log) syncFiles() error {
	l.syncing.Lock()
	defer l.syncing.Unlock()

	l.writing.Lock()
	retired, current, dirty := l.retired, l.current.file, l.current.dirty
	l.retired, l.current.dirty = nil, false
	l.writing.Unlock()

	var err error
	for _, f := range retired {
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if len(retired) > 0 {
		err = errors.Join(err, l.disk.sync())
		l.prune()
	}
	if dirty {
		// A rotation may retire current meanwhile; it stays open until the
		// next call of this method.
		err = errors.Join(err, current.Sync())
		l.stats.syncs.Add(1)
	}
	if err != nil {
		l.writing.Lock()
		l.current.failSync(err)
		l.setState(Failed, err)
		l.writing.Unlock()
	}
	return err
}
