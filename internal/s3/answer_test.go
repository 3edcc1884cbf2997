package s3

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Clients show metadata under the names of the headers, as these are spelled.
func TestMetadataNamesAreInLowerCase(t *testing.T) {
	t.Parallel()
	want := http.Header{"x-amz-meta-owner": {"alice"}, "x-amz-meta-two-words": {"Both"}, "Etag": {`"e"`}, "X-Amz-Missing-Meta": {"1"}}
	answer := func() *Answer {
		h := http.Header{"X-Amz-Meta-Owner": {"alice"}, "X-Amz-Meta-Two-Words": {"Both"}, "Etag": {`"e"`}, "X-Amz-Missing-Meta": {"1"}}
		return &Answer{Status: 200, Header: h, Body: io.NopCloser(strings.NewReader(""))}
	}
	if diff := cmp.Diff(want, relay(answer()).Header); diff != "" {
		t.Errorf("relay (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, headersOf(answer()).Header); diff != "" {
		t.Errorf("headersOf (-want +got):\n%s", diff)
	}
}
