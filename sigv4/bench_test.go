package sigv4

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// assumeRoleRequest is what botocore sends for AssumeRole, as a server sees it.
func assumeRoleRequest(b testing.TB, body string) *http.Request {
	r, err := http.NewRequest("POST", "http://127.0.0.1:8420/", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	r.Header.Set("User-Agent", "Boto3/1.43.11 md/Botocore#1.43.11")
	r.Header.Set("Amz-Sdk-Invocation-Id", "00000000-0000-0000-0000-000000000000")
	if err := Sign(r, testCreds, Target{Region: "us-east-1", Service: "sts"}, HashPayload([]byte(body)), testNow); err != nil {
		b.Fatal(err)
	}
	return r
}

func BenchmarkVerifyCached(b *testing.B) {
	const body = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fexample-role&RoleSessionName=example-session"
	r := assumeRoleRequest(b, body)
	keys := NewKeyCache(64)
	o := VerifyOptions{Now: testNow, Body: []byte(body)}
	b.ReportAllocs()
	for b.Loop() {
		sig, err := Parse(r)
		if err != nil {
			b.Fatal(err)
		}
		if err := sig.Verify(testSecret, keys, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyPresigned(b *testing.B) {
	signed, err := Presign(newBare(b, "GET", "http://127.0.0.1:8420/bucket/key"), creds(testToken), testS3, UnsignedPayload, MaxPresign, testNow)
	if err != nil {
		b.Fatal(err)
	}
	r := newBare(b, "GET", signed)
	keys := NewKeyCache(64)
	b.ReportAllocs()
	for b.Loop() {
		sig, err := Parse(r)
		if err != nil {
			b.Fatal(err)
		}
		if err := sig.Verify(testSecret, keys, VerifyOptions{Now: testNow}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDeriveKey(b *testing.B) {
	scope := Scope{Date: "20260304", Region: "us-east-1", Service: "sts"}
	for b.Loop() {
		deriveKey(testSecret, scope)
	}
}

func BenchmarkSignedChunks(b *testing.B) {
	content := make([]byte, 1<<20)
	sig := verified(b, StreamingPayload, -1, "X-Amz-Decoded-Content-Length", fmt.Sprint(len(content)))
	wire := encodeChunks(sig, content, 64<<10, true, "\r\n")
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		body, err := sig.Body(bytes.NewReader(wire))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			b.Fatal(err)
		}
	}
}
