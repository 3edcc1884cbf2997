package s3

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

func (s *Service) objectOperations() []operation {
	return []operation{
		{name: "GetObject", checks: s.checkRead, run: s.getObject},
		{name: "HeadObject", checks: s.checkRead, run: s.getObject},
		{name: "PutObject", checks: s.checkWrite, run: s.putObject, takesBody: true, access: changes},
		{name: "CopyObject", checks: s.checkCopy, run: s.copyObject, access: changes},
		{name: "DeleteObject", checks: s.checkDelete, run: s.deleteObject, access: frees},
		{name: "GetObjectTagging", checks: s.checkTags("s3:GetObjectTagging"), run: s.getTags},
		{name: "PutObjectTagging", checks: s.checkPutTags, run: s.putTags, takesBody: true, access: changes},
		{name: "DeleteObjectTagging", checks: s.checkTags("s3:DeleteObjectTagging"), run: s.deleteTags, access: frees},
		{name: "DeleteObjects", checks: s.checkDeleteObjects, run: s.deleteObjects, takesBody: true, access: frees},
	}
}

// checkRead: reading a version that is named is an action of its own.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
func (s *Service) checkRead(ctx context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	b, err := s.find(in)
	if err != nil {
		return nil, err
	}
	check, err := s.checkExisting(ctx, r, in, b, versioned("s3:GetObject", in.Query.Get("versionId")), in.Target)
	return []iam.Check{check}, err
}

// versioned is the action upon a version: s3:GetObject becomes
// s3:GetObjectVersion.
func versioned(action, version string) string {
	if version == "" {
		return action
	}
	if name, ok := strings.CutSuffix(action, "Tagging"); ok {
		return name + "VersionTagging"
	}
	return action + "Version"
}

// checkWrite: tags that come with an object need permission to tag.
func (s *Service) checkWrite(_ context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	b, err := s.find(in)
	if err != nil {
		return nil, err
	}
	return s.writes(r, in, b)
}

func (s *Service) writes(r *gate.Request, in *Input, b *Bucket) ([]iam.Check, error) {
	if err := in.checkTagging(); err != nil {
		return nil, err
	}
	check, err := s.check(r, in, b, "s3:PutObject", in.Key)
	if err != nil {
		return nil, err
	}
	checks := []iam.Check{check}
	if in.Header.Get("X-Amz-Tagging") != "" {
		check.Action = "s3:PutObjectTagging"
		checks = append(checks, check)
	}
	return checks, nil
}

func (s *Service) checkDelete(ctx context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	b, err := s.find(in)
	if err != nil {
		return nil, err
	}
	check, err := s.checkExisting(ctx, r, in, b, versioned("s3:DeleteObject", in.Query.Get("versionId")), in.Target)
	return []iam.Check{check}, err
}

// getObject serves HEAD as well: the upstream's answer to it has no body.
func (s *Service) getObject(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	if err := in.checkOverrides(r.Signature != nil); err != nil {
		return nil, err
	}
	a, err := s.read(ctx, in)
	if err != nil {
		return nil, s.unread(ctx, r, in, err)
	}
	if a.Status == http.StatusNotModified && a.Header.Get("Etag") == "" {
		s.describe(ctx, in, a)
	}
	a.Header["Accept-Ranges"] = []string{"bytes"}
	return relay(a), nil
}

// read asks for the object. Downloads are gone on with by a range and If-Range
// (RFC 9110 section 13.1.5), which few stores know: the range is asked for on the
// condition that the object is the same, and all of it if it is another by now.
func (s *Service) read(ctx context.Context, in *Input) (*Answer, error) {
	call := Call{Target: in.Target, Header: in.Header}
	if in.Header.Get("If-Range") == "" || in.Header.Get("Range") == "" {
		return s.Upstream.Do(ctx, call)
	}
	call.Header = in.Header.Clone()
	if name := sameObject(in.Header); name != "" {
		call.Header.Set(name, in.Header.Get("If-Range"))
		a, err := s.Upstream.Do(ctx, call)
		if !errors.Is(err, apierr.PreconditionFailed) {
			return a, err
		}
		call.Header.Del(name)
	}
	call.Header.Del("Range")
	return s.Upstream.Do(ctx, call)
}

// sameObject is the header that makes a condition of what If-Range says; "" if it
// is a weak tag, which never matches, or if the request has such a header of its
// own: a range may always be ignored.
func sameObject(h http.Header) string {
	validator := h.Get("If-Range")
	switch {
	case h.Get("If-Match") != "" || h.Get("If-Unmodified-Since") != "" || strings.HasPrefix(validator, "W/"):
		return ""
	case strings.HasPrefix(validator, `"`):
		return "If-Match"
	}
	return "If-Unmodified-Since"
}

