package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

// Limits of "Categorizing your storage using tags" in the S3 User Guide.
const (
	maxTags     = 10
	maxTagKey   = 128
	maxTagValue = 256
)

// tagging is the tags of an object, in requests and answers.
type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	TagSet  struct {
		XMLName xml.Name     `xml:"TagSet"`
		Tags    []taggingTag `xml:"Tag"`
		Extra   extra        `xml:",any"`
	}
	Extra extra `xml:",any"`
}

type taggingTag struct {
	Key, Value string
	Extra      extra `xml:",any"`
}

func (d *tagging) check() error {
	if d.TagSet.XMLName.Local == "" {
		return malformedXML(errors.New("no TagSet"))
	}
	for _, t := range d.TagSet.Tags {
		if err := t.Extra.check(); err != nil {
			return err
		}
	}
	if err := errors.Join(d.TagSet.Extra.check(), d.Extra.check()); err != nil {
		return err
	}
	return checkTags(d.tags())
}

func (d *tagging) tags() []tag {
	tags := make([]tag, len(d.TagSet.Tags))
	for i, t := range d.TagSet.Tags {
		tags[i] = tag{t.Key, t.Value}
	}
	return tags
}

// taggingResult answers GetObjectTagging, and is what PutObjectTagging sends on.
type taggingResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ Tagging"`
	TagSet  []tag    `xml:"TagSet>Tag"`
}

// checkTagging checks the tags that a header gives to a new object.
func (in *Input) checkTagging() error {
	tags, err := in.headerTags()
	if err != nil {
		return apierr.InvalidArgument.New("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.").With("ArgumentName", "x-amz-tagging")
	}
	return checkTags(tags)
}

// headerTags decodes the x-amz-tagging header: KEY=VALUE&…
func (in *Input) headerTags() ([]tag, error) {
	query, err := parseQuery(in.Header.Get("X-Amz-Tagging"))
	if err != nil {
		return nil, err
	}
	tags := make([]tag, len(query))
	for i, p := range query {
		tags[i] = tag{p.Name, p.Value}
	}
	return tags, nil
}

func checkTags(tags []tag) error {
	if len(tags) > maxTags {
		return apierr.BadRequest.New("Object tags cannot be greater than 10")
	}
	for i, t := range tags {
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey || strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return apierr.InvalidTag.New("The TagKey you have provided is invalid")
		case utf8.RuneCountInString(t.Value) > maxTagValue:
			return apierr.InvalidTag.New("The TagValue you have provided is invalid")
		case slices.ContainsFunc(tags[:i], func(o tag) bool { return iam.SameTagKey(o.Key, t.Key) }):
			// S3 keeps keys that differ by case only; conditions could judge
			// but one of them.
			return apierr.InvalidTag.New("Cannot provide multiple Tags with the same key")
		}
	}
	return nil
}

// checkExisting is check for an action that conditions may tie to the tags that
// the object t has. They are fetched only if a policy that applies asks for them.
func (s *Service) checkExisting(ctx context.Context, r *gate.Request, in *Input, b *Bucket, action string, t Target) (iam.Check, error) {
	check, err := s.check(r, in, b, action, t.Key)
	if err != nil {
		return iam.Check{}, err
	}
	asked, err := s.IAM.Names(r.Caller, check.ResourcePolicy, "s3:existingobjecttag/")
	if err != nil || !asked {
		return check, err
	}
	tags, err := s.existingTags(ctx, t)
	check.Context.(*conditions).existing = tags
	return check, err
}

// existingTags fetches the tags of an object. One that is missing has none, nor
// has one of a version that cannot be: what reads it says so, if it may be read.
func (s *Service) existingTags(ctx context.Context, t Target) ([]tag, error) {
	a, err := s.Upstream.Do(ctx, Call{Target: Target{Operation: "GetObjectTagging", Bucket: t.Bucket, Key: t.Key, Query: t.Query.only("versionId")}})
	if err != nil {
		if apierr.From(err).Status == 404 || errors.Is(err, apierr.InvalidArgument) {
			return nil, nil
		}
		return nil, err
	}
	var d tagging
	err = decodeAnswer(a, &d)
	return d.tags(), err
}
