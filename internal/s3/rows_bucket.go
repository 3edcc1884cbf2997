package s3

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

func (s *Service) bucketOperations() []operation {
	return []operation{
		{name: "ListBuckets", checks: s.checkListBuckets, run: s.listBuckets, signed: true},
		{name: "CreateBucket", checks: s.checkCreateBucket, run: s.createBucket, takesBody: true, signed: true, access: changes},
		{name: "HeadBucket", checks: s.checkHeadBucket, run: s.headBucket},
		{name: "DeleteBucket", action: "s3:DeleteBucket", run: s.deleteBucket, access: frees},
		{name: "GetBucketLocation", action: "s3:GetBucketLocation", run: s.getBucketLocation},
	}
}

func (s *Service) checkListBuckets(_ context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	c := &conditions{request: r, in: in}
	return []iam.Check{{Action: "s3:ListAllMyBuckets", Resource: "*", Owner: r.Caller.Account(), Context: c}}, nil
}

const maxBuckets = 10_000

// listBuckets lists the buckets of the caller's account, from memory.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
func (s *Service) listBuckets(_ context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	limit, err := in.Query.number("max-buckets", maxBuckets, maxBuckets+1)
	if err != nil {
		return nil, err
	}
	if limit == 0 || limit > maxBuckets {
		return nil, invalidParam("max-buckets", "Argument max-buckets must be an integer between 1 and 10000")
	}
	after, err := base64.RawURLEncoding.DecodeString(in.Query.Get("continuation-token"))
	if err != nil {
		return nil, invalidParam("continuation-token", "The continuation token provided is incorrect")
	}
	prefix, region := in.Query.Get("prefix"), in.Query.Get("bucket-region")
	result := listBucketsResult{Owner: *ownerOf(r.Caller.Account()), Prefix: prefix, Buckets: []bucketEntry{}}
	for _, b := range s.Buckets.ownedBy(r.Caller.Account()) {
		if !strings.HasPrefix(b.Name, prefix) || b.Name <= string(after) || region != "" && b.Region != region {
			continue
		}
		if len(result.Buckets) == limit {
			last := result.Buckets[limit-1].Name
			result.ContinuationToken = base64.RawURLEncoding.EncodeToString([]byte(last))
			break
		}
		result.Buckets = append(result.Buckets, bucketEntry{Name: b.Name, CreationDate: stamp(b.Created), BucketRegion: b.Region, BucketARN: b.ARN("")})
	}
	return documentAnswer(result, nil)
}

// number reads a parameter between 0 and 2^31-1; what is above limit becomes limit.
func (q Query) number(name string, missing, limit int) (int, error) {
	value := q.Get(name)
	if value == "" {
		return missing, nil
	}
	n, err := strconv.ParseInt(value, 10, 32)
	switch {
	case err != nil:
		return 0, invalidParam(name, "Provided "+name+" not an integer or within integer range")
	case n < 0:
		return 0, invalidParam(name, "Argument "+name+" must be an integer between 0 and 2147483647")
	}
	return min(int(n), limit), nil
}

// isZero reports whether a limit, which number has read, asks for a page without
// entries. Stores differ in taking it for no limit at all.
func (q Query) isZero(name string) bool {
	n, err := q.number(name, 1, 1)
	return err == nil && n == 0
}

// checkCreateBucket reads the body first, since conditions can ask for the place.
// The bucket that is to be made is the caller's.
func (s *Service) checkCreateBucket(_ context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	if err := CheckNewBucket(in.Bucket); err != nil {
		return nil, err
	}
	if in.document == nil {
		d, err := readConfiguration(r.Body)
		if err != nil {
			return nil, bodyError(err)
		}
		in.document = d
	}
	b := &Bucket{Name: in.Bucket, Owner: r.Caller.Account()}
	check, err := s.check(r, in, b, "s3:CreateBucket", "")
	return []iam.Check{check}, err
}

// readConfiguration reads the body of CreateBucket, which may be empty.
func readConfiguration(body gate.Body) (*createBucketConfiguration, error) {
	d := &createBucketConfiguration{}
	raw, err := readDocument(body)
	if err != nil || len(raw) == 0 {
		return d, err
	}
	return d, parseDocument(raw, d)
}

