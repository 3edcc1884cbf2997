package s3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
)

// Config is what the service is made of.
type Config struct {
	IAM      *iam.IAM
	Buckets  *Buckets
	Upstream *Upstream
	// Region is where every bucket is.
	Region string
	// Now is the real time, for the creation of buckets.
	Now func() time.Time
}

// Service is S3's operations. It is safe for concurrent use.
type Service struct {
	Config
	gate *gate.Service
}

// New returns the service.
func New(config Config) *Service {
	s := &Service{Config: config}
	s.gate = &gate.Service{Name: "s3", Namer: s}
	return s
}

// Name implements gate.Namer. The input is an *Input.
func (s *Service) Name(r *http.Request) (operation string, input any, err error) {
	if r.Method == http.MethodOptions {
		return "", nil, preflight(r)
	}
	target, err := s.Upstream.Keys.ParseTarget(r)
	if err != nil {
		return "", nil, err
	}
	in := &Input{Target: target}
	in.Header, err = requestHeader(r, target.Query)
	if err != nil {
		return "", nil, err
	}
	return target.Operation, in, nil
}

// preflight answers as S3 does for a bucket without a CORS configuration.
func preflight(r *http.Request) error {
	if r.Header.Get("Origin") == "" {
		return apierr.BadRequest.New("Insufficient information. Origin request header needed.")
	}
	return apierr.AccessForbidden.New("CORSResponse: CORS is not enabled for this bucket.")
}

// Rows returns the operations for a gate.
func (s *Service) Rows() []gate.Row {
	var rows []gate.Row
	for _, group := range [][]operation{s.bucketOperations(), s.policyOperations(), s.listOperations(), s.objectOperations(), s.uploadOperations()} {
		for _, o := range group {
			rows = append(rows, s.row(o))
		}
	}
	return rows
}

// operation is a row in the terms of this package.
type operation struct {
	name string
	// action is the one permission needed, upon the target; checks replaces it
	// where there is more to ask.
	action string
	checks func(context.Context, *gate.Request, *Input) ([]iam.Check, error)
	run    func(context.Context, *gate.Request, *Input) (*gate.Stream, error)
	// takesBody says that the operation reads the body itself; a body that any
	// other operation is sent is checked to be the signed one if it is empty,
	// and not looked at otherwise.
	takesBody bool
	// signed keeps unsigned requests out, whatever a bucket policy says.
	signed bool
	access access
}

// access is what an operation is to the record.
type access uint8

const (
	reads access = iota
	changes
	frees // a change that gives up space
)

// row joins an operation to the road.
func (s *Service) row(o operation) gate.Row {
	return gate.Row{
		Service: s.gate, Name: o.name, Anonymous: !o.signed,
		Changes: o.access != reads, Frees: o.access == frees, Data: dataEvent(o.name),
		Parameters: parameters,
		Checks: func(ctx context.Context, r *gate.Request) ([]iam.Check, error) {
			in := r.Input.(*Input)
			if !o.takesBody && r.HTTP.ContentLength == 0 {
				if err := verifyEmpty(r.Body); err != nil {
					return nil, bodyError(err)
				}
			}
			if o.checks != nil {
				return o.checks(ctx, r, in)
			}
			return s.oneCheck(r, in, o.action)
		},
		Run: func(ctx context.Context, r *gate.Request) (any, error) {
			in := r.Input.(*Input)
			if err := in.refuseUnbuilt(); err != nil {
				return nil, err
			}
			if o.access != reads {
				if err := in.refuseUnknown(); err != nil {
					return nil, err
				}
			}
			answer, err := o.run(ctx, r, in)
			if err != nil {
				return nil, bodyError(err)
			}
			return answer, nil
		},
	}
}

// oneCheck is the check of an operation that needs one action upon its target.
func (s *Service) oneCheck(r *gate.Request, in *Input, action string) ([]iam.Check, error) {
	b, err := s.find(in)
	if err != nil {
		return nil, err
	}
	check, err := s.check(r, in, b, action, in.Key)
	if err != nil {
		return nil, err
	}
	return []iam.Check{check}, nil
}

// find looks up the bucket of a request and keeps it in the input.
func (s *Service) find(in *Input) (*Bucket, error) {
	b, err := s.expect(in.Bucket, in.Header.Get("X-Amz-Expected-Bucket-Owner"))
	in.bucket = b
	return b, err
}

// expect finds a bucket, which must belong to owner unless that is empty.
func (s *Service) expect(name, owner string) (*Bucket, error) {
	b, ok := s.Buckets.get(name)
	switch {
	case !ok:
		return nil, noSuchBucket(name)
	case owner != "" && !arn.IsAccountID(owner):
		return nil, apierr.InvalidArgument.New("The value of the expected bucket owner parameter must be an AWS Account ID... [%.12s]", owner)
	case owner != "" && owner != string(b.Owner):
		return nil, apierr.AccessDenied.New("Access Denied")
	}
	return b, nil
}

// current is the record that b has by now.
func (s *Service) current(b *Bucket) (*Bucket, error) {
	now, ok := s.Buckets.get(b.Name)
	if !ok || !now.same(b) {
		return nil, noSuchBucket(b.Name)
	}
	return now, nil
}

// canonicalID is how S3 names an account: 64 hexadecimal digits.
func canonicalID(account arn.AccountID) string {
	sum := sha256.Sum256([]byte("canonical user " + account))
	return hex.EncodeToString(sum[:])
}

func ownerOf(account arn.AccountID) *owner { return &owner{ID: canonicalID(account)} }
