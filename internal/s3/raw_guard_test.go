package s3_test

import (
	"bufio"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// raw sends bytes as they are over a connection of its own, and returns the
// statuses and bodies that come back until the server closes it.
func (w *world) raw(text string) (statuses, bodies string) {
	w.t.Helper()
	conn := w.dial()
	w.check(conn.SetDeadline(time.Now().Add(10 * time.Second)))
	_, err := io.WriteString(conn, text)
	w.check(err)
	method, _, _ := strings.Cut(text, " ")
	for r := bufio.NewReader(conn); ; {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			return strings.TrimSpace(statuses), bodies
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		statuses, bodies = statuses+" "+strconv.Itoa(res.StatusCode), bodies+string(body)
	}
}

// rawRow is what a stranger sends, and the statuses of the answers.
type rawRow struct{ text, statuses string }

const endOfHead = " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

func get(target string) string { return "GET " + target + endOfHead }

func with(line, header string) string {
	return line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + header + "\r\n\r\n"
}

func put(header string) string   { return with("PUT /bucket/pub/new", header) }
func ranged(value string) string { return with("GET /bucket/pub/k", "Range: "+value) }

// rawTargets spell the path and the query in every way.
func rawTargets() []rawRow {
	return []rawRow{
		// The path, in every spelling.
		{get("/bucket/pub/k"), "200"},
		{get("/%62ucket/pub/k"), "200"},
		{get("/bucket%2fpub%2fk"), "200"},
		{get("/bucket/pub/../secret/k"), "400"},
		{get("/bucket/pub/%2e%2e/secret/k"), "400"},
		{get("/bucket/pub/..%2fsecret/k"), "400"},
		{get("/bucket/pub/k#/../../secret/k"), "400"},
		{get("/bucket/pub/../../bucket/secret/k"), "400"},
		{get("/bucket%2f..%2fother/k"), "400"},
		{get("/bucket/pub/%c0%ae%c0%ae/secret/k"), "400"},
		{get("/bucket/pub/%c0%af..%c0%afsecret/k"), "400"},
		{get("/bucket/pub/\xff\xfe"), "400"},
		{get("/bucket/pub/k%00"), "400"},
		{get("/bucket/pub/%zz"), "400"},
		{get("//bucket/pub/k"), "400"},
		{get("/./bucket/pub/k"), "400"},
		{get("/b\u0131cket/pub/k"), "400"},
		{get("bucket/pub/k"), "400"},
		{get("*"), "400"},
		{get("/bucket/pub/..%5csecret%5ck"), "403"},
		{get("/bucket/pub/%252e%252e/secret/k"), "403"},
		{get("/bucket/pub/%252e%252e%252fsecret%252fk"), "403"},
		{get("/bucket/pub/k%2500"), "403"},
		{get("/bucket/pub/k;x=1"), "403"},
		{get("/bucket%2fsecret%2fk"), "403"},
		{get("http://evil/bucket/pub/k"), "200"},
		{get("http://evil/bucket/secret/k"), "403"},
		{get("http://u:p@evil/bucket/secret/k?x"), "403"},
		// The query.
		{get("/bucket/pub/k?versionId="), "400"},
		{get("/bucket/pub/k?versionId=null"), "403"},
		{get("/bucket/pub/k?versionId=..%2f..%2fsecret%2fk"), "400"},
		{get("/bucket/pub/k?versionId=a&versionId=b"), "400"},
		{get("/bucket/pub/k?partNumber=-1"), "400"},
		{get("/bucket/pub/k?partNumber=99999999999999999999"), "400"},
		{get("/bucket/pub/k?%61cl"), "501"},
		{get("/bucket/pub/k?prefix=%zz"), "400"},
		{get("/bucket/pub/k?&&&&"), "200"},
		{"DELETE /bucket/pub/k?delete" + endOfHead, "405"},
		{"POST /bucket/pub/k?delete" + endOfHead, "405"},
	}
}

// rawFrames play with methods, versions, and where a request ends.
func rawFrames() []rawRow {
	return []rawRow{
		// Methods and versions of HTTP.
		{"GET /bucket/pub/k HTTP/1.0\r\n\r\n", "200"},
		{"GET /bucket/secret/k HTTP/1.0\r\n\r\n", "403"},
		{"GET /bucket/pub/k\r\n\r\n", "400"},
		{"GET /bucket/pub/k HTTP/2.0\r\nHost: h\r\n\r\n", "505"},
		{"GET /bucket/pub/k HTTP/1.1\r\n\r\n", "400"},
		{"GET /bucket/pub/k HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
		{"TRACE /bucket/pub/k" + endOfHead, "405"},
		{"CONNECT /bucket/pub/k" + endOfHead, "405"},
		{"get /bucket/pub/k" + endOfHead, "405"},
		{"GE\x00T /bucket/pub/k" + endOfHead, "400"},
		// Where a request ends.
		{with("HEAD /bucket/pub/k", "Content-Length: 4") + "body", "200"},
		{"GET /bucket/pub/k HTTP/1.1\r\nHost: h\r\n\r\n" + get("/bucket/secret/k"), "200 403"},
		{"GET /bucket/pub/k HTTP/1.1\r\nHost: h\r\nContent-Length: 35\r\n\r\nGET /bucket/secret/k HTTP/1.1\r\n\r\n12" + get("/bucket/pub/k"), "200 200"},
		{put("Content-Length: 4\r\nContent-Length: 4") + "body", "200"},
		{put("Content-Length: 4\r\nContent-Length: 5") + "body!", "400"},
		{put("Content-Length: +4") + "body", "400"},
		{put("Content-Length: -1") + "body", "400"},
		{put("Content-Length: 4\r\nTransfer-Encoding: chunked") + "4\r\nbody\r\n0\r\n\r\n", "411"},
		{put("Transfer-Encoding: identity, chunked") + "4\r\nbody\r\n0\r\n\r\n", "501"},
		{put("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked") + "4\r\nbody\r\n0\r\n\r\n", "501"},
		{put("Transfer-Encoding:\vchunked") + "4\r\nbody\r\n0\r\n\r\n", "400"},
		{put("Content-Length: 4\r\nExpect: 200-ok") + "body", "417"},
		{put("Content-Length: 4\r\nX-Amz-Acl : private") + "body", "400"},
		{put("Content-Length: 4\r\nContent-Type: a\rb") + "body", "400"},
		{"PUT /bucket/pub/x%0d%0aX-Evil:1" + endOfHead, "400"},
	}
}

// rawHeaders name what a copy reads, and ranges.
func rawHeaders() []rawRow {
	return []rawRow{
		// What a copy reads.
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/k"), "200"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/secret/k"), "403"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/%252e%252e/secret/k"), "403"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/..\\secret\\k"), "403"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/%2e%2e/secret/k"), "400"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/k?versionId=null&x=y"), "400"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/k%3fversionId=x"), "400"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: http://h/bucket/secret/k"), "400"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: arn:aws:s3:us-east-1:1:accesspoint/a/object/k"), "400"},
		{put("Content-Length: 0\r\nX-Amz-Copy-Source: bucket/pub/k\r\nX-Amz-Copy-Source: bucket/secret/k"), "400"},
		// Ranges: S3 serves one; what it cannot read it does not look at.
		{ranged("bytes=0-0,2-2,4-4"), "200"},
		{ranged("bytes=-0"), "416"},
		{ranged("bytes=4-2"), "200"},
		{ranged("lines=1-2"), "200"},
		{ranged("bytes=0-99999999999999999999"), "200"},
		{ranged("bytes=" + strings.Repeat("0-0,", 5000) + "1-1"), "400"},
		{ranged("bytes=1-2\r\nRange: bytes=0-0"), "400"},
	}
}

