package s3

import (
	"context"
	"net/http"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/policy"
)

func (s *Service) policyOperations() []operation {
	return []operation{
		{name: "GetBucketPolicy", checks: s.checkPolicy("s3:GetBucketPolicy"), run: s.getBucketPolicy, signed: true},
		{name: "PutBucketPolicy", checks: s.checkPolicy("s3:PutBucketPolicy"), run: s.putBucketPolicy, takesBody: true, signed: true, access: changes},
		{name: "DeleteBucketPolicy", checks: s.checkPolicy("s3:DeleteBucketPolicy"), run: s.deleteBucketPolicy, signed: true, access: frees},
	}
}

// checkPolicy: the root user of the owner needs no permission, so that a policy
// that shuts out everybody can be repaired.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
func (s *Service) checkPolicy(action string) func(context.Context, *gate.Request, *Input) ([]iam.Check, error) {
	return func(_ context.Context, r *gate.Request, in *Input) ([]iam.Check, error) {
		checks, err := s.oneCheck(r, in, action)
		if err == nil && r.Caller.Principal.Type == policy.Root && r.Caller.Account() == in.bucket.Owner {
			return nil, nil
		}
		return checks, err
	}
}

// ownersOnly refuses callers of other accounts, whatever they are allowed to do.
func ownersOnly(r *gate.Request, in *Input) error {
	if r.Caller.Account() == in.bucket.Owner {
		return nil
	}
	return apierr.MethodNotAllowed.New("The specified method is not allowed against this resource.").With("Method", r.HTTP.Method).With("ResourceType", "BUCKETPOLICY")
}

func (s *Service) getBucketPolicy(_ context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	if err := ownersOnly(r, in); err != nil {
		return nil, err
	}
	if in.bucket.Policy == nil {
		return nil, apierr.NoSuchBucketPolicy.New("The bucket policy does not exist").With("BucketName", in.Bucket)
	}
	text := s.IAM.ShowPrincipals(in.bucket.Policy.Text())
	return bytesAnswer([]byte(text), "application/json", nil), nil
}

func (s *Service) putBucketPolicy(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	if err := ownersOnly(r, in); err != nil {
		return nil, err
	}
	raw, _, err := readChecked(r.Body, in.Header, maxDocument)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		return nil, apierr.MissingRequestBody.New("Request Body is empty")
	}
	if err := checkBucketPolicy(in.Bucket, string(raw)); err != nil {
		return nil, err
	}
	text, err := s.resolve(ctx, string(raw))
	if err != nil {
		return nil, err
	}
	if err := s.Buckets.setPolicy(ctx, in.bucket, iam.NewDocument(text)); err != nil {
		return nil, err
	}
	return empty(http.StatusNoContent, nil), nil
}

// resolve puts unique ids in the place of users and roles. One that memory does
// not know is looked for again at the store's current revision.
func (s *Service) resolve(ctx context.Context, document string) (string, error) {
	var text string
	var err error
	settleErr := s.IAM.Settle(ctx, func() bool {
		text, err = s.IAM.ResolvePrincipals(document)
		return err == nil
	})
	if settleErr != nil {
		return "", settleErr
	}
	if err != nil {
		return "", apierr.MalformedPolicy.Wrap(err, "Invalid principal in policy")
	}
	return text, nil
}

func (s *Service) deleteBucketPolicy(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	if err := ownersOnly(r, in); err != nil {
		return nil, err
	}
	if in.bucket.Policy == nil {
		return empty(http.StatusNoContent, nil), nil
	}
	if err := s.Buckets.setPolicy(ctx, in.bucket, nil); err != nil {
		return nil, err
	}
	return empty(http.StatusNoContent, nil), nil
}
