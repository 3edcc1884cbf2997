package s3

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
)

// Target is what a request asks for and of what, decoded once. Operation is
// always a name of S3's service model, or PostObject.
type Target struct {
	Operation string
	// Bucket is empty for ListBuckets. It has the form of a name that was once
	// allowed; CreateBucket must ask CheckNewBucket.
	Bucket string
	// Key is empty for operations on a bucket; else it has passed the KeyRule.
	Key   string
	Query Query
	// Source is what CopyObject and UploadPartCopy read; nil for the others.
	Source *Source
}

// maxPart is the highest part number:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const maxPart = 10_000

// ParseTarget reads path (style /BUCKET/KEY), query and copy source of r.
// Errors are *apierr.Error and come before any authorization: InvalidURI,
// InvalidBucketName, InvalidArgument, KeyTooLong, MethodNotAllowed,
// NoSuchUpload. The body is not touched.
func (k KeyRule) ParseTarget(r *http.Request) (Target, error) {
	query, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return Target{}, err
	}
	t := Target{Query: query}
	if r.Method == http.MethodPost && r.URL.Path == "/WriteGetObjectResponse" {
		t.Operation = "WriteGetObjectResponse"
		return t, nil
	}
	at, err := t.setPath(r.URL.Path, k)
	if err != nil {
		return Target{}, err
	}
	sub, err := query.subResource()
	if err != nil {
		return Target{}, err
	}
	op, ok := operations[route{r.Method, at, sub}]
	switch {
	case at == service && (!ok || query.lists()):
		return Target{}, bucketNotInPath(r.Method, "SERVICE")
	case at == bucket && query.isOfObject():
		return Target{}, bucketNotInPath(r.Method, "BUCKET")
	case !ok:
		return Target{}, apierr.MethodNotAllowed.New("The specified method is not allowed against this resource.").With("Method", methodName(r.Method))
	}
	t.Operation = op
	if err := t.refine(r, k); err != nil {
		return Target{}, err
	}
	return t, nil
}

// setPath splits a decoded path at its first slash: "/" is the service, /b and
// /b/ are the bucket, everything else is an object.
func (t *Target) setPath(path string, k KeyRule) (level, error) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return 0, apierr.InvalidURI.New("Couldn't parse the specified URI.")
	}
	if rest == "" {
		return service, nil
	}
	t.Bucket, t.Key, _ = strings.Cut(rest, "/")
	if err := CheckBucket(t.Bucket); err != nil {
		return 0, err
	}
	if t.Key == "" {
		return bucket, nil
	}
	return object, k.Check(t.Key)
}

// lists reports whether a parameter is there that only a listing of objects has.
// At the service it stands for a client that puts the bucket into the host's
// name: a list of buckets would be read as an empty list of objects.
func (q Query) lists() bool {
	return slices.ContainsFunc(q, func(p Param) bool {
		return p.Name == "list-type" || p.Name == "delimiter" || p.Name == "encoding-type" || p.Name == "marker" || p.Name == "max-keys"
	})
}

// isOfObject reports whether the client names an operation upon an object. Upon
// a bucket it stands for such a client too, whose key without a slash would be
// taken for the bucket to create or to delete.
func (q Query) isOfObject() bool {
	switch q.Get("x-id") {
	case "GetObject", "PutObject", "CopyObject", "DeleteObject":
		return true
	}
	return false
}

func bucketNotInPath(method, resource string) error {
	return apierr.MethodNotAllowed.New("The specified method is not allowed against this resource. A bucket has to stand in the path: set the client to path-style addressing.").
		With("Method", methodName(method)).With("ResourceType", resource)
}

// subResource returns the one parameter that chooses the operation, or "".
func (q Query) subResource() (string, error) {
	found := ""
	for _, p := range q {
		if !subResource(p.Name) {
			continue
		}
		if found != "" {
			return "", apierr.InvalidArgument.New("Conflicting query string parameters: %s, %s", found, p.Name).With("ArgumentName", "ResourceType")
		}
		found = p.Name
	}
	return found, nil
}

// refine settles what method, level and sub-resource leave open.
func (t *Target) refine(r *http.Request, k KeyRule) error {
	switch t.Operation {
	case "ListObjects":
		if t.Query.Has("list-type") {
			if t.Query.Get("list-type") != "2" {
				return invalidParam("list-type", "Invalid List Type specified in Request")
			}
			t.Operation = "ListObjectsV2"
		}
	case "UploadPart":
		if err := t.checkPart(); err != nil {
			return err
		}
	case "PutObject":
		if t.Query.Has("partNumber") {
			return invalidParam("uploadId", "This operation does not accept a part number without an upload ID.")
		}
	case "SelectObjectContent":
		if t.Query.Get("select-type") != "2" {
			return invalidParam("select-type", "The value of select-type must be 2.")
		}
	}
	if one, ok := listing[t.Operation]; ok && t.Query.Has("id") {
		t.Operation = one
	}
	if t.Query.Has("uploadId") && !validVersion(t.Query.Get("uploadId")) {
		return apierr.NoSuchUpload.New("The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
	}
	if t.Query.Has("versionId") {
		switch v := t.Query.Get("versionId"); {
		case v == "": // not "whichever is current": a deletion would be of something else than was meant
			return invalidParam("versionId", "Version id cannot be the empty string")
		case !validVersion(v):
			return invalidParam("versionId", "Invalid version id specified")
		}
	}
	return t.refineCopy(r.Header, k)
}

func (t *Target) checkPart() error {
	n, err := strconv.Atoi(t.Query.Get("partNumber"))
	if err != nil || n < 1 || n > maxPart {
		return invalidParam("partNumber", "Part number must be an integer between 1 and 10000, inclusive")
	}
	return nil
}

func (t *Target) refineCopy(h http.Header, k KeyRule) error {
	if t.Operation != "PutObject" && t.Operation != "UploadPart" {
		return nil
	}
	sources := h.Values("X-Amz-Copy-Source")
	if len(sources) == 0 {
		return nil
	}
	if len(sources) > 1 {
		return invalidSource("There is more than one copy source.")
	}
	source, err := k.ParseSource(sources[0])
	if err != nil {
		return err
	}
	t.Source = &source
	t.Operation = map[string]string{"PutObject": "CopyObject", "UploadPart": "UploadPartCopy"}[t.Operation]
	return nil
}

func invalidParam(name, message string) error {
	return apierr.InvalidArgument.New("%s", message).With("ArgumentName", name)
}

// methodName returns m if it may stand in an answer.
func methodName(m string) string {
	for i := range len(m) {
		if c := m[i]; c < 'A' || c > 'Z' {
			return ""
		}
	}
	return m
}
