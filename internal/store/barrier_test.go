package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// slowRead is a barrier's read that the test lets go one at a time.
type slowRead struct {
	started chan int64 // the number of each read that starts
	finish  chan error
	count   int64
}

func newBarrier() (*barrier, *slowRead) {
	r := &slowRead{started: make(chan int64), finish: make(chan error)}
	return &barrier{read: func() (int64, error) {
		r.count++
		r.started <- r.count
		return r.count, <-r.finish
	}}, r
}

func TestBarrierSharesReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, read := newBarrier()
		var group sync.WaitGroup
		call := func(callers int, want int64, wantErr error) {
			for range callers {
				group.Go(func() {
					if got, err := b.wait(t.Context()); got != want || !errors.Is(err, wantErr) {
						t.Errorf("wait = %d, %v; want read %d, %v", got, err, want, wantErr)
					}
				})
			}
			synctest.Wait()
		}
		failed := errors.New("no leader")
		call(1, 1, nil)
		<-read.started
		call(100, 2, failed) // read 1 has started: these may not join it
		read.finish <- nil
		<-read.started
		call(100, 3, nil)
		read.finish <- failed
		<-read.started
		read.finish <- nil
		group.Wait()
		if read.count != 3 {
			t.Errorf("%d reads for 201 callers; want 3", read.count)
		}
		call(1, 4, nil) // an idle barrier starts again
		<-read.started
		read.finish <- nil
		group.Wait()
	})
}

func TestBarrierLetsACallerLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, read := newBarrier()
		ctx, cancel := context.WithCancel(t.Context())
		left, stayed := make(chan error), make(chan int64)
		go func() {
			_, err := b.wait(ctx)
			left <- err
		}()
		<-read.started
		go func() {
			revision, _ := b.wait(t.Context())
			stayed <- revision
		}()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("wait with a cancelled context = %v; want context.Canceled", err)
		}
		read.finish <- nil
		<-read.started
		read.finish <- nil
		if revision := <-stayed; revision != 2 {
			t.Errorf("the caller that stayed got read %d; want 2", revision)
		}
	})
}
