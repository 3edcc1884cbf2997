package sigv4

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"
)

// TestDeriveKey is the derived key of AWS's guide, "Examples of how to derive a
// signing key".
func TestDeriveKey(t *testing.T) {
	t.Parallel()
	key := deriveKey(suiteSecret, Scope{Date: "20120215", Region: "us-east-1", Service: "iam"})
	const want = "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"
	if got := hex.EncodeToString(key[:]); got != want {
		t.Errorf("deriveKey = %s, want %s", got, want)
	}
}

// TestSignIsHMAC compares with crypto/hmac, for messages that fit on the stack
// and longer ones.
func TestSignIsHMAC(t *testing.T) {
	t.Parallel()
	key := signingKey(sha256.Sum256([]byte("key")))
	for n := range 1200 {
		message := bytes.Repeat([]byte{byte(n)}, n)
		mac := hmac.New(sha256.New, key[:])
		mac.Write(message)
		got, want := key.sign(message), hex.EncodeToString(mac.Sum(nil))
		if string(got[:]) != want {
			t.Fatalf("sign of %d bytes = %s, want %s", n, got, want)
		}
		for _, other := range []string{"", want[:63], want + "0", want[:63] + "g", "0" + want[1:], "1" + want[1:]} {
			if got.is(other) != (other == want) {
				t.Errorf("%q is %q: %v", got, other, got.is(other))
			}
		}
	}
}

// TestKeyCacheSeparates: each part of the scope and the secret has its own entry.
func TestKeyCacheSeparates(t *testing.T) {
	t.Parallel()
	c := NewKeyCache(64)
	base := Scope{Date: "20260304", Region: "us-east-1", Service: "s3"}
	c.add(digest("secret", base), signingKey{1})
	if key, ok := c.get(digest("secret", base)); !ok || key != (signingKey{1}) {
		t.Errorf("get = %v, %v", key, ok)
	}
	for _, other := range []cacheDigest{
		digest("rotated", base),
		digest("secret", Scope{"20260305", base.Region, base.Service}),
		digest("secret", Scope{base.Date, "us-east-2", base.Service}),
		digest("secret", Scope{base.Date, base.Region, "sts"}),
	} {
		if _, ok := c.get(other); ok {
			t.Errorf("%x hits another entry", other[:4])
		}
	}
}

// TestKeyCacheBounded floods a small cache from several goroutines.
func TestKeyCacheBounded(t *testing.T) {
	t.Parallel()
	c := NewKeyCache(8)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				d := digest(Secret(fmt.Sprint(g, i)), Scope{Service: "s3"})
				c.add(d, signingKey(d))
				if key, ok := c.get(d); ok && key != signingKey(d) {
					t.Errorf("entry %d/%d holds another key", g, i)
				}
			}
		})
	}
	wg.Wait()
	if n := len(c.sets) * cacheWays; n != 8 {
		t.Errorf("the cache has %d entries, want 8", n)
	}
}

// TestKeyCacheKeepsOutFailures: a wrong secret leaves no entry.
func TestKeyCacheKeepsOutFailures(t *testing.T) {
	t.Parallel()
	keys := NewKeyCache(4)
	sig := verified(t, UnsignedPayload, 0)
	if err := sig.Verify("wrong", keys, VerifyOptions{Now: testNow}); err == nil {
		t.Fatal("wrong secret verified")
	}
	if _, ok := keys.get(digest("wrong", sig.Scope)); ok {
		t.Error("the key of a failed verification is cached")
	}
	if err := sig.Verify(testSecret, keys, VerifyOptions{Now: testNow}); err != nil {
		t.Fatal(err)
	}
	if _, ok := keys.get(digest(testSecret, sig.Scope)); !ok {
		t.Error("the key of a successful verification is not cached")
	}
}
