package store

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
)

var (
	// ErrConflict is returned by Commit when a condition did not hold. Nothing
	// was written.
	ErrConflict = errors.New("store: a condition of the transaction does not hold")

	// ErrUnavailable wraps the reason why the store could not answer: it is
	// closed, has no leader, ran out of time or is full. A read that ends so
	// proves nothing; the outcome of a Commit that ends so is unknown.
	ErrUnavailable = errors.New("store: unavailable")

	// ErrCompacted is returned by Watch and Load when the revision asked for is
	// no longer kept. The caller begins again with Load.
	ErrCompacted = errors.New("store: the revision is no longer kept")

	// ErrLocked is returned by OpenEmbedded when another process, or another
	// Store of this process, has the directory open.
	ErrLocked = errors.New("store: the directory is in use by another process")

	// ErrInvalid is returned by Commit for a transaction that no store accepts:
	// an empty key, a key written twice, more than MaxOps operations, more than
	// MaxBytes of data, or a time to live that is not positive.
	ErrInvalid = errors.New("store: invalid transaction")

	errClosed = errors.New("the store is closed")
)

// unavailable wraps an error of the client so that errors.Is finds both
// ErrUnavailable and the cause. ErrCompacted keeps its own identity.
func unavailable(op string, err error) error {
	if errors.Is(err, rpctypes.ErrCompacted) {
		return fmt.Errorf("%s: %w", op, ErrCompacted)
	}
	return fmt.Errorf("%s: %w: %w", op, ErrUnavailable, err)
}

// contextCause says why ctx ended, or falls back to err.
func contextCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}
