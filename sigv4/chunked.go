package sigv4

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The aws-chunked encoding, "Signature calculations for the Authorization
// header: transferring payload in multiple chunks" in the S3 API reference:
//
//	body    = *chunk last [ trailer ] CRLF
//	chunk   = size [ sig ] CRLF size*BYTE CRLF
//	last    = "0" [ sig ] CRLF
//	sig     = ";chunk-signature=" 64HEX            ; absent in the unsigned mode
//	trailer = *( name ":" value EOL ) [ "x-amz-trailer-signature:" 64HEX EOL ]
//	EOL     = CRLF | LF CRLF                       ; the second is minio-go's
//	size    = 1*16HEX

const (
	// MaxChunk is the largest signed chunk that is accepted. A signed chunk is
	// held in memory until its signature is known to be good; memory for it is
	// taken as its bytes arrive. Clients send 64 KiB to 1 MiB. Unsigned chunks are
	// passed through and may be as long as the content.
	MaxChunk = 16 << 20
	// minChunk is S3's lower limit for every signed chunk but the last.
	minChunk = 8 << 10
	// maxChunkHeader bounds the line before a chunk.
	maxChunkHeader = 128
	chunkExtension = "chunk-signature="
)

// chunkReader decodes aws-chunked. Its state is either inside a chunk (signed:
// pending holds verified bytes; unsigned: inChunk counts bytes still to come) or
// between two.
type chunkReader struct {
	src     *bufio.Reader
	signer  *chunkSigner // nil in the unsigned mode
	declare trailerNames
	trailer http.Header // filled at the end
	left    int64       // content bytes that x-amz-decoded-content-length still promises

	pending []byte
	buf     []byte
	last    int64 // size of the signed chunk before this one; -1 at the start
	inChunk int64
	done    bool // everything has been read and found true
}

func newChunkReader(s *Signature, r io.Reader) (*chunkReader, error) {
	names, err := declaredTrailers(s)
	if err != nil {
		return nil, err
	}
	c := &chunkReader{
		src: bufio.NewReaderSize(r, 4096), declare: names,
		trailer: http.Header{}, left: s.DecodedLength, last: -1,
	}
	if s.Payload != PayloadStreamingUnsignedTrailer {
		c.signer = &chunkSigner{key: s.key, time: s.Time, scope: s.Scope, previous: s.given}
	}
	return c, nil
}

