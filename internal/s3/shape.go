package s3

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// shape is how an operation is asked of the upstream: everything that is not
// listed here stays behind.
type shape struct {
	method string
	// sub is the sub-resource, sent without a value.
	sub string
	// params are the query parameters that are passed on.
	params []string
	// sends reports whether a header, in canonical form, is passed on.
	sends func(name string) bool
}

// shapes holds the operations that are sent upstream. Policies, ownership and
// the owner of a bucket are this gateway's and never sent.
var shapes = map[string]shape{
	"CreateBucket": {http.MethodPut, "", nil, sendsNothing},
	"HeadBucket":   {http.MethodHead, "", nil, sendsNothing},
	"DeleteBucket": {http.MethodDelete, "", nil, sendsNothing},

	"ListObjects":          {http.MethodGet, "", []string{"delimiter", "encoding-type", "marker", "max-keys", "prefix"}, sendsNothing},
	"ListObjectsV2":        {http.MethodGet, "", []string{"continuation-token", "delimiter", "encoding-type", "list-type", "max-keys", "prefix", "start-after"}, sendsNothing},
	"ListMultipartUploads": {http.MethodGet, "uploads", []string{"delimiter", "encoding-type", "key-marker", "max-uploads", "prefix", "upload-id-marker"}, sendsNothing},

	"GetObject":    {http.MethodGet, "", objectParams, sendsReading},
	"HeadObject":   {http.MethodHead, "", objectParams, sendsReading},
	"PutObject":    {http.MethodPut, "", nil, sendsWriting},
	"CopyObject":   {http.MethodPut, "", nil, sendsCopying},
	"DeleteObject": {http.MethodDelete, "", []string{"versionId"}, sendsDeleting},

	"CreateMultipartUpload":   {http.MethodPost, "uploads", nil, sendsWriting},
	"UploadPart":              {http.MethodPut, "", []string{"partNumber", "uploadId"}, sendsPart},
	"UploadPartCopy":          {http.MethodPut, "", []string{"partNumber", "uploadId"}, sendsPartCopy},
	"CompleteMultipartUpload": {http.MethodPost, "", []string{"uploadId"}, sendsCompleting},
	"AbortMultipartUpload":    {http.MethodDelete, "", []string{"uploadId"}, sendsNothing},
	"ListParts":               {http.MethodGet, "", []string{"encoding-type", "max-parts", "part-number-marker", "uploadId"}, sendsNothing},

	"GetObjectTagging":    {http.MethodGet, "tagging", []string{"versionId"}, sendsNothing},
	"PutObjectTagging":    {http.MethodPut, "tagging", []string{"versionId"}, sendsNothing},
	"DeleteObjectTagging": {http.MethodDelete, "tagging", []string{"versionId"}, sendsNothing},
}

var objectParams = []string{
	"partNumber", "response-cache-control", "response-content-disposition", "response-content-encoding",
	"response-content-language", "response-content-type", "response-expires", "versionId",
}

// nullVersion is the id of the only version that an object has in a bucket
// without versioning, which is every bucket here. Stores that know no versions
// refuse it.
const nullVersion = "null"

// query builds the upstream's query string from decoded parameters, in an order
// of its own.
func (s shape) query(q Query) string {
	if s.sub == "" && len(q) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(s.sub)
	for _, name := range s.params {
		if !q.Has(name) || name == "versionId" && q.Get(name) == nullVersion {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(q.Get(name)))
	}
	return b.String()
}

// headers copies what the operation passes on. The room is for the headers of
// the signature.
func (s shape) headers(call Call) http.Header {
	h := make(http.Header, 8)
	for name, values := range call.Header {
		if s.sends(name) {
			h[name] = withoutTabs(values)
		}
	}
	if coding := call.Header["Content-Encoding"]; coding != nil && s.sends("Content-Encoding") {
		withoutChunked(h, coding)
	}
	if call.Source != nil {
		h["X-Amz-Copy-Source"] = []string{call.Source.header()}
	}
	h["User-Agent"] = []string{"rolecall"}
	return h
}

// withoutTabs puts a space in the place of each tab, as the signature that came
// with it does. Signers differ in that, so that stores would refuse ours.
func withoutTabs(values []string) []string {
	if !slices.ContainsFunc(values, func(v string) bool { return strings.IndexByte(v, '\t') >= 0 }) {
		return values
	}
	clean := make([]string, len(values))
	for i, v := range values {
		clean[i] = strings.ReplaceAll(v, "\t", " ")
	}
	return clean
}

