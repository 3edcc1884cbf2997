package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/fileutil"
)

// lockName is the file in the directory that an open store holds a lock on. It
// stays when the store is closed: removing it would let two processes lock two
// files of the same name.
const lockName = "lock"

// lock takes the directory for this Store, or returns ErrLocked at once. etcd
// locks its files too, but waits for them. The kernel gives the lock up when the
// process ends, however it ends.
func lock(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the store: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return func() error {
			// Closing alone would leave the lock with a process that is being
			// forked at this moment, until it executes its program.
			return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
		}, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	return nil, fmt.Errorf("lock the store: %w", err)
}

// awaitLog waits until nobody holds the locks that etcd takes on its log files.
// Our own lock says that no store is open, but a process that is being forked at
// this moment may still hold files of the store that was just closed, until it
// executes its program; etcd would end this process over that.
func awaitLog(ctx context.Context, data string) error {
	files, err := filepath.Glob(filepath.Join(data, "member", "wal", "*.wal"))
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := awaitUnlocked(ctx, name); err != nil {
			return fmt.Errorf("wait for %s: %w", name, err)
		}
	}
	return nil
}

func awaitUnlocked(ctx context.Context, name string) error {
	for {
		f, err := fileutil.TryLockFile(name, os.O_WRONLY, fileutil.PrivateFileMode)
		if err == nil {
			return f.Close()
		}
		if !errors.Is(err, fileutil.ErrLocked) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
