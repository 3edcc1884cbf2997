package s3

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkGet compares one GetObject of 1 KiB through the upstream, store and
// all, with a bare net/http server that answers as much over loopback.
func BenchmarkGet(b *testing.B) {
	u := startUpstream(b, PathKeys)
	must(b, u, call("CreateBucket", "bucket", ""))
	must(b, u, call("PutObject", "bucket", "k").body(strings.Repeat("x", 1024)))
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			get(b, u)
		}
	})
	b.Run("relay", func(b *testing.B) { // our own share: the store is a bare server
		b.ReportAllocs()
		ln, err := net.Listen("unix", filepath.Join(b.TempDir(), "s"))
		if err != nil {
			b.Fatal(err)
		}
		body := []byte(strings.Repeat("x", 1024))
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) })}
		go server.Serve(ln)
		defer server.Close()
		bare := upstreamAt(b, ln.Addr().String())
		for b.Loop() {
			get(b, bare)
		}
	})
	b.Run("build", func(b *testing.B) {
		b.ReportAllocs()
		c := call("GetObject", "bucket", "k")
		for b.Loop() {
			if _, _, err := u.build(b.Context(), shapes["GetObject"], c); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		body := []byte(strings.Repeat("x", 1024))
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) })}
		go server.Serve(ln)
		defer server.Close()
		url := "http://" + ln.Addr().String() + "/"
		for b.Loop() {
			res, err := http.Get(url)
			if err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
	})
}

func get(b *testing.B, u *Upstream) {
	a, err := u.Do(context.Background(), call("GetObject", "bucket", "k"))
	if err != nil {
		b.Fatal(err)
	}
	io.Copy(io.Discard, a.Body)
	a.Body.Close()
}
