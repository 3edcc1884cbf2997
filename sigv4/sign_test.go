package sigv4

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const testToken = "session/token+with=signs"

// requests are shapes that both signers must agree on: method, URL, service.
var requests = []struct{ method, url, service string }{
	{"GET", "http://127.0.0.1:8420/", "sts"},
	{"GET", "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", "sts"},
	{"POST", "http://127.0.0.1:8420/a%20b/c", "iam"},
	{"GET", "http://127.0.0.1:8420/bucket/key%20with%2Bplus/%C3%BC?list-type=2&prefix=a%3Bb", "s3"},
	{"PUT", "http://127.0.0.1:8420/bucket//a/../b?x-id=PutObject", "s3"},
	{"GET", "http://127.0.0.1:8420/bucket?acl&versions&b=2&b=1&a=%20+", "s3"},
}

// received passes a signed client request over the wire.
func received(t testing.TB, r *http.Request) *http.Request {
	t.Helper()
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		t.Fatal(err)
	}
	return readRequest(t, strings.ReplaceAll(wire.String(), "\r\n", "\n"))
}

func newRequest(t testing.TB, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/plain;  charset=utf-8")
	r.Header.Add("X-Amz-Meta-Note", " two  spaces ")
	return r
}

func creds(token string) Credentials {
	return Credentials{AccessKeyID: "ASIAEXAMPLEEXAMPLE00", SecretAccessKey: testSecret, SessionToken: token}
}

// TestSignAndVerify signs with our signer and verifies what arrives.
func TestSignAndVerify(t *testing.T) {
	t.Parallel()
	keys := NewKeyCache(16)
	for _, tt := range requests {
		for _, token := range []string{"", testToken} {
			target := Target{Region: "eu-west-1", Service: tt.service, Keys: keys}
			r := newRequest(t, tt.method, tt.url)
			if err := Sign(r, creds(token), target, EmptySHA256, testNow); err != nil {
				t.Fatal(err)
			}
			if sig := mustVerify(t, received(t, r), testSecret, VerifyOptions{Now: testNow}); sig.SessionToken != token {
				t.Errorf("%s %s: token %q, want %q", tt.method, tt.url, sig.SessionToken, token)
			}
			payload := EmptySHA256
			if tt.service == "s3" {
				payload = UnsignedPayload
			}
			plain := newRequest(t, tt.method, tt.url)
			signed, err := Presign(plain, creds(token), target, payload, time.Minute, testNow)
			if err != nil {
				t.Fatal(err)
			}
			sig := mustVerify(t, received(t, newRequest(t, tt.method, signed)), testSecret, VerifyOptions{Now: testNow})
			if sig.SessionToken != token || !sig.Presigned {
				t.Errorf("presigned %s: token %q presigned %v", tt.url, sig.SessionToken, sig.Presigned)
			}
		}
	}
}

// TestSDKSigner verifies what aws-sdk-go-v2 signs, in header and query, and
// holds our signer to the same signature where both sign the same headers.
func TestSDKSigner(t *testing.T) {
	t.Parallel()
	sdkCreds := aws.Credentials{AccessKeyID: "ASIAEXAMPLEEXAMPLE00", SecretAccessKey: string(testSecret), SessionToken: testToken}
	for _, tt := range requests {
		if tt.service != "s3" && strings.Contains(tt.url, "//a") {
			continue
		}
		signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = tt.service == "s3" })
		r := newRequest(t, tt.method, tt.url)
		if tt.service == "s3" {
			r.Header.Set("X-Amz-Content-Sha256", EmptySHA256)
		}
		if err := signer.SignHTTP(context.Background(), sdkCreds, r, EmptySHA256, tt.service, "eu-west-1", testNow); err != nil {
			t.Fatal(err)
		}
		mustVerify(t, received(t, r), testSecret, VerifyOptions{Now: testNow})

		ours := newRequest(t, tt.method, tt.url)
		if err := Sign(ours, creds(testToken), Target{Region: "eu-west-1", Service: tt.service}, EmptySHA256, testNow); err != nil {
			t.Fatal(err)
		}
		if got, want := ours.Header.Get("Authorization"), r.Header.Get("Authorization"); got != want {
			t.Errorf("%s %s:\n got %s\nwant %s", tt.method, tt.url, got, want)
		}

		payload, u := EmptySHA256, tt.url
		if tt.service == "s3" {
			payload = UnsignedPayload
			u += map[bool]string{true: "&", false: "?"}[strings.Contains(u, "?")] + "X-Amz-Expires=60"
		}
		signed, _, err := signer.PresignHTTP(context.Background(), sdkCreds, newBare(t, tt.method, u), payload, tt.service, "eu-west-1", testNow)
		if err != nil {
			t.Fatal(err)
		}
		mustVerify(t, received(t, newBare(t, tt.method, signed)), testSecret, VerifyOptions{Now: testNow})
	}
}

