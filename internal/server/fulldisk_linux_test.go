package server

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A server whose disk is full goes on with reads and deletions as long as the
// record's reserve lasts, refuses what it cannot keep or record, loses nothing,
// starts, and goes on by itself when there is room again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	c := &crash{t: t, dir: filepath.Join(smallDisk(t), "data"), facts: map[string]*fact{}, random: rand.New(rand.NewPCG(1, 0))}
	c.start()
	c.demand(call{service: "s3", method: "PUT", path: "/" + crashBucket})
	for _, key := range []string{"old", "gone"} {
		v := version(key, 100_000)
		c.demand(call{service: "s3", method: "PUT", path: "/" + crashBucket + "/" + key, body: content(v, 100_000), header: map[string]string{"x-amz-meta-version": v}})
	}
	put := call{service: "s3", method: "PUT", path: "/" + crashBucket + "/large", body: strings.Repeat("x", 1<<20)}
	read := call{service: "s3", method: "GET", path: "/" + crashBucket + "/old"}
	remove := call{service: "s3", method: "DELETE", path: "/" + crashBucket + "/gone"}
	change := call{service: "iam", body: iamForm("CreateUser", "UserName", "refused")}
	harmless := call{service: "iam", body: iamForm("TagUser", "UserName", "admin", "Tags.member.1.Key", "k", "Tags.member.1.Value", "v")}

	c.fill(1 << 19) // no room for an object, which nothing else has noticed
	c.expect(put, 503)
	c.expect(read, 200)

	c.fill(0)
	await(t, "changes to be refused", func() bool { return c.ask(harmless).Status == 503 })
	c.expect(change, 503)
	c.expect(read, 200)
	c.expect(remove, 204)

	c.fill(0) // the reserve as well
	await(t, "everything to be refused", func() bool { return c.ask(read).Status == 503 })
	c.expect(change, 503)

	c.process.kill()
	c.start()
	c.expect(change, 503)

	c.empty()
	await(t, "the server to go on", func() bool { return c.ask(harmless).Status == 200 })
	c.expect(call{service: "iam", body: iamForm("GetUser", "UserName", "refused")}, 404)
	c.expect(call{service: "s3", method: "HEAD", path: put.path}, 404)
	if got, want := c.object("old"), version("old", 100_000)+"|"; got != want {
		t.Errorf("the object from before is %q, want %q", got, want)
	}
	for _, l := range c.newLines() { // each of which is whole
		if l.EventName == "CreateUser" && l.EventType != "AwsApiCall" {
			t.Errorf("the change that was refused began: %s", l.text)
		}
	}
}

// smallDisk mounts a file system of its own.
func smallDisk(t *testing.T) string {
	t.Helper()
	mount := t.TempDir()
	if err := syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=320m,mode=700"); err != nil {
		t.Skip("no file system of its own can be mounted here:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(mount, 0); err != nil {
			t.Error(err)
		}
	})
	return mount
}

func (c *crash) expect(what call, status int) {
	c.t.Helper()
	if r := c.ask(what); r.Status != status {
		c.t.Errorf("%s %s: %d %s, want %d", or(what.method, "POST"), what.path+what.body[:min(len(what.body), 50)], r.Status, r.Body, status)
	}
}

// ballast is a file beside the data directory.
func (c *crash) ballast() string { return filepath.Join(filepath.Dir(c.dir), "ballast") }

// fill takes what room there is, but for some bytes.
func (c *crash) fill(leave uint64) {
	c.t.Helper()
	var st syscall.Statfs_t
	err := syscall.Statfs(c.dir, &st)
	if err != nil {
		c.t.Fatal(err)
	}
	f, err := os.OpenFile(c.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	if free := st.Bavail * uint64(st.Bsize); free > leave {
		if _, err := f.Write(make([]byte, free-leave)); err != nil && !errors.Is(err, syscall.ENOSPC) {
			c.t.Fatal(err)
		}
	}
}

// empty gives the room back.
func (c *crash) empty() {
	c.t.Helper()
	if err := os.Remove(c.ballast()); err != nil {
		c.t.Fatal(err)
	}
}
