package audit

import (
	"errors"
	"slices"
	"strings"
	"time"
)

const (
	currentName = "audit.jsonl"
	nextName    = "audit.next"

	rotatedPrefix = "audit-"
	rotatedLayout = "20060102T150405.000000Z"
	rotatedSuffix = ".jsonl"
)

// rotate puts a new file in the place of the current one. On failure the
// current file stays. The caller holds l.writing.
//
// The new file gets the open intents before it gets its name, so at any moment
// the newest file alone knows all of them. Names are made durable by the next
// sync; until then a loss of power may undo the rotation, not a line.
func (l *Log) rotate() error {
	next, err := l.startNext()
	if err != nil {
		return err
	}
	if err := l.swapNames(); err != nil {
		return errors.Join(err, next.file.Close(), l.disk.remove(nextName))
	}
	l.retired = append(l.retired, l.current.file)
	l.current = next
	l.stats.rotations.Add(1)
	return nil
}

func (l *Log) startNext() (output, error) {
	f, size, err := l.disk.openAppend(nextName)
	if err != nil {
		return output{}, err
	}
	next := output{file: f, limit: l.opts.MaxFileSize}
	if size > 0 { // left over from a rotation that failed
		err = next.cutBack()
	}
	for _, line := range l.open {
		if err == nil {
			err = next.append(line)
		}
	}
	if err != nil {
		return output{}, errors.Join(err, f.Close(), l.disk.remove(nextName))
	}
	return next, nil
}

func (l *Log) swapNames() error {
	name, err := l.rotatedName()
	if err != nil {
		return err
	}
	if err := l.disk.rename(currentName, name); err != nil {
		return err
	}
	if err := l.disk.rename(nextName, currentName); err != nil {
		return errors.Join(err, l.disk.rename(name, currentName))
	}
	return nil
}

// rotatedName returns the name for now, or for the first microsecond after the
// newest rotated file if the clock has been set back.
func (l *Log) rotatedName() (string, error) {
	rotated, err := rotatedNames(l.disk)
	if err != nil {
		return "", err
	}
	at := l.opts.Now().UTC().Truncate(time.Microsecond)
	if len(rotated) > 0 {
		if newest, ok := rotatedTime(rotated[len(rotated)-1]); ok && !at.After(newest) {
			at = newest.Add(time.Microsecond)
		}
	}
	return rotatedPrefix + at.Format(rotatedLayout) + rotatedSuffix, nil
}

// rotatedNames lists the rotated files, oldest first.
func rotatedNames(d disk) ([]string, error) {
	names, err := d.list()
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		_, ok := rotatedTime(name)
		return !ok
	})
	slices.Sort(names)
	return names, nil
}

func rotatedTime(name string) (time.Time, bool) {
	name, hasPrefix := strings.CutPrefix(name, rotatedPrefix)
	name, hasSuffix := strings.CutSuffix(name, rotatedSuffix)
	at, err := time.Parse(rotatedLayout, name)
	return at, hasPrefix && hasSuffix && err == nil
}

// prune removes the oldest rotated files beyond Keep.
func (l *Log) prune() {
	if l.opts.Keep <= 0 {
		return
	}
	rotated, err := rotatedNames(l.disk)
	for len(rotated) > l.opts.Keep && err == nil {
		err = l.disk.remove(rotated[0])
		rotated = rotated[1:]
	}
	if err != nil {
		l.opts.Logger.Warn("audit log: old file not removed", "error", err)
	}
}
