package s3

import (
	"crypto/tls"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/sigv4"
)

// check builds the check of one action on a bucket, or on the object with key.
func (s *Service) check(r *gate.Request, in *Input, b *Bucket, action, key string) (iam.Check, error) {
	p, err := b.compiled()
	if err != nil {
		return iam.Check{}, err
	}
	c := &conditions{request: r, in: in, bucket: b}
	return iam.Check{Action: action, Resource: b.ARN(key), Owner: b.Owner, ResourcePolicy: p, Context: c}, nil
}

// conditions answers the condition keys of S3, as "Actions, resources, and
// condition keys for Amazon S3" in the Service Authorization Reference lists
// them. It implements policy.Context.
type conditions struct {
	request *gate.Request
	in      *Input
	bucket  *Bucket // nil for operations without one
	// existing are the tags of the object, fetched only if a policy asks.
	existing []tag
	// source says that the check is about what a copy reads.
	source bool
	// copied are the tags that a copy takes along.
	copied []tag
}

// tag is a tag of an object.
type tag struct{ Key, Value string }

// Lookup implements policy.Context.
func (c *conditions) Lookup(key string) ([]string, bool) {
	name, ok := strings.CutPrefix(key, "s3:")
	if !ok {
		return nil, false
	}
	switch name {
	case "prefix", "delimiter", "max-keys":
		if !strings.HasPrefix(c.in.Operation, "ListObject") {
			return nil, false
		}
		return c.param(name)
	case "versionid":
		if c.source {
			return some(c.in.Source.VersionID != "", func() string { return c.in.Source.VersionID })
		}
		return c.param("versionId")
	case "x-amz-content-sha256":
		return c.contentHash()
	case "if-match", "if-none-match":
		return c.header(name)
	case "locationconstraint":
		d, _ := c.in.document.(*createBucketConfiguration)
		return some(d != nil && d.LocationConstraint != "", func() string { return d.LocationConstraint })
	case "resourceaccount":
		return some(c.bucket != nil, func() string { return string(c.bucket.Owner) })
	case "requestobjecttagkeys":
		return c.requestTagKeys()
	case "x-amz-copy-source":
		return some(c.in.Source != nil, func() string { return c.in.Source.Bucket + "/" + c.in.Source.Key })
	}
	if tag, ok := strings.CutPrefix(name, "existingobjecttag/"); ok {
		return findTag(c.existing, tag)
	}
	if tag, ok := strings.CutPrefix(name, "requestobjecttag/"); ok {
		return findTag(c.tags(), tag)
	}
	if strings.HasPrefix(name, "x-amz-") {
		return c.header(name)
	}
	return c.ofSignature(name)
}

// ofSignature answers the keys about how the request was signed and sent.
func (c *conditions) ofSignature(name string) ([]string, bool) {
	sig, r := c.request.Signature, c.request.HTTP
	switch name {
	case "tlsversion":
		return some(r.TLS != nil, func() string {
			return strings.TrimPrefix(tls.VersionName(r.TLS.Version), "TLS ")
		})
	case "authtype":
		return some(sig != nil, func() string {
			if sig.Presigned {
				return "REST-QUERY-STRING"
			}
			return "REST-HEADER"
		})
	case "signatureversion":
		return some(sig != nil, func() string {
			if sig.Version == sigv4.V2 {
				return "AWS"
			}
			return "AWS4-HMAC-SHA256"
		})
	case "signatureage":
		return some(sig != nil && sig.Presigned && !sig.Time.IsZero(), func() string {
			age := c.request.Now().Add(-c.request.Offset()).Sub(sig.Time)
			return strconv.FormatInt(int64(age/time.Millisecond), 10)
		})
	}
	return nil, false
}

func (c *conditions) param(name string) ([]string, bool) {
	return some(c.in.Query.Has(name), func() string { return c.in.Query.Get(name) })
}

func (c *conditions) header(name string) ([]string, bool) {
	values := c.in.Header[http.CanonicalHeaderKey(name)]
	return values, len(values) > 0
}

func (c *conditions) requestTagKeys() ([]string, bool) {
	var keys []string
	for _, t := range c.tags() {
		keys = append(keys, t.Key)
	}
	return keys, len(keys) > 0
}

// some is one value, if there is one.
func some(there bool, value func() string) ([]string, bool) {
	if !there {
		return nil, false
	}
	return []string{value()}, true
}

func findTag(tags []tag, key string) ([]string, bool) {
	for _, t := range tags {
		if iam.SameTagKey(t.Key, key) {
			return []string{t.Value}, true
		}
	}
	return nil, false
}

// tags are those that the request gives to an object: in a header, for
// PutObjectTagging in its body, or of what is copied. A copy that takes the
// source's along does not look at the header.
func (c *conditions) tags() []tag {
	if d, ok := c.in.document.(*tagging); ok {
		return d.tags()
	}
	if c.in.copiesTags() {
		return c.copied
	}
	tags, _ := c.in.headerTags() // checkTagging has refused what is malformed
	return tags
}

// contentHash is how the body is signed. A presigned URL that does not say has
// an unsigned one, and the word of somebody who does not sign is worth nothing.
// https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
func (c *conditions) contentHash() ([]string, bool) {
	sig := c.request.Signature
	return some(sig != nil, func() string {
		if sig.Payload == sigv4.PayloadUnsigned {
			return sigv4.UnsignedPayload
		}
		return sig.ContentSHA256
	})
}
