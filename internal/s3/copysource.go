package s3

import (
	"net/url"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
)

// Source is what a copy reads. VersionID is empty for the current version.
type Source struct{ Bucket, Key, VersionID string }

// ParseSource reads an x-amz-copy-source header:
//
//	source = [ "/" ] bucket "/" key [ "?versionId=" id ]
//
// Bucket and key are URL-encoded as in a query ("+" is a space), "/" as itself
// or as %2F. A key that contains "?versionId=" is refused: stores differ in
// whether they look for the version before or after decoding, so that one
// could be authorized and another be read.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func (k KeyRule) ParseSource(header string) (Source, error) {
	path, version, hasVersion := strings.Cut(header, "?versionId=")
	decoded, err := url.QueryUnescape(path)
	if err != nil {
		return Source{}, invalidSource("Invalid copy source encoding.")
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(decoded, "/"), "/")
	if !ok || key == "" || strings.Contains(key, "?versionId=") {
		return Source{}, invalidSource("Invalid copy source object key")
	}
	if !validBucket(bucket) {
		return Source{}, invalidSource("Invalid copy source bucket name")
	}
	if err := k.Check(key); err != nil {
		return Source{}, err
	}
	if hasVersion && (version == "" || !validVersion(version)) {
		return Source{}, apierr.InvalidArgument.New("Invalid version id specified").With("ArgumentName", "versionId")
	}
	return Source{Bucket: bucket, Key: key, VersionID: version}, nil
}

func invalidSource(message string) error {
	return apierr.InvalidArgument.New("%s", message).With("ArgumentName", "x-amz-copy-source")
}

// header writes s in the one form that every store reads alike.
func (s Source) header() string {
	h := s.Bucket + "/" + escapePath(s.Key)
	if s.VersionID != "" && s.VersionID != nullVersion {
		h += "?versionId=" + s.VersionID
	}
	return h
}

// validVersion reports whether s has the form of the ids that stores hand out
// for versions and uploads. Some stores join them to a path.
func validVersion(s string) bool {
	if len(s) > maxKey || strings.Trim(s, ".") == "" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !alphanumeric(c) && (c < 'A' || c > 'Z') && strings.IndexByte("-_.~+=", c) < 0 {
			return false
		}
	}
	return true
}