func (c *chunkReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(c.pending) == 0 && c.inChunk == 0 {
		if c.done {
			return 0, io.EOF
		}
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if c.signer == nil {
		return c.readUnsigned(p)
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	return n, nil
}

// readUnsigned passes on what is left of the present chunk. The piece that
// completes the content is kept back if the end of the body is not in order.
func (c *chunkReader) readUnsigned(p []byte) (int, error) {
	n, err := c.src.Read(p[:min(int64(len(p)), c.inChunk)])
	c.declare.write(p[:n])
	c.inChunk -= int64(n)
	if err != nil {
		return 0, unexpected(err)
	}
	if c.inChunk > 0 {
		return n, nil
	}
	if err := c.expect("\r\n"); err != nil {
		return 0, err
	}
	if c.left == 0 {
		if err := c.end(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// next moves to the next chunk and, with the one that completes the content, to
// the end of the body. It returns io.EOF for a body without content.
func (c *chunkReader) next() error {
	size, signature, err := c.readHeader()
	if err != nil {
		return err
	}
	if size == 0 {
		if err := c.finish(signature); err != nil {
			return err
		}
		return io.EOF
	}
	if size > c.left {
		return fmt.Errorf("%w: more than announced", ErrDecodedLengthMismatch)
	}
	c.left -= size
	if c.signer == nil {
		c.inChunk = size
		return nil
	}
	if err := c.readSigned(size, signature); err != nil {
		return err
	}
	if c.left == 0 {
		return c.end()
	}
	return nil
}

// end reads the last, empty chunk and what follows it.
func (c *chunkReader) end() error {
	size, signature, err := c.readHeader()
	if err != nil {
		return err
	}
	if size != 0 {
		return fmt.Errorf("%w: more than announced", ErrDecodedLengthMismatch)
	}
	return c.finish(signature)
}

// readHeader reads the line before a chunk; signature is "" in the unsigned mode.
func (c *chunkReader) readHeader() (size int64, signature string, err error) {
	line, err := c.readLine(maxChunkHeader)
	if err != nil {
		return 0, "", err
	}
	digits, extension, _ := strings.Cut(line, ";")
	if digits == "" || len(digits) > 16 || strings.TrimLeft(digits, "0123456789abcdefABCDEF") != "" {
		return 0, "", ErrMalformedChunk
	}
	if size, err = strconv.ParseInt(digits, 16, 64); err != nil {
		return 0, "", ErrMalformedChunk
	}
	if c.signer == nil {
		if len(line) != len(digits) {
			return 0, "", ErrMalformedChunk
		}
		return size, "", nil
	}
	signature, ok := strings.CutPrefix(extension, chunkExtension)
	if !ok || !isHex(signature, sha256.Size) {
		return 0, "", ErrMalformedChunk
	}
	return size, signature, nil
}

// readSigned holds a whole chunk back until its signature is verified.
func (c *chunkReader) readSigned(size int64, signature string) error {
	switch {
	case size > MaxChunk:
		return fmt.Errorf("%w: %d bytes", ErrChunkTooLarge, size)
	case c.last >= 0 && c.last < minChunk:
		return fmt.Errorf("%w: %d bytes", ErrChunkTooSmall, c.last)
	}
	c.last = size
	if err := c.fill(int(size)); err != nil {
		return err
	}
	if err := c.expect("\r\n"); err != nil {
		return err
	}
	if !c.signer.chunk(c.buf, signature) {
		return ErrChunkSignatureMismatch
	}
	c.declare.write(c.buf)
	c.pending = c.buf
	return nil
}

// fill reads n bytes into buf, taking memory in proportion to what has arrived
// and not to what a header promises.
func (c *chunkReader) fill(n int) error {
	const step = 64 << 10
	c.buf = c.buf[:0]
	for have := 0; have < n; have = len(c.buf) {
		want := min(n, max(step, 2*have, cap(c.buf)))
		if cap(c.buf) < want {
			c.buf = append(make([]byte, 0, want), c.buf...)
		}
		c.buf = c.buf[:want]
		if _, err := io.ReadFull(c.src, c.buf[have:]); err != nil {
			return unexpected(err)
		}
	}
	return nil
}

// finish checks what follows the content and that nothing follows that.
func (c *chunkReader) finish(signature string) error {
	if c.left != 0 {
		return fmt.Errorf("%w: %d bytes less", ErrDecodedLengthMismatch, c.left)
	}
	if c.signer != nil && !c.signer.chunk(nil, signature) {
		return ErrChunkSignatureMismatch
	}
	if err := c.readTrailer(); err != nil {
		return err
	}
	switch _, err := c.src.ReadByte(); err {
	case io.EOF:
		c.done = true
		return nil
	case nil:
		return fmt.Errorf("%w: data after the end", ErrMalformedChunk)
	default:
		return err
	}
}

// readLine reads a line of at most limit bytes and returns it without its end.
func (c *chunkReader) readLine(limit int) (string, error) {
	line, err := c.src.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull || len(line) > limit:
		return "", fmt.Errorf("%w: line too long", ErrMalformedChunk)
	case err != nil:
		return "", unexpected(err)
	}
	text := string(line[:len(line)-1])
	if crlf, ok := strings.CutSuffix(text, "\r"); ok {
		return crlf, nil
	}
	return text, c.expect("\r\n") // minio-go's end of line
}

func (c *chunkReader) expect(text string) error {
	for i := range len(text) {
		switch b, err := c.src.ReadByte(); {
		case err != nil:
			return unexpected(err)
		case b != text[i]:
			return ErrMalformedChunk
		}
	}
	return nil
}

// unexpected turns an end of the source inside the encoding into ErrIncompleteBody.
func unexpected(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrIncompleteBody
	}
	return err
}

// chunkSigner verifies the chain of signatures that starts with the request's own.
type chunkSigner struct {
	key      signingKey
	time     time.Time
	scope    Scope
	previous string
}

// chunk reports whether given is the next signature of the chain, for data.
func (s *chunkSigner) chunk(data []byte, given string) bool {
	return s.step("AWS4-HMAC-SHA256-PAYLOAD", EmptySHA256+"\n", data, given)
}

// trailer does the same for the canonical trailer.
func (s *chunkSigner) trailer(canonical []byte, given string) bool {
	return s.step("AWS4-HMAC-SHA256-TRAILER", "", canonical, given)
}

func (s *chunkSigner) step(kind, headers string, data []byte, given string) bool {
	sum := sha256.Sum256(data)
	text := kind + "\n" + FormatTime(s.time) + "\n" + s.scope.String() + "\n" + s.previous + "\n" + headers + hex.EncodeToString(sum[:])
	want := s.key.sign([]byte(text))
	s.previous = string(want[:])
	return want.is(given)
}
