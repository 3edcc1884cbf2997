package s3

import (
	"errors"
	"io"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
)

// What is sent is as long as was announced, never more and never less.
func TestExactBody(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*firstBytes)
	for _, tt := range []struct {
		src, want string
		length    int64
		err       error
	}{
		{"body", "body", 4, nil},
		{"bodymore", "body", 4, nil},
		{long, long, int64(len(long)), nil},
		{long + "more", long, int64(len(long)), nil},
		{"bod", "", 4, apierr.IncompleteBody},
		{long[1:], long[1:], int64(len(long)), apierr.IncompleteBody},
	} {
		b := &exactBody{src: strings.NewReader(tt.src), left: tt.length}
		err := b.fetch()
		got := ""
		if err == nil {
			var raw []byte
			raw, err = io.ReadAll(b)
			got = string(raw)
		}
		if got != tt.want || !errors.Is(err, tt.err) || !errors.Is(b.failure(), tt.err) {
			t.Errorf("%d bytes of %d: got %d and %v (%v), want %d and %v", tt.length, len(tt.src), len(got), err, b.failure(), len(tt.want), tt.err)
		}
	}
}
