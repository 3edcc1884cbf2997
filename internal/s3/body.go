package s3

import (
	"errors"
	"io"
	"sync"

	"rolecall.dev/rolecall/internal/apierr"
)

// exactBody passes on exactly the announced number of bytes, and remembers why
// it could not. The transport reads it in a goroutine of its own.
type exactBody struct {
	src  io.Reader
	left int64
	last func() error // asked before the last bytes are passed on; nil for none

	mu  sync.Mutex // guards err
	err error
}

// Read implements io.Reader. It fails when src ends early or fails. What src
// holds beyond the announced length is never sent.
func (b *exactBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.src.Read(p)
	b.left -= int64(n)
	if b.left == 0 && b.last != nil && (err == nil || errors.Is(err, io.EOF)) {
		err = b.last()
	}
	switch {
	case err == nil || errors.Is(err, io.EOF) && b.left == 0:
		return n, nil
	case errors.Is(err, io.EOF):
		err = apierr.IncompleteBody.New("You did not provide the number of bytes specified by the Content-Length HTTP header.")
	}
	b.mu.Lock()
	b.err = err
	b.mu.Unlock()
	return 0, err
}

// Close implements io.Closer. The source belongs to the caller.
func (b *exactBody) Close() error { return nil }

// failure returns what went wrong with the body; a nil body has no failure.
func (b *exactBody) failure() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// verifyEmpty reads the end of a body of no bytes: a signature over it is
// checked only then.
func verifyEmpty(src io.Reader) error {
	var one [1]byte
	n, err := io.ReadFull(src, one[:])
	if n == 0 && errors.Is(err, io.EOF) {
		return nil
	}
	if n > 0 {
		return apierr.IncompleteBody.New("The request has a body although its length is given as 0.")
	}
	return err
}