// describe adds what RFC 9110 section 15.4.5 wants in a 304 and not every store
// sends. Without it the answer is poorer and still true.
func (s *Service) describe(ctx context.Context, in *Input, notModified *Answer) {
	a, err := s.head(ctx, in)
	if err != nil {
		return
	}
	for _, name := range []string{"Etag", "Last-Modified", "Cache-Control", "Expires", "X-Amz-Version-Id"} {
		if value := a.Header[name]; value != nil {
			notModified.Header[name] = value
		}
	}
}

// checkOverrides checks the parameters that set headers of the answer.
func (in *Input) checkOverrides(signed bool) error {
	for _, p := range in.Query {
		if !strings.HasPrefix(p.Name, "response-") {
			continue
		}
		if !signed {
			return apierr.InvalidRequest.New("Request specific response headers cannot be used for anonymous GET requests.")
		}
		if !headerValue(p.Value) {
			return invalidParam(p.Name, "Header value cannot be represented using ISO-8859-1.")
		}
	}
	return nil
}

// unread says why an object was not read. That it is missing is told only to
// who may list the bucket; a range outside of it comes with its size.
func (s *Service) unread(ctx context.Context, r *gate.Request, in *Input, err error) error {
	switch {
	case errors.Is(err, apierr.NoSuchKey), errors.Is(err, apierr.NoSuchVersion):
		return s.hideMissing(ctx, r, in, in.bucket, err)
	case errors.Is(err, apierr.InvalidRange):
		refused := apierr.From(err).With("RangeRequested", in.Header.Get("Range"))
		if in.Operation == "HeadObject" {
			return refused
		}
		if a, headErr := s.head(ctx, in); headErr == nil {
			return refused.With("ActualObjectSize", strconv.FormatInt(a.Length, 10))
		}
		return refused
	}
	return err
}

// head asks for what is known of the target, without conditions.
func (s *Service) head(ctx context.Context, in *Input) (*Answer, error) {
	target := in.Target
	target.Operation, target.Query = "HeadObject", in.Query.only("versionId")
	a, err := s.Upstream.Do(ctx, Call{Target: target})
	if err != nil {
		return nil, err
	}
	return a, a.Body.Close()
}

// only returns the parameter with name alone.
func (q Query) only(name string) Query {
	for _, p := range q {
		if p.Name == name {
			return Query{p}
		}
	}
	return nil
}

// hideMissing turns "no such key" into AccessDenied for a caller who may not
// list the bucket, and so may not learn which keys there are.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_Permissions
func (s *Service) hideMissing(ctx context.Context, r *gate.Request, in *Input, b *Bucket, missing error) error {
	err := r.Allowed(ctx, func() (iam.Check, error) {
		current, err := s.current(b)
		if err != nil {
			return iam.Check{}, err
		}
		return s.check(r, in, current, "s3:ListBucket", "")
	})
	if err != nil {
		return err
	}
	return missing
}

func (s *Service) putObject(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	size, err := sizeOf(r)
	if err != nil {
		return nil, err
	}
	if err := s.Upstream.Keys.CheckPut(in.Key, size); err != nil {
		return nil, err
	}
	if err := in.checkHeaders(); err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Header: in.Header, Body: r.Body, Length: size, Trailer: in.trailer(r.Body), Last: s.stillThere(in)})
	if err != nil {
		return nil, err
	}
	return headersOf(a), nil
}

// sizeOf is how much a request wants to store. HTTP takes a request that does not
// say so for an empty one, S3 for a mistake.
func sizeOf(r *gate.Request) (int64, error) {
	size := r.Body.Size()
	if size < 0 || size == 0 && r.HTTP.Header.Get("Content-Length") == "" && len(r.HTTP.TransferEncoding) == 0 {
		return 0, apierr.MissingContentLength.New("You must provide the Content-Length HTTP header.")
	}
	if size > maxObject {
		return 0, apierr.EntityTooLarge.New("Your proposed upload exceeds the maximum allowed size")
	}
	return size, nil
}

// stillThere keeps a body that comes slowly out of a bucket that was made anew,
// perhaps by another account, after the write was authorized.
func (s *Service) stillThere(in *Input) func() error {
	return func() error {
		_, err := s.current(in.bucket)
		return err
	}
}

// maxObject is the most that one request can store: 5 GiB.
const maxObject = 5 << 30

func (s *Service) deleteObject(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Header: in.Header})
	if errors.Is(err, apierr.NoSuchKey) {
		return empty(http.StatusNoContent, nil), nil
	}
	if err != nil {
		return nil, err
	}
	_ = a.Body.Close()
	a.Header.Del("Content-Type")
	return empty(http.StatusNoContent, a.Header), nil
}
