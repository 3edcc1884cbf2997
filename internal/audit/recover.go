package audit

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
)

// recover takes up the log where the last run left it.
func (l *Log) recover() error {
	if err := l.disk.remove(nextName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	found, err := l.scanNewest()
	if err != nil {
		return err
	}
	f, size, err := l.disk.openAppend(currentName)
	if err != nil {
		return err
	}
	l.current = output{file: f, size: size, limit: l.opts.MaxFileSize}
	if found.torn > 0 {
		l.current.size -= found.torn
		if err := l.current.cutBack(); err != nil {
			return errors.Join(err, f.Close())
		}
		l.torn = found.torn
		l.opts.Logger.Warn("audit log ended in half a line, now cut off", "bytes", found.torn)
	}
	l.open = found.open
	return l.disk.sync()
}

// scanNewest reads the current file, or the newest rotated one if a rotation
// was cut off between its two renames.
func (l *Log) scanNewest() (scan, error) {
	r, err := l.disk.read(currentName)
	if errors.Is(err, fs.ErrNotExist) {
		rotated, err := rotatedNames(l.disk)
		if err != nil || len(rotated) == 0 {
			return scan{open: openIntents{}}, err
		}
		found, err := l.scanFile(rotated[len(rotated)-1])
		found.torn = 0 // of a file that nothing will follow
		return found, err
	}
	if err != nil {
		return scan{}, err
	}
	defer r.Close()
	return scanLines(r)
}

func (l *Log) scanFile(name string) (scan, error) {
	r, err := l.disk.read(name)
	if err != nil {
		return scan{}, err
	}
	defer r.Close()
	return scanLines(r)
}

// scan is what reading a file finds.
type scan struct {
	open openIntents
	torn int64 // bytes after the last newline
}

func scanLines(r io.Reader) (scan, error) {
	found := scan{open: openIntents{}}
	in := bufio.NewReaderSize(r, 64<<10)
	var long []byte // gathers a line beyond the reader's size
	for {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, line...)
			continue
		case errors.Is(err, io.EOF):
			found.torn = int64(len(long) + len(line))
			return found, nil
		case err != nil:
			return scan{}, err
		}
		if len(long) > 0 {
			line = append(long, line...)
		}
		found.open.take(line)
		long = long[:0]
	}
}

// take follows the intents through one line of a file.
func (open openIntents) take(line []byte) {
	rest, ok := bytes.CutPrefix(line, []byte(opening))
	if !ok || len(rest) < idLength {
		return
	}
	text, rest := rest[:idLength], rest[idLength:]
	isIntent := bytes.HasPrefix(rest, []byte(betweenIDAndType+intentType+`"`))
	if !isIntent && len(open) == 0 {
		return
	}
	id, err := parseID(text)
	if err != nil {
		return
	}
	if isIntent {
		open[id] = slices.Clone(line)
	} else {
		delete(open, id)
	}
}

// closeUnfinished announces the intents that recover found and writes a line
// that closes each, so that the next start does not announce them again. If
// that line cannot be written, the next start does.
func (l *Log) closeUnfinished() {
	for id, line := range l.open {
		in, err := parseIntent(id, line)
		if err != nil {
			l.opts.Logger.Warn("audit log: unreadable intent", "event", id.String(), "error", err)
			in = Intent{ID: id}
		}
		l.unfinished = append(l.unfinished, in)
	}
	slices.SortFunc(l.unfinished, func(a, b Intent) int {
		if c := a.Time.Compare(b.Time); c != 0 {
			return c
		}
		return bytes.Compare(a.ID[:], b.ID[:])
	})
	for _, in := range l.unfinished {
		l.opts.Logger.Warn("operation begun before the last stop has no outcome on record",
			"event", in.ID.String(), "name", in.Name, "principal", in.Identity.ARN, "request", in.RequestID)
		in.Time = l.opts.Now()
		if err := l.submit(appendIntent(nil, &in, unfinishedType), in.ID, outcomeEntry); err != nil {
			l.opts.Logger.Warn("audit log: unfinished operation not closed", "error", err)
		}
	}
}
