package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// underWay has a download and an upload in the middle, and the upload's rest.
type underWay struct {
	*world
	download *http.Response
	upload   net.Conn
	rest     string
	body     string
}

func startUnderWay(t *testing.T) *underWay {
	w := &underWay{world: start(t), body: strings.Repeat("u", 1<<20)}
	for _, c := range []call{{path: "/bucket"}, {path: "/bucket/big", body: download}} {
		c.service, c.method = "s3", "PUT"
		if r := w.do(c); r.Status != 200 {
			t.Fatalf("%s: %d %s", c.path, r.Status, r.Body)
		}
	}
	var err error
	if w.download, err = w.client.Do(w.request(call{service: "s3", method: "GET", path: "/bucket/big"})); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.download.Body.Close() })
	if _, err := io.ReadFull(w.download.Body, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	text := w.wireOf(call{service: "s3", method: "PUT", path: "/bucket/new", body: w.body})
	half := len(text) - len(w.body)/2
	w.upload, _ = w.raw()
	w.rest = text[half:]
	if _, err := io.WriteString(w.upload, text[:half]); err != nil {
		t.Fatal(err)
	}
	await(t, "the upload to begin", func() bool { return w.recordsUpload("RolecallIntent") })
	return w
}

// recordsUpload reports whether the record has a line of some type for the upload.
func (w *world) recordsUpload(eventTypes ...string) bool {
	w.t.Helper()
	return slices.ContainsFunc(w.events(), func(e map[string]any) bool {
		return slices.Contains(eventTypes, fmt.Sprint(e["eventType"])) && strings.Contains(fmt.Sprint(e["resources"]), "bucket/new")
	})
}

// A stop waits for downloads and uploads that go on.
func TestStopWaits(t *testing.T) {
	t.Parallel()
	w := startUnderWay(t)
	stopped := make(chan error, 1)
	go func() { stopped <- w.Stop() }()
	await(t, "the listener to be closed", func() bool {
		conn, err := net.Dial("tcp", w.listener.Addr().String())
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	if _, err := io.WriteString(w.upload, w.rest); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(w.upload), nil)
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("the upload: %v, %v", resp, err)
	}
	if n, err := io.Copy(io.Discard, w.download.Body); err != nil || n != int64(len(download))-1000 {
		t.Errorf("the download: %d bytes more, %v", n, err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Stop: %v", err)
	}
	again := startIn(t, w.dir)
	if r := again.do(call{service: "s3", method: "GET", path: "/bucket/new"}); r.Body != w.body {
		t.Errorf("the object of the upload: %d, %d bytes", r.Status, len(r.Body))
	}
	if strings.Contains(again.logs.String(), "no outcome on record") {
		t.Error("something was left unfinished")
	}
}

// It does not wait for ever: what stands still is cut, which is no failure, and
// leaves nothing by halves.
func TestStopCutsWhatStandsStill(t *testing.T) {
	t.Parallel()
	w := startUnderWay(t)
	w.drain = 50 * time.Millisecond
	if err := w.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
	if _, err := io.Copy(io.Discard, w.download.Body); !errors.Is(err, io.ErrUnexpectedEOF) && !isReset(err) {
		t.Errorf("the download ended with %v: the client takes a part for the whole", err)
	}
	again := startIn(t, w.dir)
	again.do(call{service: "s3", method: "GET", path: "/bucket/new"}).want(t, "half an upload", 404, "NoSuchKey")
	if !again.recordsUpload("AwsApiCall", "RolecallUnfinished") {
		t.Error("the record does not say what became of the upload")
	}
	if strings.Contains(w.logs.String(), "level=ERROR") {
		t.Errorf("logged as a fault: %s", w.logs.String())
	}
}

func isReset(err error) bool {
	var op *net.OpError
	return errors.As(err, &op)
}
