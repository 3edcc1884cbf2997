package s3

import (
	"bytes"
	"context"
	"net/http"

	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

// checkTags is the check of an operation on the tags of an object.
func (s *Service) checkTags(action string) func(context.Context, *gate.Request, *Input) ([]iam.Check, error) {
	return func(ctx context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
		b, err := s.find(in)
		if err != nil {
			return nil, err
		}
		check, err := s.checkExisting(ctx, r, in, b, versioned(action, in.Query.Get("versionId")), in.Target)
		return []iam.Check{check}, err
	}
}

// checkPutTags reads the tags first, since conditions can ask for them.
func (s *Service) checkPutTags(ctx context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	if in.document == nil {
		raw, _, err := readChecked(r.Body, in.Header, maxDocument)
		if err != nil {
			return nil, bodyError(err)
		}
		d := &tagging{}
		if err := parseDocument(raw, d); err != nil {
			return nil, err
		}
		in.document = d
	}
	return s.checkTags("s3:PutObjectTagging")(ctx, r, in)
}

func (s *Service) getTags(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target})
	if err != nil {
		return nil, s.unread(ctx, r, in, err)
	}
	var d tagging
	if err := decodeAnswer(a, &d); err != nil {
		return nil, err
	}
	return documentAnswer(taggingResult{TagSet: d.tags()}, a.Header)
}

func (s *Service) putTags(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	body, err := encode(taggingResult{TagSet: in.document.(*tagging).tags()})
	if err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Body: bytes.NewReader(body), Length: int64(len(body))})
	if err != nil {
		return nil, s.unread(ctx, r, in, err)
	}
	return headersOf(a), nil
}

func (s *Service) deleteTags(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target})
	if err != nil {
		return nil, s.unread(ctx, r, in, err)
	}
	_ = a.Body.Close()
	return empty(http.StatusNoContent, nil), nil
}