func newBare(t testing.TB, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestTampering alters one thing at a time in a verified request. Each must be
// refused by Parse or Verify. (The access key id is not covered by a signature:
// another id means another secret.)
func TestTampering(t *testing.T) {
	t.Parallel()
	const body = "Action=AssumeRole&Version=2011-06-15"
	for _, service := range []string{"sts", "s3"} {
		fresh := func() *http.Request {
			r := newRequest(t, "POST", "http://127.0.0.1:8420/bucket/key?a=1&b=2&b=3&empty=")
			if err := Sign(r, creds(testToken), Target{Region: "us-east-1", Service: service}, HashPayload([]byte(body)), testNow); err != nil {
				t.Fatal(err)
			}
			return r
		}
		verify := func(r *http.Request, body string) error {
			sig, err := Parse(r)
			if err != nil {
				return err
			}
			return sig.Verify(testSecret, nil, VerifyOptions{Now: testNow, Body: []byte(body)})
		}
		if err := verify(fresh(), body); err != nil {
			t.Fatalf("%s: untouched request: %v", service, err)
		}
		edit := func(old, new string) func(*http.Request) {
			return func(r *http.Request) {
				before := r.Header.Get("Authorization")
				after := strings.Replace(before, old, new, 1)
				if after == before {
					t.Fatalf("%q is not in %q", old, before)
				}
				r.Header.Set("Authorization", after)
			}
		}
		set := func(name, value string) func(*http.Request) {
			return func(r *http.Request) { r.Header.Set(name, value) }
		}
		query := func(raw string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = raw } }
		path := func(p string) func(*http.Request) { return func(r *http.Request) { r.URL.Path, r.URL.RawPath = p, "" } }
		for name, alter := range map[string]func(*http.Request){
			"method":             func(r *http.Request) { r.Method = "PUT" },
			"host":               func(r *http.Request) { r.Host = "other" },
			"path":               path("/bucket/key2"),
			"path slash":         path("/bucket/key/"),
			"query value":        query("a=1&b=2&b=4&empty="),
			"query dropped":      query("a=1&b=2&b=3"),
			"query added":        query("a=1&b=2&b=3&empty=&c"),
			"query semicolon":    query("a=1;b=2&b=3&empty="),
			"query merged":       query("a=1%26b=2&b=3&empty="),
			"query repeated":     query("a=1&a=1&b=2&b=3&empty="),
			"content type":       set("Content-Type", "text/html"),
			"metadata":           set("X-Amz-Meta-Note", "three spaces"),
			"metadata repeated":  func(r *http.Request) { r.Header.Add("X-Amz-Meta-Note", "more") },
			"metadata removed":   func(r *http.Request) { r.Header.Del("X-Amz-Meta-Note") },
			"amz header added":   set("X-Amz-Acl", "public-read"),
			"amz header by case": func(r *http.Request) { r.Header["x-AMZ-acl"] = []string{"public-read"} },
			"token":              set("X-Amz-Security-Token", "other"),
			"token removed":      func(r *http.Request) { r.Header.Del("X-Amz-Security-Token") },
			"date":               set("X-Amz-Date", FormatTime(testNow.Add(time.Second))),
			"region":             edit("us-east-1", "us-east-2"),
			"service":            edit("/"+service+"/", "/iam/"),
			"scope date":         edit("/20260304/", "/20260305/"),
			"signed headers":     edit("content-type;", ""),
			"signature":          edit("Signature=", "Signature=0"),
			"authorization":      func(r *http.Request) { r.Header.Del("Authorization") },
			"two authorizations": func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) },
			"two dates":          func(r *http.Request) { r.Header.Add("X-Amz-Date", FormatTime(testNow)) },
		} {
			r := fresh()
			alter(r)
			if err := verify(r, body); err == nil {
				t.Errorf("%s: altered %s was verified", service, name)
			}
		}
		if service == "sts" {
			if err := verify(fresh(), body+"&More=1"); !errors.Is(err, ErrSignatureMismatch) {
				t.Errorf("altered body: %v, want ErrSignatureMismatch", err)
			}
		}
	}
}

// TestPresignedTampering alters every byte of a presigned URL's query.
func TestPresignedTampering(t *testing.T) {
	t.Parallel()
	signed, err := Presign(newBare(t, "GET", "http://127.0.0.1:8420/bucket/key?versionId=3"), creds(testToken), testS3, UnsignedPayload, time.Minute, testNow)
	if err != nil {
		t.Fatal(err)
	}
	start := strings.IndexByte(signed, '?') + 1
	for i := start; i < len(signed); i++ {
		altered := []byte(signed)
		altered[i] ^= 1
		r, err := http.NewRequest("GET", string(altered), nil)
		if err != nil {
			continue
		}
		sig, err := Parse(r)
		if err != nil {
			continue
		}
		if err := sig.Verify(testSecret, nil, VerifyOptions{Now: testNow}); err == nil && !sameQuery(t, signed, string(altered)) {
			t.Errorf("altered byte %d was verified: %s", i, altered)
		}
	}
}

// sameQuery reports whether two URLs say the same: %2f and %2F differ in bytes alone.
func sameQuery(t testing.TB, a, b string) bool {
	t.Helper()
	_, rawA, _ := strings.Cut(a, "?")
	_, rawB, _ := strings.Cut(b, "?")
	qa, errA := ParseQuery(rawA)
	qb, errB := ParseQuery(rawB)
	return errA == nil && errB == nil && fmt.Sprint(qa) == fmt.Sprint(qb)
}

// TestRedaction prints credentials and signatures with every verb that a log might use.
func TestRedaction(t *testing.T) {
	t.Parallel()
	c := creds(testToken)
	r := newRequest(t, "GET", "http://127.0.0.1:8420/")
	if err := Sign(r, c, testS3, EmptySHA256, testNow); err != nil {
		t.Fatal(err)
	}
	sig, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if out := fmt.Sprintf(verb, c.SecretAccessKey); out != redacted {
			t.Errorf("%s prints %s", verb, out)
		}
		if out := fmt.Sprintf(verb, c); strings.Contains(out, string(testSecret)) {
			t.Errorf("%s prints the secret: %s", verb, out)
		}
	}
	for _, out := range []string{sig.String(), sig.LogValue().String()} {
		if strings.Contains(out, testToken) || strings.Contains(out, sig.given) || !strings.Contains(out, c.AccessKeyID) {
			t.Errorf("signature prints as %s", out)
		}
	}
}
