package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"regexp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

// checkCopy: reading the source is decided with the policy and the owner of the
// source's bucket, writing with those of the target's. Tags that go along need
// permission to read and to write them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_Permissions
func (s *Service) checkCopy(ctx context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	b, err := s.find(in)
	if err != nil {
		return nil, err
	}
	in.source, err = s.expect(in.Source.Bucket, in.Header.Get("X-Amz-Source-Expected-Bucket-Owner"))
	if err != nil {
		return nil, err
	}
	source := Target{Bucket: in.Source.Bucket, Key: in.Source.Key}
	if in.Source.VersionID != "" {
		source.Query = Query{{"versionId", in.Source.VersionID}}
	}
	read, err := s.checkExisting(ctx, r, in, in.source, versioned("s3:GetObject", in.Source.VersionID), source)
	if err != nil {
		return nil, err
	}
	read.Context.(*conditions).source = true
	writes, err := s.writes(r, in, b)
	if err != nil {
		return nil, err
	}
	checks := append([]iam.Check{read}, writes...)
	if !in.copiesTags() {
		return checks, nil
	}
	tags, err := s.existingTags(ctx, source)
	if err != nil || len(tags) == 0 {
		return checks, err
	}
	write := writes[0]
	write.Context.(*conditions).copied = tags
	read.Action, write.Action = versioned("s3:GetObjectTagging", in.Source.VersionID), "s3:PutObjectTagging"
	return append(checks, read, write), nil
}

// copiesTags reports whether the request is a copy that takes the tags along.
func (in *Input) copiesTags() bool {
	return in.Operation == "CopyObject" && in.Header.Get("X-Amz-Tagging-Directive") != "REPLACE"
}

// copyObject serves CopyObject and UploadPartCopy. The upstream reads and
// writes; the source is sent as it was authorized.
func (s *Service) copyObject(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	if err := in.checkDirectives(); err != nil {
		return nil, err
	}
	if err := in.checkHeaders(); err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Header: in.Header})
	if errors.Is(err, apierr.NoSuchKey) {
		missing := apierr.NoSuchKey.New("The specified key does not exist.").With("Key", in.Source.Key)
		return nil, s.hideMissing(ctx, r, in, in.source, missing)
	}
	if err != nil {
		return nil, err
	}
	result, err := decodeCopy(a)
	if err != nil {
		return nil, err
	}
	result.XMLName = map[string]xml.Name{"CopyObject": copyObjectName, "UploadPartCopy": copyPartName}[in.Operation]
	return documentAnswer(result, a.Header)
}

// decodeCopy reads the result of a copy, whose root has one of two names. What
// goes wrong after the status line was sent comes as an Error with status 200.
func decodeCopy(a *Answer) (result copyResult, err error) {
	if err := decodeAnswer(a, &result); err != nil {
		return result, err
	}
	if name := result.XMLName.Local; name != copyObjectName.Local && name != copyPartName.Local {
		return result, apierr.UpstreamFailure.Wrap(fmt.Errorf("the object store answered a copy with <%.40s>", name), "We encountered an internal error. Please try again.")
	}
	return result, nil
}

// checkDirectives refuses what a store could read as something else, or not at all.
func (in *Input) checkDirectives() error {
	for _, what := range []string{"metadata", "tagging"} {
		name := "x-amz-" + what + "-directive"
		switch in.Header.Get(name) {
		case "", "COPY", "REPLACE":
		default:
			return invalidParam(name, "Unknown "+what+" directive.")
		}
	}
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if in.Header.Get(name) != "" {
			return headerNotImplemented(name)
		}
	}
	if part := in.Header.Get("X-Amz-Copy-Source-Range"); part != "" && !firstLast.MatchString(part) {
		return invalidParam("x-amz-copy-source-range", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
	}
	return nil
}

// firstLast is the one form of a range of a copy. In a longer one stores could
// see different bytes.
var firstLast = regexp.MustCompile(`^bytes=[0-9]{1,18}-[0-9]{1,18}$`)