// createBucket makes the bucket at the upstream first and then claims the name
// with one compare-and-swap, which decides between two who want it at once. A
// crash in between leaves an empty bucket upstream that nobody owns or can
// reach, and the name free. What the upstream holds already under a name that
// nobody owns is never given away: such a name is taken.
func (s *Service) createBucket(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	if place := in.document.(*createBucketConfiguration).LocationConstraint; place != "" && place != s.Region {
		return nil, apierr.IllegalLocationConstraint.New("The %.40s location constraint is incompatible for the region specific endpoint this request was sent to.", place)
	}
	defer s.Buckets.lock(in.Bucket)()
	if b, ok := s.Buckets.get(in.Bucket); ok {
		return s.bucketExists(ctx, r, in, b)
	}
	if err := s.makeUpstream(ctx, in); err != nil {
		return nil, err
	}
	if err := s.mustBeEmpty(ctx, in); err != nil {
		return nil, err
	}
	made := &Bucket{Name: in.Bucket, Owner: r.Caller.Account(), Created: s.Now().UTC(), Region: s.Region}
	ok, err := s.Buckets.add(ctx, made)
	if err != nil {
		return nil, err
	}
	if !ok {
		b, _ := s.Buckets.get(in.Bucket)
		return s.bucketExists(ctx, r, in, b)
	}
	return bucketMade(made), nil
}

func bucketMade(b *Bucket) *gate.Stream {
	return empty(http.StatusOK, http.Header{"Location": {"/" + b.Name}, "X-Amz-Bucket-Arn": {b.ARN("")}})
}

// bucketExists answers for a name that is taken. In us-east-1 an owner may
// create a bucket again, which changes nothing; it is repaired upstream if
// deleting it was cut off half way. A b that is gone again is a conflict.
func (s *Service) bucketExists(ctx context.Context, r *gate.Request, in *Input, b *Bucket) (*gate.Stream, error) {
	if b == nil {
		return nil, apierr.OperationAborted.New("A conflicting conditional operation is currently in progress against this resource. Please try again.")
	}
	if b.Owner != r.Caller.Account() {
		return nil, bucketTaken(in)
	}
	if err := s.makeUpstream(ctx, in); err != nil {
		return nil, err
	}
	if b.Region == "us-east-1" {
		return bucketMade(b), nil
	}
	return nil, apierr.BucketAlreadyOwnedByYou.New("Your previous request to create the named bucket succeeded and you already own it.").With("BucketName", in.Bucket)
}

func bucketTaken(in *Input) error {
	return apierr.BucketAlreadyExists.New("The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.").With("BucketName", in.Bucket)
}

// makeUpstream makes sure that the upstream has the bucket.
func (s *Service) makeUpstream(ctx context.Context, in *Input) error {
	a, err := s.Upstream.Do(ctx, Call{Target: Target{Operation: "CreateBucket", Bucket: in.Bucket}})
	if errors.Is(err, apierr.BucketAlreadyOwnedByYou) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Body.Close()
}

// mustBeEmpty keeps what the upstream held before from falling to whoever asks
// for its name first.
func (s *Service) mustBeEmpty(ctx context.Context, in *Input) error {
	a, err := s.Upstream.Do(ctx, Call{Target: Target{Operation: "ListObjectsV2", Bucket: in.Bucket, Query: Query{{"list-type", "2"}, {"max-keys", "1"}}}})
	if err != nil {
		return err
	}
	var found listObjectsResult
	if err := decodeAnswer(a, &found); err != nil {
		return err
	}
	if len(found.Contents) > 0 || len(found.CommonPrefixes) > 0 {
		return bucketTaken(in)
	}
	return nil
}

// checkHeadBucket tells the region even to those who are refused: SDKs ask for
// it without credentials.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func (s *Service) checkHeadBucket(_ context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
	check, err := s.oneCheck(r, in, "s3:ListBucket")
	if err == nil {
		r.Told = http.Header{"X-Amz-Bucket-Region": {in.bucket.Region}}
	}
	return check, err
}

func (s *Service) headBucket(_ context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	h := http.Header{
		"X-Amz-Bucket-Arn":         {in.bucket.ARN("")},
		"X-Amz-Access-Point-Alias": {"false"}, "Content-Type": {"application/xml"},
	}
	return &gate.Stream{Status: http.StatusOK, Header: h, Length: -1}, nil
}

// deleteBucket deletes the upstream's bucket first, which must be empty, and then
// gives up the name. A crash in between leaves a bucket that is its owner's and
// that can be deleted or created again.
func (s *Service) deleteBucket(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	defer s.Buckets.lock(in.Bucket)()
	if b, ok := s.Buckets.get(in.Bucket); !ok || !b.same(in.bucket) {
		return nil, noSuchBucket(in.Bucket)
	}
	a, err := s.Upstream.Do(ctx, Call{Target: Target{Operation: "DeleteBucket", Bucket: in.Bucket}})
	if err == nil {
		err = a.Body.Close()
	}
	if err != nil && !errors.Is(err, apierr.NoSuchBucket) {
		return nil, err
	}
	if err := s.Buckets.remove(ctx, in.bucket); err != nil {
		return nil, err
	}
	return empty(http.StatusNoContent, nil), nil
}

func (s *Service) getBucketLocation(_ context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	region := in.bucket.Region
	if region == "us-east-1" {
		region = "" // which is how S3 has always called it
	}
	return documentAnswer(locationResult{Region: region}, nil)
}
