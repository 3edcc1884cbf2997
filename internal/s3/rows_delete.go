package s3

import (
	"context"
	"errors"
	"sync"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

// checkDeleteObjects reads which keys are to go. There is no check for all of
// them together: each key is decided on its own and has its own outcome.
func (s *Service) checkDeleteObjects(_ context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	if _, err := s.find(in); err != nil || in.document != nil {
		return nil, err
	}
	raw, checked, err := readChecked(r.Body, in.Header, maxDocument)
	if err != nil {
		return nil, bodyError(err)
	}
	if !checked {
		return nil, apierr.InvalidRequest.New("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
	}
	d := &deleteRequest{}
	if err := parseDocument(raw, d); err != nil {
		return nil, err
	}
	in.document = d
	return nil, nil
}

// deleters is how many objects of one request are deleted at once.
const deleters = 8

// deleteObjects decides every key before the first one goes, and answers with
// the outcome of each. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
func (s *Service) deleteObjects(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	d := in.document.(*deleteRequest)
	outcomes := make([]error, len(d.Objects))
	for i, o := range d.Objects {
		outcomes[i] = s.mayDelete(ctx, r, in, o)
		if err := outcomes[i]; err != nil && apierr.From(err).Fault == apierr.Receiver {
			return nil, err
		}
	}
	var group sync.WaitGroup
	slots := make(chan struct{}, deleters)
	for i, o := range d.Objects {
		if outcomes[i] != nil {
			continue
		}
		slots <- struct{}{}
		group.Go(func() {
			outcomes[i] = s.deleteOne(ctx, in.Bucket, o)
			<-slots
		})
	}
	group.Wait()
	return documentAnswer(deleteOutcome(d, outcomes), nil)
}

// mayDelete decides one key. The key rule comes first, as everywhere.
func (s *Service) mayDelete(ctx context.Context, r *gate.Request, in *Input, o deleteObject) error {
	if err := s.Upstream.Keys.Check(o.Key); err != nil {
		return err
	}
	target := Target{Bucket: in.Bucket, Key: o.Key}
	if o.VersionID != "" {
		target.Query = Query{{"versionId", o.VersionID}}
	}
	return r.Allowed(ctx, func() (iam.Check, error) {
		b, err := s.current(in.bucket)
		if err != nil {
			return iam.Check{}, err
		}
		return s.checkExisting(ctx, r, in, b, versioned("s3:DeleteObject", o.VersionID), target)
	})
}

// deleteOne deletes an object; that there is none is as good.
func (s *Service) deleteOne(ctx context.Context, bucket string, o deleteObject) error {
	target := Target{Operation: "DeleteObject", Bucket: bucket, Key: o.Key}
	if o.VersionID != "" {
		target.Query = Query{{"versionId", o.VersionID}}
	}
	a, err := s.Upstream.Do(ctx, Call{Target: target})
	if errors.Is(err, apierr.NoSuchKey) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Body.Close()
}

func deleteOutcome(d *deleteRequest, outcomes []error) deleteResult {
	var result deleteResult
	for i, o := range d.Objects {
		switch err := outcomes[i]; {
		case err == nil && !d.Quiet:
			result.Deleted = append(result.Deleted, deletedObject{Key: o.Key, VersionID: o.VersionID})
		case err != nil:
			e := apierr.From(err)
			result.Errors = append(result.Errors, deleteError{Key: o.Key, VersionID: o.VersionID, Code: e.Code, Message: e.Message})
		}
	}
	return result
}