// Strangers may read and write below pub/ in this bucket, and try to get at more.
// What is secret never comes out, and nothing makes the server fail.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/bucket/secret/k", "SECRET")
	w.ok(admin, "PUT", "/bucket/pub/k", "public")
	w.ok(admin, "PUT", "/bucket?policy", policyOf(statement("Allow", `"*"`, "s3:GetObject s3:PutObject s3:DeleteObject", "arn:aws:s3:::bucket/pub/*", "")))
	for _, row := range slices.Concat(rawTargets(), rawFrames(), rawHeaders()) {
		statuses, bodies := w.raw(row.text)
		if statuses != row.statuses {
			t.Errorf("%.150q: got %s %.300s, want %s", row.text, statuses, bodies, row.statuses)
		}
		if strings.Contains(bodies, "SECRET") {
			t.Errorf("%.150q tells the secret", row.text)
		}
	}
}

// Prefixes and markers are not keys: any may be asked for. None leads out of the
// bucket or into what the store keeps for itself, and none makes it fail.
func TestListingsStayInTheirBucket(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.ok(admin, "PUT", "/bucket", "")
	w.ok(admin, "PUT", "/another", "")
	w.ok(admin, "PUT", "/another/SECRET", "x")
	w.ok(admin, "PUT", "/bucket/a/b", "x")
	w.upload("/bucket/SECRET")
	long := strings.Repeat("p%2f", 550)
	for _, value := range []string{
		"..%2f", "..%2fanother%2f", "a%2f..%2f..%2fanother%2f", "%2f", "%2fetc%2f", ".%2f", "a%2f%2f", "a%2f.%2f", "..", ".", "%00", "a%00b", "%ff", "%0a",
		".sgwtmp%2f", "a%2f..%2f.sgwtmp%2fmultipart%2f", "%7e", "*", "%5b", long,
	} {
		for _, query := range []string{
			"list-type=2&prefix=", "prefix=", "list-type=2&delimiter=%2f&prefix=", "list-type=2&start-after=", "marker=", "delimiter=",
			"list-type=2&continuation-token=",
		} {
			r := w.do(admin, "GET", "/bucket?"+query+value, "")
			if r.Status != 200 && r.Status != 400 || strings.Contains(r.Body, "SECRET") {
				t.Errorf("?%s%.40s: got %v, want a listing of the bucket or 400", query, value, r)
			}
		}
		for _, query := range []string{"uploads&key-marker=", "uploads&delimiter=%2f&prefix=", "uploads&key-marker=a&upload-id-marker="} {
			if r := w.do(admin, "GET", "/bucket?"+query+value, ""); r.Status != 200 && r.Status != 400 {
				t.Errorf("?%s%.40s: got %v, want a listing of uploads or 400", query, value, r)
			}
		}
	}
}
