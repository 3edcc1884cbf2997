package sigv4

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const (
	okCredential = "AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request"
	okSignature  = EmptySHA256 // well-formed; Parse does not look further
)

// headerRequest returns a request with an Authorization header and more lines.
func headerRequest(authorization string, more ...string) string {
	return "GET / HTTP/1.1\nHost: h\n" + strings.Join(append(more, "Authorization: "+authorization), "\n")
}

func authorization(credential, headers, signature string) string {
	return algorithm + " Credential=" + credential + ", SignedHeaders=" + headers + ", Signature=" + signature
}

func queryRequest(raw string, more ...string) string {
	return "GET /?" + raw + " HTTP/1.1\n" + strings.Join(append([]string{"Host: h"}, more...), "\n")
}

func presignedQuery(service, expires string) string {
	return "X-Amz-Algorithm=" + algorithm + "&X-Amz-Credential=AKIDEXAMPLE/20150830/us-east-1/" + service +
		"/aws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host" + expires + "&X-Amz-Signature=" + okSignature
}

// TestParseErrors holds each malformed claim to its own error.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	const date = "X-Amz-Date: 20150830T123600Z"
	good := authorization(okCredential, "host;x-amz-date", okSignature)
	s3 := func(headers string) string {
		return authorization(strings.Replace(okCredential, "sts", "s3", 1), headers, okSignature)
	}
	cred := func(c string) string { return headerRequest(authorization(c, "host;x-amz-date", okSignature), date) }
	names := func(n string) string { return headerRequest(authorization(okCredential, n, okSignature), date) }
	for _, tt := range []struct {
		name, request string
		want          error
	}{
		{"good", headerRequest(good, date), nil},
		{"no spaces", headerRequest(strings.ReplaceAll(good, ", ", ","), date), nil},
		{"date header", headerRequest(authorization(okCredential, "date;host", okSignature), "Date: Sun, 30 Aug 2015 12:36:00 GMT"), nil},
		{"trace header unsigned", headerRequest(good, date, "X-Amzn-Trace-Id: Root=1"), nil},
		{"presigned", queryRequest(presignedQuery("sts", "")), nil},
		{"presigned s3", queryRequest(presignedQuery("s3", "&X-Amz-Expires=604800")), nil},
		{"sts ignores expires", queryRequest(presignedQuery("sts", "&X-Amz-Expires=never")), nil},

		{"anonymous", "GET / HTTP/1.1\nHost: h", ErrNoSignature},
		{"bearer", headerRequest("Bearer token"), ErrUnsupportedAlgorithm},
		{"version 2 header", headerRequest("AWS AKID:sig"), ErrUnsupportedAlgorithm},
		{"ecdsa", headerRequest(strings.Replace(good, "HMAC", "ECDSA-P256", 1), date), ErrUnsupportedAlgorithm},
		{"empty authorization", headerRequest(""), ErrUnsupportedAlgorithm},
		{"bare algorithm", headerRequest(algorithm), ErrIncomplete},
		{"no date", headerRequest(good), ErrIncomplete},
		{"no signature", headerRequest(algorithm+" Credential="+okCredential+", SignedHeaders=host", date), ErrIncomplete},
		{"two credentials", headerRequest(good+", Credential="+okCredential, date), ErrDuplicateParameter},
		{"unknown part", headerRequest(good+", Extra=1", date), ErrMalformedAuthorization},
		{"two headers", headerRequest(good, date, "Authorization: "+good), ErrMultipleAuth},
		{"header and query", strings.Replace(headerRequest(good, date), "GET /", "GET /?"+presignedQuery("sts", ""), 1), ErrMultipleAuth},
		{"header and version 2 query", strings.Replace(headerRequest(good, date), "GET /", "GET /?AWSAccessKeyId=A", 1), ErrMultipleAuth},
		{"both queries", queryRequest(presignedQuery("sts", "") + "&AWSAccessKeyId=A"), ErrMultipleAuth},
		{"long header", headerRequest(good+strings.Repeat(" ", maxAuthorization)+"x", date), ErrTooLong},
		{"short scope", cred("AKID/20150830/us-east-1/aws4_request"), ErrMalformedCredential},
		{"long scope", cred("AKID/x/20150830/us-east-1/sts/aws4_request"), ErrMalformedCredential},
		{"no region", cred("AKID/20150830//sts/aws4_request"), ErrMalformedCredential},
		{"terminator", cred("AKID/20150830/us-east-1/sts/aws5_request"), ErrMalformedCredential},
		{"day", cred("AKID/2015083x/us-east-1/sts/aws4_request"), ErrMalformedCredential},
		{"no key id", cred("/20150830/us-east-1/sts/aws4_request"), ErrMalformedCredential},
		{"long credential", cred(strings.Repeat("A", 500) + okCredential), ErrTooLong},
		{"other day", cred("AKID/20150829/us-east-1/sts/aws4_request"), ErrScopeDate},
		{"signature length", headerRequest(authorization(okCredential, "host;x-amz-date", okSignature[1:]), date), ErrMalformedSignature},
		{"signature case", headerRequest(authorization(okCredential, "host;x-amz-date", strings.ToUpper(okSignature)), date), ErrMalformedSignature},
		{"host unsigned", names("x-amz-date"), ErrHostNotSigned},
		{"date unsigned", names("host"), ErrUnsignedHeader},
		{"unsorted", names("x-amz-date;host"), ErrMalformedSignedHeaders},
		{"repeated", names("host;host;x-amz-date"), ErrMalformedSignedHeaders},
		{"upper case", names("Host;x-amz-date"), ErrMalformedSignedHeaders},
		{"empty name", names(";host;x-amz-date"), ErrMalformedSignedHeaders},
		{"many names", names(strings.Repeat("a;", maxSignedHeaders) + "host"), ErrTooLong},
		{"unsigned amz", headerRequest(good, date, "x-amz-acl: private"), ErrUnsignedHeader},
		{"unsigned amz on presigned", queryRequest(presignedQuery("sts", ""), "x-amz-acl: private"), ErrUnsignedHeader},
		{"bad date", headerRequest(good, "X-Amz-Date: 2015-08-30T12:36:00Z"), ErrMalformedDate},
		{"two dates", headerRequest(good, date, date), ErrDuplicateParameter},
		{"bad escape", queryRequest("a=%zz"), ErrMalformedQuery},
		{"many parameters", queryRequest(strings.Repeat("a&", maxParams)), ErrTooLong},
		{"lone signature", queryRequest("X-Amz-Signature=" + okSignature), ErrIncomplete},
		{"lone credential", queryRequest("X-Amz-Credential=x"), ErrIncomplete},
		{"two signatures", queryRequest(presignedQuery("sts", "") + "&X-Amz-Signature=1"), ErrDuplicateParameter},
		{"two tokens", queryRequest(presignedQuery("sts", "") + "&X-Amz-Security-Token=1&X-Amz-Security-Token=2"), ErrDuplicateParameter},
		{"token twice", queryRequest(presignedQuery("sts", "")+"&X-Amz-Security-Token=1", "X-Amz-Security-Token: 1"), ErrMultipleTokens},
		{"no expires", queryRequest(presignedQuery("s3", "")), ErrIncomplete},
		{"expires 0", queryRequest(presignedQuery("s3", "&X-Amz-Expires=0")), ErrExpiresRange},
		{"expires negative", queryRequest(presignedQuery("s3", "&X-Amz-Expires=-1")), ErrExpiresRange},
		{"expires long", queryRequest(presignedQuery("s3", "&X-Amz-Expires=604801")), ErrExpiresRange},
		{"expires text", queryRequest(presignedQuery("s3", "&X-Amz-Expires=1h")), ErrMalformedExpires},
		{"no hash at s3", headerRequest(s3("host;x-amz-date"), date), ErrMissingContentSHA256},
		{"odd hash", headerRequest(s3("host;x-amz-content-sha256;x-amz-date"), date, "x-amz-content-sha256: abc"), ErrUnsupportedPayload},
		{"no decoded length", headerRequest(s3("host;x-amz-content-sha256;x-amz-date"), date, "x-amz-content-sha256: "+StreamingPayload), ErrMissingDecodedLength},
		{"unsigned payload at sts", headerRequest(authorization(okCredential, "host;x-amz-content-sha256;x-amz-date", okSignature), date, "x-amz-content-sha256: "+UnsignedPayload), ErrUnsupportedPayload},

		{"v2 incomplete", queryRequest("AWSAccessKeyId=AKID&Expires=1"), ErrIncomplete},
		{"v2 expires", queryRequest("AWSAccessKeyId=AKID&Expires=x&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA="), ErrMalformedExpires},
		{"v2 signature", queryRequest("AWSAccessKeyId=AKID&Expires=1&Signature=AAAA"), ErrMalformedSignature},
		{"v2 sub-resource", queryRequest("publicAccessBlock&AWSAccessKeyId=AKID&Expires=1&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA="), ErrUnsignedParameter},
		{"v2 twice", queryRequest("AWSAccessKeyId=AKID&AWSAccessKeyId=AKIE&Expires=1&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA="), ErrDuplicateParameter},
	} {
		_, err := Parse(readRequest(t, tt.request))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: Parse(%.200q) = %v, want %v", tt.name, tt.request, err, tt.want)
		}
	}
}

