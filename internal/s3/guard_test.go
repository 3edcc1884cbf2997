package s3

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
)

// Each guard stands against something that the embedded store really does.
// These tests show it: they switch the guard off (ExactKeys) and expect the
// wrong outcome. When one fails, the store has changed, and the guard may go.

func TestWithoutTheGuardDotsReadAnotherKey(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, ExactKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	must(t, u, call("PutObject", "bucket", "secret/k").body("secret"))
	must(t, u, call("PutObject", "bucket", "pub/k").body("public"))
	for _, key := range []string{"pub/../secret/k", "secret//k", "./secret/k", "/secret/k"} {
		if PathKeys.Check(key) == nil {
			t.Errorf("the guard lets %q through", key)
		}
		c := call("CopyObject", "bucket", "stolen")
		c.Source = &Source{Bucket: "bucket", Key: key}
		_, _, copyErr := do(t, u, c)
		_, body, err := do(t, u, call("GetObject", "bucket", key))
		if body != "secret" && copyErr != nil {
			t.Errorf("%q: GetObject %q, %v, CopyObject %v: the store no longer takes it for another key", key, body, err, copyErr)
		}
	}
}

func TestWithoutTheGuardPartsOfUploadsAreObjects(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, ExactKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	a, err := u.Do(t.Context(), call("CreateMultipartUpload", "bucket", "big"))
	var up initiateResult
	if err != nil || decodeAnswer(a, &up) != nil {
		t.Fatal(err)
	}
	must(t, u, call("UploadPart", "bucket", "big", "partNumber", "1", "uploadId", up.UploadID).body("unfinished"))
	key := fmt.Sprintf(".sgwtmp/multipart/%x/%s/1", sha256.Sum256([]byte("big")), up.UploadID)
	if PathKeys.Check(key) == nil {
		t.Errorf("the guard lets %q through", key)
	}
	if _, body := must(t, u, call("GetObject", "bucket", key)); body != "unfinished" {
		t.Errorf("GetObject %s = %q: parts are no longer objects", key, body)
	}
	must(t, u, call("PutObject", "bucket", key).body("replaced"))
	if _, body := must(t, u, call("GetObject", "bucket", key)); body != "replaced" {
		t.Errorf("PutObject %s no longer replaces a part", key)
	}
}

func TestWithoutTheGuardAFolderLosesItsBody(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, ExactKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	if PathKeys.CheckPut("folder/", 4) == nil {
		t.Error("the guard lets a folder with a body through")
	}
	if _, _, err := do(t, u, call("PutObject", "bucket", "folder/").body("body")); err == nil {
		if _, body := must(t, u, call("GetObject", "bucket", "folder/")); body == "body" {
			t.Error("the store keeps the body of a folder now")
		}
	}
}

func TestWithoutTheGuardALongSegmentIsAFault(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, ExactKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	key := ""
	for range 256 {
		key += "s"
	}
	if PathKeys.Check(key) == nil {
		t.Error("the guard lets a segment of 256 bytes through")
	}
	if _, _, err := do(t, u, call("PutObject", "bucket", key).body("x")); err == nil {
		t.Error("the store keeps segments of 256 bytes now")
	}
}

func TestTheUpstreamRepeatsTheGuard(t *testing.T) {
	t.Parallel()
	u := startUpstream(t, PathKeys)
	must(t, u, call("CreateBucket", "bucket", ""))
	must(t, u, call("PutObject", "bucket", "secret/k").body("secret"))
	if _, _, err := do(t, u, call("GetObject", "bucket", "pub/../secret/k")); !errors.Is(err, apierr.InvalidArgument) {
		t.Errorf("a row that forgot the guard: %v, want InvalidArgument", err)
	}
	c := call("CopyObject", "bucket", "k")
	c.Source = &Source{Bucket: "bucket", Key: "secret//k"}
	if _, _, err := do(t, u, c); !errors.Is(err, apierr.InvalidArgument) {
		t.Errorf("a row that forgot the guard for its source: %v, want InvalidArgument", err)
	}
}
