package sigv4

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestV2Example is the query string authentication example of S3's "Signing and
// authenticating REST requests", with the bucket in the path.
func TestV2Example(t *testing.T) {
	t.Parallel()
	r := readRequest(t, "GET /johnsmith/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620 HTTP/1.1\nHost: s3.us-west-1.amazonaws.com")
	expected := time.Unix(1175139620, 0)
	sig, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	if sig.Version != V2 || !sig.S3() || !sig.ExpiresAt.Equal(expected) {
		t.Errorf("Parse = %v, ends %v", sig, sig.ExpiresAt)
	}
	if err := sig.Verify(s3Secret, nil, VerifyOptions{Now: expected.Add(time.Second)}); !errors.Is(err, ErrPresignExpired) {
		t.Errorf("after the end: %v, want ErrPresignExpired", err)
	}
	if err := sig.Verify(s3Secret, nil, VerifyOptions{Now: expected}); err != nil {
		t.Errorf("Verify: %v", err)
	}
}

// v2URL returns a signed URL for the resource, made by the verifier's own string
// to sign, which TestBotocoreSigner and TestV2Example hold to other signers.
func v2URL(t *testing.T, resource string) string {
	t.Helper()
	sep := map[bool]string{true: "&", false: "?"}[strings.Contains(resource, "?")]
	raw := "http://h" + resource + sep + "AWSAccessKeyId=AKIDEXAMPLE&Expires=1175139620"
	unsigned := newBare(t, "GET", raw)
	query, err := parseQuery(unsigned.URL.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	s := &Signature{req: unsigned, query: query}
	text, err := s.v2StringToSign(unsigned.URL.EscapedPath())
	if err != nil {
		t.Fatal(err)
	}
	return raw + "&Signature=" + url.QueryEscape(v2Sign(testSecret, text))
}

// TestV2Tampering alters a URL; only what the version leaves free may change.
func TestV2Tampering(t *testing.T) {
	t.Parallel()
	good := v2URL(t, "/b/k?versionId=a&response-content-type=x&x-amz-meta-a=1:2&x-amz-meta-b=3&x-amz-security-token=t&prefix=p")
	for _, tt := range []struct{ name, old, new string }{
		{"key", "/b/k", "/b/l"},
		{"bucket", "/b/k", "/c/k"},
		{"version", "versionId=a", "versionId=b"},
		{"override", "response-content-type=x", "response-content-type=y"},
		{"override dropped", "&response-content-type=x", ""},
		{"token", "token=t", "token=u"},
		{"token dropped", "&x-amz-security-token=t", ""},
		{"expiry", "Expires=1", "Expires=2"},
		{"sub-resource", "?", "?acl&"},
		{"unknown sub-resource", "?", "?retention&"},
		{"amz parameter", "?", "?x-amz-acl=public-read&"},
		{"content type", "?", "?content-type=x&"},
		{"case of a parameter", "versionId", "VersionId"},
		{"two headers in one", "a=1:2&x-amz-meta-b=3", "a=1:2%0Ax-amz-meta-b:3"},
		{"part of the value in the name", "a=1:2", "a:1=2"},
	} {
		altered := strings.Replace(good, tt.old, tt.new, 1)
		if altered == good {
			t.Fatalf("%s: %q is not in %s", tt.name, tt.old, good)
		}
		if err := verifyURL(t, altered); err == nil || errors.Is(err, ErrPresignExpired) {
			t.Errorf("%s: altered URL gives %v", tt.name, err)
		}
	}
	if err := verifyURL(t, good); err != nil {
		t.Errorf("untouched: %v", err)
	}
	if err := verifyURL(t, strings.Replace(good, "prefix=p", "prefix=q", 1)); err != nil {
		t.Errorf("a listing parameter, which the version leaves free: %v", err)
	}
}

func verifyURL(t *testing.T, raw string) error {
	t.Helper()
	sig, err := Parse(newBare(t, "GET", raw))
	if err != nil {
		return err
	}
	return sig.Verify(testSecret, nil, VerifyOptions{Now: time.Unix(1175139000, 0)})
}
