package gate

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
	"testing/iotest"

	"rolecall.dev/rolecall/internal/apierr"
)

// A body that does not come is the client's doing, whatever the system calls it.
func TestBodiesThatDoNotCome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ met, want error }{
		{io.EOF, io.EOF},
		{io.ErrUnexpectedEOF, io.ErrUnexpectedEOF},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, apierr.RequestTimeout},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, apierr.IncompleteBody},
		{errors.New("malformed chunked encoding"), apierr.IncompleteBody},
	} {
		r := httptest.NewRequest(http.MethodPut, "/b/k", iotest.ErrReader(tt.met))
		_, err := newStreamed(httptest.NewRecorder(), &Request{HTTP: r}).Read(make([]byte, 1))
		if !errors.Is(err, tt.want) {
			t.Errorf("%v is told as %v, want %v", tt.met, err, tt.want)
		}
		if e, ok := errors.AsType[*apierr.Error](err); ok && e.Fault != apierr.Sender {
			t.Errorf("%v is told as a fault of the server: %v", tt.met, err)
		}
	}
}
