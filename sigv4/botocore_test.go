package sigv4

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// What testdata/botocore_sign.py signs with.
const (
	botocoreSecret = Secret("python/SECRET+exampleEXAMPLEkeyEXAMPLE00")
	botocoreToken  = "token/with+plus=and/slash"
	botocoreFloor  = 40 // requests that must have been captured, lest an empty list pass
	trailerFloor   = 3  // those of them with a checksum in a trailer
)

type captured struct {
	Name, Method, URL string
	Headers           [][2]string
	Body              []byte
}

// request puts the captured request on the wire and reads it as a server does.
func (c captured) request(t testing.TB) *http.Request {
	t.Helper()
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, target, _ := strings.Cut(strings.TrimPrefix(c.URL, u.Scheme+"://"), "/")
	var wire bytes.Buffer
	fmt.Fprintf(&wire, "%s /%s HTTP/1.1\r\nHost: %s\r\n", c.Method, target, u.Host)
	chunked := false
	for _, h := range c.Headers {
		if strings.EqualFold(h[0], "Host") && h[1] == u.Host { // older releases say it themselves
			continue
		}
		fmt.Fprintf(&wire, "%s: %s\r\n", h[0], h[1])
		chunked = chunked || strings.EqualFold(h[0], "Transfer-Encoding")
	}
	wire.WriteString("\r\n")
	if chunked {
		w := httputil.NewChunkedWriter(&wire)
		w.Write(c.Body)
		w.Close()
		wire.WriteString("\r\n")
	} else {
		wire.Write(c.Body)
	}
	r, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return r
}

func botocoreRequests(t *testing.T) []captured {
	t.Helper()
	if out, err := exec.Command("python3", "-c", "import botocore").CombinedOutput(); err != nil {
		t.Skipf("python3 with botocore is missing: %v %s", err, bytes.TrimSpace(out))
	}
	var stderr bytes.Buffer
	cmd := exec.Command("python3", "testdata/botocore_sign.py")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("botocore_sign.py: %v\n%s", err, stderr.String())
	}
	var list []captured
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatal(err)
	}
	if len(list) < botocoreFloor {
		t.Fatalf("botocore_sign.py made %d requests, want at least %d", len(list), botocoreFloor)
	}
	return list
}

// TestBotocoreSigner verifies what real botocore clients sign: header and query,
// both versions, hashed and streaming bodies; and that a wrong secret fails.
func TestBotocoreSigner(t *testing.T) {
	t.Parallel()
	list := botocoreRequests(t)
	t.Logf("%d requests", len(list))
	var trailers atomic.Int32
	t.Cleanup(func() {
		if n := trailers.Load(); n < trailerFloor {
			t.Errorf("%d bodies had a trailer, want at least %d", n, trailerFloor)
		}
	})
	for _, c := range list {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			r := c.request(t)
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			sig, err := Parse(r)
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			if want := map[bool]string{false: botocoreToken}[strings.Contains(c.Name, "long-term") || strings.Contains(c.Name, "no token")]; sig.SessionToken != want {
				t.Errorf("session token %q, want %q", sig.SessionToken, want)
			}
			now := sig.Time
			if sig.Version == V2 {
				now = sig.ExpiresAt
			}
			o := VerifyOptions{Now: now, Body: body}
			if err := sig.Verify(botocoreSecret+"x", nil, o); !errors.Is(err, ErrSignatureMismatch) {
				t.Errorf("Verify with a wrong secret: %v, want ErrSignatureMismatch", err)
			}
			if err := sig.Verify(botocoreSecret, nil, o); err != nil {
				t.Fatalf("Verify %s %s: %v", c.Method, c.URL, err)
			}
			content, err := sig.Body(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(content)
			if err != nil {
				t.Fatalf("Body: %v", err)
			}
			if sig.Payload.Streaming() {
				trailers.Add(1)
			}
			if sig.Payload.Streaming() && (len(content.Trailer()) != 1 || int64(len(got)) != sig.DecodedLength) {
				t.Errorf("trailer %v, %d bytes; want one checksum and %d bytes", content.Trailer(), len(got), sig.DecodedLength)
			}
		})
	}
}
