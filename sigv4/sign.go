package sigv4

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Target is what a signature is made for.
type Target struct {
	Region  string
	Service string
	// Keys remembers derived keys between calls; nil derives each time.
	Keys *KeyCache
}

// Sign adds a version 4 Authorization header to r, together with X-Amz-Date,
// X-Amz-Security-Token when there is a token, and X-Amz-Content-Sha256 when the
// service is S3; these replace what stood there. payload is the last line of the
// canonical request: HashPayload of the body or, at S3, one of the constants of
// this package. It signs the host, content-type, content-md5, and every x-amz-
// header present. The request must go out as it stands afterwards.
func Sign(r *http.Request, creds Credentials, target Target, payload string, now time.Time) error {
	delete(r.Header, "Authorization")
	r.Header["X-Amz-Date"] = []string{FormatTime(now)}
	if delete(r.Header, "X-Amz-Security-Token"); creds.SessionToken != "" {
		r.Header["X-Amz-Security-Token"] = []string{creds.SessionToken}
	}
	if target.Service == "s3" {
		r.Header["X-Amz-Content-Sha256"] = []string{payload}
	}
	query, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	names := signedNames(r.Header)
	c := canonicalRequest{req: r, query: query, names: names, headers: strings.Join(names, ";"), payload: payload}
	signature, scope, err := target.signature(&c, creds.SecretAccessKey, now)
	if err != nil {
		return err
	}
	var space [512]byte
	b := append(append(space[:0], algorithm+" Credential="...), creds.AccessKeyID...)
	b = scope.append(append(b, '/'))
	b = append(append(b, ", SignedHeaders="...), c.headers...)
	b = append(append(b, ", Signature="...), signature...)
	r.Header["Authorization"] = []string{string(b)}
	return nil
}

// Presign returns r's URL with a version 4 signature in its query, good for
// expires at S3 (other services look at the date alone). payload is
// UnsignedPayload at S3 and HashPayload of the body elsewhere. Host and the
// x-amz- headers of r are signed, so whoever uses the URL must send the same. r is
// left alone.
func Presign(r *http.Request, creds Credentials, target Target, payload string, expires time.Duration, now time.Time) (string, error) {
	names := signedNames(r.Header)
	headers := strings.Join(names, ";")
	scope := target.scope(now)
	auth := url.Values{
		"X-Amz-Algorithm":     {algorithm},
		"X-Amz-Credential":    {creds.AccessKeyID + "/" + scope.String()},
		"X-Amz-Date":          {FormatTime(now)},
		"X-Amz-Expires":       {strconv.FormatInt(int64(expires/time.Second), 10)},
		"X-Amz-SignedHeaders": {headers},
	}
	if creds.SessionToken != "" {
		auth.Set("X-Amz-Security-Token", creds.SessionToken)
	}
	u := *r.URL
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += auth.Encode()
	query, err := parseQuery(u.RawQuery)
	if err != nil {
		return "", err
	}
	c := canonicalRequest{req: r, query: query, names: names, headers: headers, payload: payload}
	signature, _, err := target.signature(&c, creds.SecretAccessKey, now)
	if err != nil {
		return "", err
	}
	u.RawQuery += "&" + signatureParam + "=" + signature
	return u.String(), nil
}

func (t Target) scope(now time.Time) Scope {
	return Scope{Date: FormatTime(now)[:8], Region: t.Region, Service: t.Service}
}

// signature builds all that it signs on the stack, as long as it fits: 1 µs less
// than growing buffers on the heap.
func (t Target) signature(c *canonicalRequest, secret Secret, now time.Time) (string, Scope, error) {
	var pathSpace, text [256]byte
	var space [2048]byte
	var path []byte
	if t.Service == "s3" {
		path = appendS3Path(pathSpace[:0], c.req.URL.Path)
	} else {
		path = appendGeneralPath(pathSpace[:0], c.req.URL.EscapedPath())
	}
	canonical, err := c.append(space[:0], path)
	if err != nil {
		return "", Scope{}, err
	}
	scope := t.scope(now)
	key, known, d := lookUp(secret, scope, t.Keys)
	if t.Keys != nil && !known {
		t.Keys.add(d, key)
	}
	sum := key.sign(appendStringToSign(text[:0], now, scope, canonical))
	return string(sum[:]), scope, nil
}

// signedNames returns the names to sign, lower case and sorted.
func signedNames(h http.Header) []string {
	names := append(make([]string, 0, 8), "host")
	for name := range h {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, amzPrefix) || name == "content-type" || name == "content-md5" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
