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
	left int64        // of src
	last func() error // asked before the last bytes are passed on; nil for none
	head []byte       // read by fetch and not yet passed on

	mu  sync.Mutex // guards err
	err error
}

// firstBytes is how much of a body is read before the store hears of it. The
// embedded one reads as much before it looks at a request, and prints an error
// of its own when the connection breaks in there.
const firstBytes = 8 << 10

// fetch reads the first bytes ahead, the whole body if it is small.
func (b *exactBody) fetch() error {
	head := make([]byte, min(b.left, firstBytes))
	for n := 0; n < len(head); {
		more, err := b.read(head[n:])
		if n += more; err != nil {
			return err
		}
	}
	b.head = head
	return nil
}

// Read implements io.Reader. It fails when src ends early or fails. What src
// holds beyond the announced length is never sent.
func (b *exactBody) Read(p []byte) (int, error) {
	if len(b.head) > 0 {
		n := copy(p, b.head)
		b.head = b.head[n:]
		return n, nil
	}
	return b.read(p)
}

func (b *exactBody) read(p []byte) (int, error) {
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
