package audit

import (
	"fmt"
	"runtime"
)

// submit puts a line into the pending batch and returns when that batch has
// been written. The line may be reused afterwards.
func (l *Log) submit(line []byte, id ID, kind entryKind) error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return ErrClosed
	}
	b := l.pending
	leads := b == nil
	if leads {
		b = l.batches.Get().(*batch)
		b.written.Add(1)
		l.pending = b
	}
	b.add(line, id, kind)
	l.mu.Unlock()

	if leads {
		// Requests that are about to be recorded as well get the chance to join:
		// with four clients that saves a twentieth of an AssumeRole.
		runtime.Gosched()
		l.lead(b)
	} else {
		b.written.Wait()
	}
	err := b.err
	b.leave(&l.batches)
	return err
}

// lead writes b, with all that has joined it until the write before it ended.
func (l *Log) lead(b *batch) {
	l.writing.Lock()
	l.mu.Lock()
	l.pending = nil
	l.mu.Unlock()
	b.err = l.writeBatch(b)
	l.writing.Unlock()
	b.written.Done()
}

// writeBatch writes all of b or nothing of it. The caller holds l.writing.
func (l *Log) writeBatch(b *batch) error {
	if err := l.prepare(len(b.lines)); err != nil {
		return l.refuse(err)
	}
	err := l.current.append(b.lines)
	if outOfSpace(err) && l.reserve.release() {
		l.setState(OnReserve, err)
		err = l.current.append(b.lines)
	}
	if err != nil {
		return l.refuse(err)
	}
	l.open.settle(b)
	l.stats.writes.Add(1)
	l.stats.bytes.Add(int64(len(b.lines)))
	if l.reserve.held() {
		l.setState(Normal, nil)
	} else {
		l.setState(OnReserve, nil)
	}
	return nil
}

// refuse turns a failure of the disk into a state and the error of a batch.
func (l *Log) refuse(err error) error {
	if outOfSpace(err) {
		l.setState(Full, err)
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	l.setState(Failed, err)
	return fmt.Errorf("%w: %w", ErrFailed, err)
}

// prepare makes the current file fit to take n more bytes: it rotates a file
// that would grow too large, and mends or leaves one that has failed.
func (l *Log) prepare(n int) error {
	if l.current.damaged != nil {
		return l.mend()
	}
	if l.current.size > 0 && l.current.size+int64(n) > l.current.limit {
		if err := l.rotate(); err != nil {
			// A larger file is better than a lost line.
			l.current.limit = l.current.size + l.opts.MaxFileSize/16
			l.opts.Logger.Warn("audit log could not be rotated, going on in the same file", "error", err)
		}
	}
	return nil
}

// mend gets rid of a half line, or leaves a file whose sync has failed (what it
// lost cannot be known) for a new one that is synced first.
func (l *Log) mend() error {
	if l.current.torn && !l.current.syncFailed {
		if err := l.current.cutBack(); err == nil {
			return nil
		}
	}
	if err := l.rotate(); err != nil {
		return err
	}
	if err := l.current.file.Sync(); err != nil {
		l.current.failSync(err)
		return err
	}
	return nil
}
