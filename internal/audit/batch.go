package audit

import (
	"sync"
	"sync/atomic"
)

// entryKind says what a line means for the intents that are open.
type entryKind uint8

const (
	plainEntry   entryKind = iota
	intentEntry            // opens its id
	outcomeEntry           // closes its id
)

// batch is a group of lines that one write hands to the kernel.
//
// While it is pending, Log.mu guards it. Its leader, who added the first line,
// owns it from the moment it is no longer pending until written is done; after
// that its members only read err. The last member to leave gives it back.
type batch struct {
	lines   []byte
	opened  []openIntent
	closed  []ID
	err     error
	written sync.WaitGroup
	members atomic.Int32
}

// openIntent is an intent's id and where its line ends in the batch.
type openIntent struct {
	id         ID
	start, end int
}

// maxKeptBatch bounds the memory that an idle log keeps after a burst.
const maxKeptBatch = 1 << 20

func (b *batch) add(line []byte, id ID, kind entryKind) {
	start := len(b.lines)
	b.lines = append(b.lines, line...)
	b.members.Add(1)
	switch kind {
	case intentEntry:
		b.opened = append(b.opened, openIntent{id, start, len(b.lines)})
	case outcomeEntry:
		b.closed = append(b.closed, id)
	}
}

// leave ends the caller's use of b.
func (b *batch) leave(pool *sync.Pool) {
	if b.members.Add(-1) > 0 || cap(b.lines) > maxKeptBatch {
		return
	}
	b.lines, b.opened, b.closed, b.err = b.lines[:0], b.opened[:0], b.closed[:0], nil
	pool.Put(b)
}

// openIntents holds the line of every intent without an outcome.
type openIntents map[ID][]byte

// settle takes in what a written batch opened and closed. An outcome in the
// same batch as its intent cannot be: Intent returns before the operation runs.
func (open openIntents) settle(b *batch) {
	if len(open) > 0 {
		for _, id := range b.closed {
			delete(open, id)
		}
	}
	for _, o := range b.opened {
		open[o.id] = append([]byte(nil), b.lines[o.start:o.end]...)
	}
}
