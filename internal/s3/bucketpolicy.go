package s3

import (
	"encoding/json"
	"errors"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/catalog"
)

// maxBucketPolicy is the size of a bucket policy: 20 KB.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
const maxBucketPolicy = 20 << 10

// checkBucketPolicy refuses what cannot be the policy of a bucket, with
// MalformedPolicy in S3's words. Whether its principals exist is asked elsewhere.
func checkBucketPolicy(bucket, document string) error {
	if len(document) > maxBucketPolicy {
		return apierr.MalformedPolicy.New("Policy exceeds the maximum allowed document size.")
	}
	if !strings.HasPrefix(strings.TrimLeft(document, " \t\r\n"), "{") {
		return apierr.MalformedPolicy.New("Policies must be valid JSON and the first byte must be '{'")
	}
	p, err := policy.Parse(policy.Resource, document)
	if err != nil {
		return malformedBucketPolicy(err)
	}
	for _, principal := range policy.Principals(p) {
		if principal.Kind == "CanonicalUser" {
			// It would match nobody, which makes a Deny for it an Allow.
			return apierr.MalformedPolicy.New("Invalid principal in policy").With("Detail", principal.Value)
		}
	}
	var d bucketPolicy
	if err := json.Unmarshal([]byte(document), &d); err != nil {
		return malformedBucketPolicy(err)
	}
	for _, s := range d.Statement {
		if err := s.check(bucket); err != nil {
			return err
		}
	}
	return nil
}

// malformedBucketPolicy words what is wrong with the form. S3's sentences are
// few; the place is told besides.
func malformedBucketPolicy(err error) error {
	e, ok := errors.AsType[*policy.Error](err)
	if !ok {
		return apierr.MalformedPolicy.Wrap(err, "This policy contains invalid Json")
	}
	return apierr.MalformedPolicy.Wrap(err, "%s", e.Message).With("Detail", e.Describe())
}

// bucketPolicy is as much of a policy as S3 looks at beyond its form, which
// policy.Parse has found good.
type bucketPolicy struct{ Statement oneOrMore[bucketStatement] }

type bucketStatement struct {
	Action, NotAction, Resource, NotResource oneOrMore[string]
}

// oneOrMore reads a JSON value or a list of such values.
type oneOrMore[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *oneOrMore[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(l))
	}
	var one T
	err := json.Unmarshal(b, &one)
	*l = oneOrMore[T]{one}
	return err
}

// check holds actions and resources of a statement against each other and
// against the bucket.
func (s *bucketStatement) check(bucket string) error {
	var kinds resourceKinds
	for _, resource := range append(s.Resource, s.NotResource...) {
		if !kinds.add(resource, bucket) {
			return apierr.MalformedPolicy.New("Policy has invalid resource").With("Detail", resource)
		}
	}
	for _, action := range append(s.Action, s.NotAction...) {
		if action == "*" {
			continue
		}
		names := catalog.Expand(action)
		if len(names) == 0 || !strings.HasPrefix(names[0], "s3:") {
			return apierr.MalformedPolicy.New("Policy has invalid action").With("Detail", action)
		}
		if len(s.Resource) > 0 && !kinds.serve(names) {
			return apierr.MalformedPolicy.New("Action does not apply to any resource(s) in statement").With("Detail", action)
		}
	}
	return nil
}

// resourceKinds says what the resources of a statement can name.
type resourceKinds struct{ bucket, object bool }

const bucketARN = "arn:aws:s3:::"

// add takes in a resource, and reports false for one that cannot be the bucket
// or an object in it.
func (k *resourceKinds) add(resource, bucket string) bool {
	if resource == "*" {
		k.bucket, k.object = true, true
		return true
	}
	path, ok := strings.CutPrefix(resource, bucketARN)
	if !ok {
		return false
	}
	name, _, hasKey := strings.Cut(path, "/")
	if !arn.Wildcard(name, bucket) {
		return false
	}
	wild := strings.HasSuffix(name, "*")
	k.bucket = k.bucket || !hasKey
	k.object = k.object || hasKey || wild
	return true
}

// serve reports whether one of the actions can be upon one of the kinds.
func (k *resourceKinds) serve(actions []string) bool {
	for _, name := range actions {
		_, action := catalog.FindAction(name)
		if action == nil {
			continue
		}
		for _, r := range action.Resources {
			if r.Type.Name == "bucket" && k.bucket || r.Type.Name == "object" && k.object {
				return true
			}
		}
	}
	return false
}
