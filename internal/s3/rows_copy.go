package s3

import (
	"context"
	"encoding/xml"
	"errors"

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
	checks, err := s.writes(r, in, b)
	if err != nil {
		return nil, err
	}
	checks = append([]iam.Check{read}, checks...)
	if in.Operation == "UploadPartCopy" || in.Header.Get("X-Amz-Tagging-Directive") == "REPLACE" {
		return checks, nil
	}
	tags, err := s.existingTags(ctx, source)
	if err != nil || len(tags) == 0 {
		return checks, err
	}
	read.Action = versioned("s3:GetObjectTagging", in.Source.VersionID)
	write := checks[1]
	write.Action = "s3:PutObjectTagging"
	return append(checks, read, write), nil
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
	var result copyResult
	if err := decodeAnswer(a, &result); err != nil {
		return nil, err
	}
	result.XMLName = map[string]xml.Name{"CopyObject": copyObjectName, "UploadPartCopy": copyPartName}[in.Operation]
	return documentAnswer(result, a.Header)
}

// checkDirectives refuses what a store could read as something else.
func (in *Input) checkDirectives() error {
	for _, name := range []string{"X-Amz-Metadata-Directive", "X-Amz-Tagging-Directive"} {
		switch in.Header.Get(name) {
		case "", "COPY", "REPLACE":
		default:
			return apierr.InvalidArgument.New("Unknown %s.", map[string]string{
				"X-Amz-Metadata-Directive": "metadata directive", "X-Amz-Tagging-Directive": "tagging directive",
			}[name]).With("ArgumentName", name)
		}
	}
	return nil
}
