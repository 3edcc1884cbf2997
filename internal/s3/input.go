package s3

import (
	"net/http"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/gate"
)

// Input is a decoded request: all that an operation acts on beside the body.
type Input struct {
	Target
	// Header is the client's, with what a presigned URL carries in its query
	// put where it belongs.
	Header http.Header

	// Set while the request is authorized.
	bucket *Bucket // of the target
	source *Bucket // of a copy

	// document is what the body of the request says, once it was read.
	document any
}

// requestHeader returns the headers that operations act on, where query is the
// request's. A signer of URLs may move x-amz- headers into the query, and they
// mean the same there. One that stands twice is refused: two readers of it could
// act on different values. So is a copy source in the query, since what is asked
// for is told by the headers, and the URL would store an empty object.
func requestHeader(r *http.Request, query Query) (http.Header, error) {
	header, cloned := r.Header, false
	for name, values := range header {
		if len(values) > 1 && single(name) {
			return nil, apierr.InvalidRequest.New("The header %s stands more than once.", strings.ToLower(name))
		}
	}
	for _, p := range query {
		name := http.CanonicalHeaderKey(p.Name)
		if !strings.HasPrefix(strings.ToLower(name), "x-amz-") || authenticates(name) {
			continue
		}
		switch {
		case header[name] != nil:
			return nil, apierr.InvalidRequest.New("%s stands in the header and in the query.", strings.ToLower(name))
		case name == "X-Amz-Copy-Source":
			return nil, invalidSource("The copy source has to be a header.")
		case !headerName(name) || !headerValue(p.Value):
			return nil, apierr.InvalidArgument.New("A query parameter cannot stand for a header: it has characters that a header cannot have.")
		}
		if !cloned {
			header, cloned = header.Clone(), true
		}
		header[name] = []string{p.Value}
	}
	return header, nil
}

// headerName and headerValue report whether a string may be a header's name or
// value (RFC 9110 section 5.6.2 and 5.5), which what comes out of a query need not.
func headerName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return true
}

func headerValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// single reports whether a header may stand once only. Metadata is a list.
func single(name string) bool {
	return strings.HasPrefix(name, "X-Amz-") && !strings.HasPrefix(name, "X-Amz-Meta-") ||
		strings.HasPrefix(name, "If-") || name == "Range" || name == "Content-Md5" || name == "Content-Type"
}

// authenticates reports whether a query parameter belongs to the signature.
func authenticates(name string) bool {
	switch name {
	case "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signedheaders", "X-Amz-Signature",
		"X-Amz-Security-Token", "X-Amz-Content-Sha256":
		return true
	}
	return false
}

// refuseUnbuilt refuses what a header asks for and would not be done: a client
// that asks for encryption or a lock must not believe that it has it.
func (in *Input) refuseUnbuilt() error {
	for name := range in.Header {
		if !strings.HasPrefix(name, "X-Amz-") {
			continue
		}
		switch {
		case strings.HasPrefix(name, "X-Amz-Server-Side-Encryption"), strings.HasPrefix(name, "X-Amz-Copy-Source-Server-Side-Encryption"),
			strings.HasPrefix(name, "X-Amz-Object-Lock-"), name == "X-Amz-Write-Offset-Bytes", name == "X-Amz-Mfa",
			name == "X-Amz-Bypass-Governance-Retention", strings.HasPrefix(name, "X-Amz-If-Match-"):
			return headerNotImplemented(name)
		case name == "X-Amz-Bucket-Object-Lock-Enabled" && !strings.EqualFold(in.Header.Get(name), "false"):
			return headerNotImplemented(name)
		case strings.HasPrefix(name, "X-Amz-Grant-"):
			return in.refuseACL()
		}
	}
	switch acl := in.Header.Get("X-Amz-Acl"); acl {
	case "", "private", "bucket-owner-full-control":
	case "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "log-delivery-write":
		return in.refuseACL()
	default:
		return apierr.InvalidArgument.New("").With("ArgumentName", "x-amz-acl").With("ArgumentValue", acl)
	}
	switch in.Header.Get("X-Amz-Object-Ownership") {
	case "", "BucketOwnerEnforced":
		return nil
	}
	return headerNotImplemented("X-Amz-Object-Ownership")
}

func headerNotImplemented(name string) error {
	return apierr.NotImplemented.New("A header you provided implies functionality that is not implemented").With("Header", strings.ToLower(name))
}

// refuseUnknown refuses a write with a parameter that is not known. A parameter
// can choose the operation, and those of operations that come to S3 after this
// program must not make a PutObject or DeleteObject of them. Names that begin with
// "x-" never choose: SDKs and people add them for their own use. Nor do those of
// headers, which signers of Version 2 put into a URL.
func (in *Input) refuseUnknown() error {
	for _, p := range in.Query {
		name := strings.ToLower(p.Name)
		if !subResource(p.Name) && !writeParam(p.Name) && !strings.HasPrefix(name, "x-") && !strings.HasPrefix(name, "content-") {
			return apierr.NotImplemented.New("A parameter you provided implies functionality that is not implemented")
		}
	}
	return nil
}

// writeParam reports whether a write has a use for a parameter by itself.
func writeParam(name string) bool {
	switch name {
	case "versionId", "partNumber", "AWSAccessKeyId", "Signature", "Expires":
		return true
	}
	return false
}

// refuseACL: the owner of a bucket owns everything in it, which AWS calls
// BucketOwnerEnforced, and permissions are granted by policies alone.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func (in *Input) refuseACL() error {
	if in.Operation == "CreateBucket" {
		return apierr.InvalidBucketACLWithObjectOwnership.New("Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	return apierr.AccessControlListNotSupported.New("The bucket does not allow ACLs")
}

// dataEvent reports whether an operation is about objects.
func dataEvent(name string) bool {
	_, bucketsOwn := managementEvents[name]
	return !bucketsOwn
}

// managementEvents are the operations that CloudTrail records as management
// events: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
var managementEvents = map[string]struct{}{
	"ListBuckets": {}, "CreateBucket": {}, "DeleteBucket": {}, "GetBucketLocation": {},
	"GetBucketPolicy": {}, "PutBucketPolicy": {}, "DeleteBucketPolicy": {},
}

// parameters are what the record keeps of a request.
func parameters(r *gate.Request) []audit.Field {
	in := r.Input.(*Input)
	var fields []audit.Field
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, audit.String(name, value))
		}
	}
	add("bucketName", in.Bucket)
	add("key", in.Key)
	if in.Source != nil {
		add("x-amz-copy-source", in.Source.header())
	}
	for _, p := range in.Query {
		if recordedParam(p.Name) {
			fields = append(fields, audit.String(p.Name, p.Value))
		}
	}
	return fields
}

// recordedParam reports whether a query parameter is kept: those that say what
// was asked for, and none of a signature.
func recordedParam(name string) bool {
	switch name {
	case "prefix", "delimiter", "marker", "start-after", "max-keys", "list-type", "versionId", "partNumber", "uploadId", "uploads",
		"max-parts", "part-number-marker", "key-marker", "upload-id-marker", "max-uploads", "max-buckets",
		"delete", "policy", "location", "tagging":
		return true
	}
	return false
}
