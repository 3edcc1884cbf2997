package s3_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// BenchmarkGet1KiB compares a GET of 1 KiB through the gateway, the store
// included, with a bare net/http server that answers the same bytes. What the
// store alone takes is BenchmarkUpstream's.
func BenchmarkGet1KiB(b *testing.B) {
	body := strings.Repeat("x", 1<<10)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	defer bare.Close()
	w := start(b)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/k", body)
	plain, err := http.NewRequest("GET", bare.URL+"/bucket/k", nil)
	w.check(err)
	for _, c := range []struct {
		name string
		r    *http.Request
	}{{"bare", plain}, {"gateway", w.request(call{as: admin, method: "GET", path: "/bucket/k"})}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				res, err := http.DefaultTransport.RoundTrip(c.r)
				if err != nil || res.StatusCode != http.StatusOK {
					b.Fatal(res, err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
		})
	}
}
