package embedded

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

// ListMultipartUploads lists by key and, within a key, by upload id, which is
// what upload-id-marker compares. The file backend takes that marker for an
// upload of the first key after key-marker, so that it refuses to give the second
// page of any listing; and it orders by a time that every part changes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
func (b *backend) ListMultipartUploads(ctx context.Context, in *s3.ListMultipartUploadsInput) (s3response.ListMultipartUploadsResult, error) {
	all := int32(math.MaxInt32)
	out, err := b.posix.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: b.dirOf(in.Bucket), Prefix: in.Prefix, MaxUploads: &all})
	out.Bucket = *in.Bucket
	if err != nil {
		return out, b.fail("ListMultipartUploads", err)
	}
	slices.SortFunc(out.Uploads, func(x, y s3response.Upload) int {
		return cmp.Or(strings.Compare(x.Key, y.Key), strings.Compare(x.UploadID, y.UploadID))
	})
	pageOfUploads(&out, in)
	return out, nil
}

// pageOfUploads leaves of all uploads, in their order, the page that in asks for.
func pageOfUploads(out *s3response.ListMultipartUploadsResult, in *s3.ListMultipartUploadsInput) {
	prefix, delimiter := text(in.Prefix), text(in.Delimiter)
	after, afterID := text(in.KeyMarker), text(in.UploadIdMarker)
	all := out.Uploads
	out.Uploads, out.MaxUploads = nil, int(*in.MaxUploads)
	lastGroup := after // a marker can be a common prefix
	var nextKey, nextID string
	for _, u := range all {
		if u.Key < after || u.Key == after && (afterID == "" || u.UploadID <= afterID) {
			continue
		}
		group := groupOf(u.Key, prefix, delimiter)
		if group != "" && group == lastGroup {
			continue
		}
		if len(out.Uploads)+len(out.CommonPrefixes) == out.MaxUploads {
			out.IsTruncated, out.NextKeyMarker, out.NextUploadIDMarker = true, nextKey, nextID
			return
		}
		if group != "" {
			out.CommonPrefixes = append(out.CommonPrefixes, s3response.CommonPrefix{Prefix: group})
			lastGroup, nextKey, nextID = group, group, ""
			continue
		}
		out.Uploads = append(out.Uploads, u)
		nextKey, nextID = u.Key, u.UploadID
	}
}

// groupOf is the common prefix that stands for a key in a listing; "" if the key
// is listed itself.
func groupOf(key, prefix, delimiter string) string {
	if delimiter == "" {
		return ""
	}
	before, _, found := strings.Cut(key[len(prefix):], delimiter)
	if !found {
		return ""
	}
	return prefix + before + delimiter
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