// TestParseErrorDetails reads what the typed errors carry for AWS's messages.
func TestParseErrorDetails(t *testing.T) {
	t.Parallel()
	_, err := Parse(readRequest(t, headerRequest(algorithm)))
	if incomplete, ok := errors.AsType[*IncompleteError](err); !ok || strings.Join(incomplete.Missing, " ") != "Credential Signature SignedHeaders X-Amz-Date" {
		t.Errorf("bare algorithm: %v", err)
	}
	_, err = Parse(readRequest(t, headerRequest(authorization(okCredential, "host", okSignature), "X-Amz-Date: 20150830T123600Z", "X-Amz-Acl: x")))
	if unsigned, ok := errors.AsType[*UnsignedHeaderError](err); !ok || strings.Join(unsigned.Names, " ") != "x-amz-acl x-amz-date" {
		t.Errorf("unsigned headers: %v", err)
	}
	_, err = Parse(readRequest(t, headerRequest(authorization(okCredential, "host;x-amz-date", okSignature), "X-Amz-Date: 20150831T000000Z")))
	const want = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150830' != '20150831', from '20150831T000000Z'."
	if err == nil || err.Error() != want {
		t.Errorf("scope date: %v, want %s", err, want)
	}
}

// TestMissingSignedHeader: a header that was signed empty must still be there.
func TestMissingSignedHeader(t *testing.T) {
	t.Parallel()
	r := readRequest(t, headerRequest(authorization(okCredential, "host;x-amz-acl;x-amz-date", okSignature), "X-Amz-Date: 20150830T123600Z"))
	sig, err := Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := sig.Verify(suiteSecret, nil, VerifyOptions{Now: sig.Time}); !errors.Is(err, ErrMissingSignedHeader) {
		t.Errorf("Verify = %v, want ErrMissingSignedHeader", err)
	}
}

