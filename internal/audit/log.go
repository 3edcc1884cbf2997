package audit

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Defaults for the zero values of [Options].
const (
	DefaultMaxFileSize = 128 << 20
	DefaultReserve     = 64 << 20
	DefaultSyncEvery   = 500 * time.Millisecond
)

// Options say where and how a log is kept. Only Dir is required.
type Options struct {
	Dir         string           // made with mode 0700 if absent
	MaxFileSize int64            // a file is rotated before it grows beyond; one batch may be larger
	Keep        int              // how many rotated files stay; 0 keeps all
	Reserve     int64            // bytes kept back for a full disk; negative for none
	SyncEvery   time.Duration    // how often files are synced, and the most that a power loss costs
	Now         func() time.Time // the real clock; time.Now if nil
	Logger      *slog.Logger     // for the log's own troubles; nil for silence
}

func (o Options) withDefaults() Options {
	if o.MaxFileSize == 0 {
		o.MaxFileSize = DefaultMaxFileSize
	}
	if o.Reserve == 0 {
		o.Reserve = DefaultReserve
	}
	if o.SyncEvery == 0 {
		o.SyncEvery = DefaultSyncEvery
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// The errors of [Log.Record] and [Log.Intent]. Each means that the line is not
// in the record: the operation must not happen, or its answer not be given.
var (
	ErrClosed = errors.New("audit log is closed")
	// ErrFull: the disk is full. From Intent it also means that only the
	// reserve is left, which is kept for reads and deletions.
	ErrFull = errors.New("audit log: no space left")
	// ErrFailed: the disk refused a write or a sync for another reason.
	ErrFailed = errors.New("audit log: disk failure")
)

// Log is the record in one directory. Its methods may be called concurrently.
type Log struct {
	opts Options
	disk disk

	lines   sync.Pool // of *[]byte, to encode into
	batches sync.Pool // of *batch

	state      atomic.Int32 // a State
	stats      counters
	failures   failureCounts
	unfinished []Intent // fixed by Open
	torn       int64    // fixed by Open
	done       chan struct{}
	background sync.WaitGroup
	closeOnce  sync.Once
	closeErr   error

	mu      sync.Mutex // guards pending and closed; held for a copy, never for I/O
	pending *batch     // gathers lines; nil when none wait
	closed  bool

	syncing sync.Mutex // taken before writing; lets one goroutine sync and close files

	writing sync.Mutex // held by the leader of a batch; guards what follows
	current output
	retired []file // rotated, to be synced and closed
	open    openIntents
	reserve reserve
}

// Open opens the log in opts.Dir, making it if absent. It cuts off a last line
// that a crash left half written and closes intents without an outcome; see
// [Log.Torn] and [Log.Unfinished].
func Open(opts Options) (*Log, error) {
	if opts.Dir == "" {
		return nil, errors.New("audit log: no directory given")
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, err
	}
	return openOn(directory(opts.Dir), opts)
}

func openOn(d disk, opts Options) (*Log, error) {
	l := &Log{opts: opts.withDefaults(), disk: d, done: make(chan struct{}), open: openIntents{}}
	l.lines.New = func() any { return new([]byte) }
	l.batches.New = func() any { return new(batch) }
	l.reserve = reserve{disk: d, size: l.opts.Reserve}
	if err := l.recover(); err != nil {
		return nil, err
	}
	l.prepareReserve()
	l.closeUnfinished()
	l.background.Go(l.maintain)
	return l, nil
}

// Record writes the line of a request. It returns nil once the kernel has the
// line, so that it survives a crash of this process. An intent with the same
// ID is closed. A cancelled context does not stop it: the request of a client
// that has gone is recorded like any other.
func (l *Log) Record(_ context.Context, ev *Event) error {
	if ev.ID == (ID{}) {
		ev.ID = NewID()
	}
	line := l.lines.Get().(*[]byte)
	*line = appendEvent((*line)[:0], ev)
	err := l.submit(*line, ev.ID, outcomeEntry)
	l.putLine(line)
	if err == nil {
		l.stats.events.Add(1)
	}
	return err
}

// Intent writes the announcement of a change of state and returns like
// [Log.Record]; the change may run only after nil. While the log lives on its
// reserve, it answers ErrFull unless the intent frees space.
func (l *Log) Intent(_ context.Context, in *Intent) error {
	if s := l.State(); (s == OnReserve || s == Full) && !in.FreesSpace {
		return ErrFull
	}
	if in.ID == (ID{}) {
		in.ID = NewID()
	}
	line := l.lines.Get().(*[]byte)
	*line = appendIntent((*line)[:0], in, intentType)
	err := l.submit(*line, in.ID, intentEntry)
	l.putLine(line)
	return err
}

// maxKeptLine bounds the memory that stays with a pooled buffer.
const maxKeptLine = 64 << 10

func (l *Log) putLine(line *[]byte) {
	if cap(*line) <= maxKeptLine {
		l.lines.Put(line)
	}
}

// Unfinished returns the intents that the last run left without an outcome:
// whether the operation happened is not known. Their identity lacks the
// session's details, which the record keeps.
func (l *Log) Unfinished() []Intent { return l.unfinished }

// Torn returns the length of the half line that Open cut off, or 0. Nobody got
// the answer that it would have recorded.
func (l *Log) Torn() int64 { return l.torn }

// Close writes the counts of failed authentications, syncs, and closes the
// files. Later calls return what the first returned; Record and Intent answer
// ErrClosed from now on.
func (l *Log) Close() error {
	l.closeOnce.Do(func() { l.closeErr = l.close() })
	return l.closeErr
}

func (l *Log) close() error {
	close(l.done)
	l.background.Wait()
	flushErr := l.flushFailures(true)

	l.mu.Lock()
	l.closed = true
	last := l.pending
	l.mu.Unlock()
	if last != nil {
		last.written.Wait()
	}
	syncErr := l.syncFiles()

	l.writing.Lock() // the write that was under way before last is over
	defer l.writing.Unlock()
	return errors.Join(flushErr, syncErr, l.current.file.Close())
}
