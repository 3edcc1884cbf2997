package embedded

import "time"

// The file backend compares the times of conditions with those of files, which
// have fractions of a second. Last-Modified says whole seconds, and what it said
// has to count as the same time when a client gives it back (RFC 9110, 13.1.3).

// modifiedSince moves an If-Modified-Since so that a file is later than it only
// if the whole seconds of its time are.
func modifiedSince(t *time.Time) *time.Time { return later(t, time.Second-time.Nanosecond) }

// unmodifiedSince moves an If-Unmodified-Since so that it is later than every
// file of the same second.
func unmodifiedSince(t *time.Time) *time.Time { return later(t, time.Second) }

func later(t *time.Time, by time.Duration) *time.Time {
	if t == nil {
		return nil
	}
	moved := t.Add(by)
	return &moved
}
