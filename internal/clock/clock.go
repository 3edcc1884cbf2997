package clock

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"rolecall.dev/rolecall/internal/store"
)

// Key is where the offset stands in the store, in whole seconds.
const Key = "/rolecall/v1/clock"

// MaxOffset bounds how far the clock may be moved: a hundred years.
const MaxOffset = 100 * 365 * 24 * time.Hour

var (
	// ErrFixed means that the server was not started with --clock-control.
	ErrFixed = errors.New("clock: this server does not let its clock be moved")
	// ErrRange means an advance that is not positive or goes beyond MaxOffset.
	ErrRange = errors.New("clock: advance out of range")
)

// Clock tells both times. All methods may be called concurrently.
type Clock struct {
	store      *store.Store
	mirror     *store.Mirror
	real       func() time.Time
	adjustable bool
	offset     atomic.Int64 // seconds
}

// New returns a clock whose offset it reads through the mirror, which the caller
// starts afterwards. real is usually time.Now.
func New(s *store.Store, mirror *store.Mirror, real func() time.Time, adjustable bool) *Clock {
	c := &Clock{store: s, mirror: mirror, real: real, adjustable: adjustable}
	mirror.Read(Key, c.apply)
	return c
}

// Real is the time that everybody else has.
func (c *Clock) Real() time.Time { return c.real() }

// Now is the service's time.
func (c *Clock) Now() time.Time { return c.real().Add(c.Offset()) }

// Offset is how far Now is ahead of Real.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) * time.Second }

// Adjustable reports whether Advance is allowed.
func (c *Clock) Adjustable() bool { return c.adjustable }

// Advance moves the clock of every node forward, by whole seconds, and returns
// the new offset when this node has it.
func (c *Clock) Advance(ctx context.Context, by time.Duration) (time.Duration, error) {
	if !c.adjustable {
		return 0, ErrFixed
	}
	for {
		kv, _, err := c.store.Get(ctx, Key)
		if err != nil {
			return 0, err
		}
		old, err := parse(kv.Value)
		if err != nil {
			return 0, err
		}
		if by < time.Second || by > MaxOffset-old {
			return 0, ErrRange
		}
		offset := old + by.Truncate(time.Second)
		txn := (&store.Txn{}).Unchanged(Key, kv.ModRevision).Put(Key, strconv.AppendInt(nil, int64(offset/time.Second), 10))
		revision, err := c.store.Commit(ctx, txn)
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return 0, err
		}
		return offset, c.mirror.Wait(ctx, revision)
	}
}

func (c *Clock) apply(events []store.Event) error {
	for _, e := range events {
		offset, err := parse(e.Value)
		if err != nil {
			return err
		}
		c.offset.Store(max(c.offset.Load(), int64(offset/time.Second)))
	}
	return nil
}

func parse(value []byte) (time.Duration, error) {
	if len(value) == 0 {
		return 0, nil
	}
	seconds, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil || seconds < 0 || seconds > int64(MaxOffset/time.Second) {
		return 0, fmt.Errorf("clock: offset %q in the store", value)
	}
	return time.Duration(seconds) * time.Second, nil
}