// TestParseQuery shows what must neither vanish nor merge.
func TestParseQuery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ raw, name, want string }{
		{"prefix=a;b", "prefix", "a;b"},
		{"a=1&&b=2", "b", "2"},
		{"a=1+2%2B3", "a", "1 2+3"},
		{"a=b=c", "a", "b=c"},
		{"acl", "acl", ""},
		{"%61=x", "a", "x"},
	} {
		got, err := ParseQuery(tt.raw)
		if err != nil || !got.Has(tt.name) || got.Get(tt.name) != tt.want {
			t.Errorf("ParseQuery(%q)[%q] = %q, %v; want %q", tt.raw, tt.name, got, err, tt.want)
		}
	}
}

// TestCheckTime walks the edges of each rule, with AWS's messages.
func TestCheckTime(t *testing.T) {
	t.Parallel()
	at := stamp("20150830T124000Z")
	general := Signature{Version: V4, Scope: Scope{Service: "sts"}, Time: at, Presigned: true}
	header := Signature{Version: V4, Scope: Scope{Service: "s3"}, Time: at}
	presigned := Signature{Version: V4, Scope: Scope{Service: "s3"}, Time: at, Presigned: true, Expires: time.Hour, ExpiresAt: at.Add(time.Hour)}
	v2 := Signature{Version: V2, Scope: Scope{Service: "s3"}, Presigned: true, ExpiresAt: at}
	for _, tt := range []struct {
		name   string
		sig    Signature
		offset time.Duration
		want   error
		text   string
	}{
		{"general", general, 15 * time.Minute, nil, ""},
		{"general early", general, -15 * time.Minute, nil, ""},
		{"general late", general, 15*time.Minute + time.Second, ErrExpired, "Signature expired: 20150830T124000Z is now earlier than 20150830T124001Z (20150830T125501Z - 15 min.)"},
		{"general too early", general, -15*time.Minute - time.Second, ErrNotYetCurrent, "Signature not yet current: 20150830T124000Z is still later than 20150830T123959Z (20150830T122459Z + 15 min.)"},
		{"header", header, 15 * time.Minute, nil, ""},
		{"header late", header, 15*time.Minute + time.Second, ErrTimeTooSkewed, "The difference between the request time and the current time is too large."},
		{"header early", header, -15*time.Minute - time.Second, ErrTimeTooSkewed, "The difference between the request time and the current time is too large."},
		{"presigned", presigned, time.Hour, nil, ""},
		{"presigned late", presigned, time.Hour + time.Second, ErrPresignExpired, "Request has expired"},
		{"presigned early", presigned, -16 * time.Minute, ErrPresignNotYetValid, "Request is not valid yet"},
		{"version 2", v2, 0, nil, ""},
		{"version 2 late", v2, time.Second, ErrPresignExpired, "Request has expired"},
	} {
		err := tt.sig.CheckTime(at.Add(tt.offset))
		if !errors.Is(err, tt.want) || err != nil && err.Error() != tt.text {
			t.Errorf("%s: CheckTime = %v, want %v %q", tt.name, err, tt.want, tt.text)
		}
	}
	if err := general.CheckTime(time.Time{}); err == nil {
		t.Error("the zero time passes")
	}
}
