package s3

import (
	"errors"
	"path"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("s", 255)
	tests := []struct {
		key         string
		path, exact bool
	}{
		{"a", true, true},
		{"a/b/c.txt", true, true},
		{"a/", true, true},
		{"ü/日本語/🙂", true, true},
		{"a b+c%2F;?&=#", true, true},
		{"...", true, true},
		{".hidden/..x", true, true},
		{"a/.sgwtmp/b", false, true},
		{".sgwtmpx", true, true},
		{long + "/" + long, true, true},
		{"pub/../secret/k", false, true},
		{"..", false, true},
		{"a/..", false, true},
		{"./z", false, true},
		{"a/./b", false, true},
		{"a//b", false, true},
		{"a//", false, true},
		{"/lead", false, true},
		{"/", false, true},
		{".sgwtmp", false, true},
		{".sgwtmp/", false, true},
		{".sgwtmp/multipart/x/y/1", false, true},
		{"a\x00b", false, true},
		{"a\nb", false, true},
		{"a\x7fb", false, true},
		{long + "s", false, true},
		{"", false, false},
		{"a\xffb", false, false},
		{strings.Repeat("ab/", 341) + "z", true, true},
		{strings.Repeat("ab/", 341) + "zz", false, false},
	}
	for _, tt := range tests {
		if got := PathKeys.Check(tt.key) == nil; got != tt.path {
			t.Errorf("PathKeys.Check(%.60q) accepts: %t, want %t", tt.key, got, tt.path)
		}
		if got := ExactKeys.Check(tt.key) == nil; got != tt.exact {
			t.Errorf("ExactKeys.Check(%.60q) accepts: %t, want %t", tt.key, got, tt.exact)
		}
	}
}

func TestCheckPut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule KeyRule
		key  string
		size int64
		ok   bool
	}{
		{PathKeys, "a/", 0, true}, {PathKeys, "a/", 1, false}, {PathKeys, "a", 1, true}, {ExactKeys, "a/", 1, true}, {PathKeys, "a//", 0, false},
	} {
		if got := tt.rule.CheckPut(tt.key, tt.size) == nil; got != tt.ok {
			t.Errorf("rule %d: CheckPut(%q, %d) accepts: %t, want %t", tt.rule, tt.key, tt.size, got, tt.ok)
		}
	}
}

// FuzzCheck holds the property that the rule is for: a path that is accepted
// means itself and stays below its bucket.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"a/b", "a/../b", "a//b", "./a", "/a", "a/", ".sgwtmp/x", "a\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := PathKeys.Check(key)
		if err == nil && path.Join("/bucket", key) != "/bucket/"+strings.TrimSuffix(key, "/") {
			t.Errorf("Check(%q) accepts a key that a file system reads as %q", key, path.Join("/bucket", key))
		}
		var e *apierr.Error
		if err != nil && (!errors.As(err, &e) || e.Status != 400) {
			t.Errorf("Check(%q) = %v, want an error with status 400", key, err)
		}
	})
}

func TestCheckBucket(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"abc": true, "a.b-c.9": true, strings.Repeat("a", 63): true, "1.2.3": true, "my-plan": true,
		"": false, "ab": false, strings.Repeat("a", 64): false, "Abc": false, "a_b": false, "-ab": false, "ab-": false, ".ab": false,
		"a..b": false, "192.168.5.4": false, "xn--abc": false, "sthree-x": false, "a-s3alias": false, "a--ol-s3": false,
		"..": false, "a/b": false, "a%b": false, "abc\n": false, "amzn-s3-demo-x": false, "a--x-s3": false, "x.mrap": false,
	} {
		if got := CheckBucket(name) == nil; got != want {
			t.Errorf("CheckBucket(%q) accepts: %t, want %t", name, got, want)
		}
	}
	for name, want := range map[string]bool{"abc": true, "readyz": false, "healthz": false, "Ab": false} {
		if got := CheckNewBucket(name) == nil; got != want {
			t.Errorf("CheckNewBucket(%q) accepts: %t, want %t", name, got, want)
		}
	}
	if CheckBucket("readyz") != nil {
		t.Error("CheckBucket refuses readyz: only making it is refused")
	}
}
