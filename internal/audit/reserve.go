package audit

import "sync/atomic"

const reserveName = "audit.reserve"

// reserve is a file that holds space until the disk is full. Log.writing
// guards it.
type reserve struct {
	disk    disk
	size    int64 // not positive: there is none, and none is missed
	present atomic.Bool
}

// held reports whether the space is still kept back.
func (r *reserve) held() bool { return r.size <= 0 || r.present.Load() }

// release gives the space to the disk. It reports whether there was any to give.
func (r *reserve) release() bool {
	return r.size > 0 && r.present.Swap(false) && r.disk.remove(reserveName) == nil
}

// prepareReserve makes the reserve at the start. Without room for it the log
// starts all the same, with nothing to fall back on.
func (l *Log) prepareReserve() {
	if l.reserve.size <= 0 {
		return
	}
	if have, err := l.disk.size(reserveName); err == nil && have == l.reserve.size {
		l.reserve.present.Store(true)
		return
	}
	if err := l.disk.allocate(reserveName, l.reserve.size); err != nil {
		l.setState(OnReserve, err)
		return
	}
	l.reserve.present.Store(true)
}

// restoreReserve makes the reserve anew once there is room for it twice:
// taking back the very space that was released would only release it again.
func (l *Log) restoreReserve() {
	if l.reserve.held() {
		return
	}
	if free, err := l.disk.free(); err != nil || free < 2*l.reserve.size {
		return
	}
	if err := l.disk.allocate(reserveName, l.reserve.size); err != nil {
		return // still no room: tried again at the next tick
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	l.reserve.present.Store(true)
	if s := l.State(); s == OnReserve || s == Full {
		l.setState(Normal, nil)
	}
}