// withoutChunked takes aws-chunked out of Content-Encoding: it is how the body
// travelled and not how it is kept. One line without it stays as it was written.
func withoutChunked(h http.Header, values []string) {
	if len(values) == 1 && !strings.Contains(strings.ToLower(values[0]), "aws-chunked") {
		return
	}
	var kept []string
	for _, line := range values {
		for coding := range strings.SplitSeq(line, ",") {
			if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "aws-chunked") {
				kept = append(kept, coding)
			}
		}
	}
	if len(kept) == 0 {
		delete(h, "Content-Encoding")
		return
	}
	h["Content-Encoding"] = []string{strings.Join(kept, ",")}
}

func sendsNothing(string) bool { return false }

func sendsReading(name string) bool {
	switch name {
	case "Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "X-Amz-Checksum-Mode":
		return true
	}
	return false
}

func sendsWriting(name string) bool {
	switch name {
	case "Content-Type", "Content-Encoding", "Content-Disposition", "Content-Language", "Cache-Control", "Expires",
		"Content-Md5", "If-Match", "If-None-Match", "X-Amz-Tagging", "X-Amz-Storage-Class",
		"X-Amz-Website-Redirect-Location", "X-Amz-Sdk-Checksum-Algorithm":
		return true
	}
	return strings.HasPrefix(name, "X-Amz-Meta-") || strings.HasPrefix(name, "X-Amz-Checksum-")
}

func sendsCopying(name string) bool {
	switch name {
	case "X-Amz-Metadata-Directive", "X-Amz-Tagging-Directive":
		return true
	case "Content-Md5":
		return false
	}
	return sendsSourceCondition(name) || sendsWriting(name)
}

func sendsSourceCondition(name string) bool { return strings.HasPrefix(name, "X-Amz-Copy-Source-If-") }

func sendsDeleting(name string) bool {
	return name == "If-Match"
}

func sendsPart(name string) bool {
	return name == "Content-Md5" || name == "X-Amz-Sdk-Checksum-Algorithm" || strings.HasPrefix(name, "X-Amz-Checksum-")
}

func sendsPartCopy(name string) bool {
	return name == "X-Amz-Copy-Source-Range" || sendsSourceCondition(name)
}

func sendsCompleting(name string) bool {
	switch name {
	case "If-Match", "If-None-Match", "X-Amz-Mp-Object-Size":
		return true
	}
	return strings.HasPrefix(name, "X-Amz-Checksum-")
}

// keepAnswerHeaders removes from an upstream's answer what is not the
// client's: hop headers, the upstream's name, its request ids and its CORS.
func keepAnswerHeaders(h http.Header) {
	for name := range h {
		if !answers(name) {
			delete(h, name)
		}
	}
}

func answers(name string) bool {
	switch name {
	case "Accept-Ranges", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Range",
		"Content-Type", "Etag", "Expires", "Last-Modified", "X-Amz-Copy-Source-Version-Id", "X-Amz-Delete-Marker",
		"X-Amz-Expiration", "X-Amz-Missing-Meta", "X-Amz-Mp-Parts-Count", "X-Amz-Restore", "X-Amz-Storage-Class",
		"X-Amz-Tagging-Count", "X-Amz-Version-Id", "X-Amz-Website-Redirect-Location":
		return true
	}
	return strings.HasPrefix(name, "X-Amz-Meta-") || strings.HasPrefix(name, "X-Amz-Checksum-")
}

// escapePath encodes every byte but the unreserved ones and "/", as signatures do.
func escapePath(path string) string {
	extra := 0
	for i := range len(path) {
		if !plain(path[i]) {
			extra += 2
		}
	}
	if extra == 0 {
		return path
	}
	b := make([]byte, 0, len(path)+extra)
	for i := range len(path) {
		if c := path[i]; plain(c) {
			b = append(b, c)
		} else {
			b = append(b, '%')
			if c < 0x10 {
				b = append(b, '0')
			}
			b = append(b, strings.ToUpper(strconv.FormatUint(uint64(c), 16))...)
		}
	}
	return string(b)
}

func plain(c byte) bool {
	return alphanumeric(c) || 'A' <= c && c <= 'Z' || strings.IndexByte("-_.~/", c) >= 0
}
