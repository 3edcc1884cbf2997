package audit

import "sync/atomic"

// State says how much room the log has.
type State int32

// The states of a log.
const (
	Normal    State = iota
	OnReserve       // the disk is full; reads and deletions go on
	Full            // the last write found no space; nothing can be answered
	Failed          // the last write or sync failed for another reason
)

// String returns the state's name for logs and metrics.
func (s State) String() string {
	switch s {
	case Normal:
		return "normal"
	case OnReserve:
		return "on_reserve"
	case Full:
		return "full"
	default:
		return "failed"
	}
}

// State returns what the last write, or the maintenance since, has found.
func (l *Log) State() State { return State(l.state.Load()) }

// setState announces a change of state once.
func (l *Log) setState(s State, cause error) {
	if l.State() == s || State(l.state.Swap(int32(s))) == s {
		return
	}
	switch s {
	case Normal:
		l.opts.Logger.Info("audit log has room again")
	case OnReserve:
		l.opts.Logger.Error("audit log: disk full, living on the reserve: free some space", "error", cause)
	case Full:
		l.opts.Logger.Error("audit log: disk full and reserve used up: nothing is answered", "error", cause)
	case Failed:
		l.opts.Logger.Error("audit log: disk failure: nothing is answered", "error", cause)
	}
}

// Stats counts what a log has done since Open.
type Stats struct {
	Events    int64 // lines of Record
	Writes    int64 // group writes
	Bytes     int64
	Syncs     int64
	Rotations int64
}

type counters struct {
	events, writes, bytes, syncs, rotations atomic.Int64
}

// Stats returns the counts; they are read one by one.
func (l *Log) Stats() Stats {
	c := &l.stats
	return Stats{
		Events: c.events.Load(), Writes: c.writes.Load(), Bytes: c.bytes.Load(),
		Syncs: c.syncs.Load(), Rotations: c.rotations.Load(),
	}
}
