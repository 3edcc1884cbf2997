package server

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// FuzzRequest sends whatever can be read as a request: as it is, and signed by
// the administrator for each service. There is an answer, and never a 5xx except
// the one for what is not built.
func FuzzRequest(f *testing.F) {
	w := start(f)
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /?Action=GetCallerIdentity&Version=2011-06-15 HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 43\r\n\r\nAction=GetCallerIdentity&Version=2011-06-15",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 79\r\n\r\nAction=AssumeRole&Version=2011-06-15&Tags.member.1.Key=a&Tags.member.1.Value=%41",
		"POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AWSOrganizationsV20161128.ListAccounts\r\nContent-Length: 17\r\n\r\n{\"MaxResults\":10}",
		"PUT /bucket HTTP/1.1\r\nHost: h\r\n\r\n",
		"PUT /bucket/a/../b?x-id=PutObject HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX-Amz-Copy-Source: /x/y\r\n\r\nabc",
		"POST /bucket?delete HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\n<Delete><Object><Key>k</Key></Object></Delete>    ",
		"GET /bucket?list-type=2&prefix=a;b HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ,,\r\nConnection: close\r\n\r\n",
		"OPTIONS * HTTP/1.0\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/20260101/r/iam/aws4_request, SignedHeaders=host, Signature=00\r\n\r\n",
		"GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb%2Fc%2Fsts%2Faws4_request&X-Amz-Signature=1 HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /b/k?AWSAccessKeyId=a&Signature=b&Expires=1 HTTP/1.1\r\nHost: h\r\n\r\n",
		"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, service := range []string{"", "sts", "iam", "organizations", "rolecall", "s3"} {
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(string(text))))
			if err != nil || r.ContentLength > 1<<20 {
				return
			}
			r.RemoteAddr = "127.0.0.1:1"
			if service != "" && !resign(r, service) {
				continue
			}
			rec := httptest.NewRecorder()
			w.http.Handler.ServeHTTP(rec, r)
			if rec.Code >= 500 && rec.Code != http.StatusNotImplemented {
				t.Fatalf("signed for %q: %d %s\n%s", service, rec.Code, rec.Body, w.logs)
			}
		}
	})
}

// resign signs a request with the body that it has.
func resign(r *http.Request, service string) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	target := sigv4.Target{Region: "us-east-1", Service: service}
	return sigv4.Sign(r, admin, target, sigv4.HashPayload(body), time.Now()) == nil
}
