package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/client"
)

// row is a step as it came out.
type row struct {
	Step   int    `json:"step"`
	Action string `json:"action"`
	Input  string `json:"input"`
	Output string `json:"output"`
	Result string `json:"result"` // in one word, or FAILED
	// Code is the error code of a refusal.
	Code string `json:"code,omitempty"`
	// Credentials is what has become of them: None, Issued, Used, Expired.
	Credentials string `json:"credentials"`
	OK          bool   `json:"ok"`
}

// step is one request of the demonstration and the answer that it should have.
type step struct {
	row                  // Step, Action, Input, and what Result and Credentials should be
	refused *apierr.Kind // nil: the request should succeed
	run     func(context.Context) (output string, err error)
}

// play runs the step and compares.
func (s step) play(ctx context.Context) row {
	r := s.row
	output, err := s.run(ctx)
	r.Output, r.OK = output, err == nil && s.refused == nil
	if err != nil {
		r.Output = err.Error()
	}
	if refusal := client.Refusal(err); refusal != nil {
		r.Code, r.Output = refusal.Code, refusal.Code+": "+refusal.Message
		r.OK = s.refused != nil && errors.Is(refusal, *s.refused)
	}
	if !r.OK {
		want := "success"
		if s.refused != nil {
			want = fmt.Sprint(s.refused.Code, " ", s.refused.Status)
		}
		r.Result, r.Output = "FAILED", fmt.Sprintf("want %s, got: %s", want, r.Output)
	}
	return r
}

// What becomes of the credentials.
const (
	none    = "None"
	issued  = "Issued"
	used    = "Used"
	expired = "Expired"
)

// The words for what came of a step.
const (
	allowed = "allowed"
	denied  = "denied"
	done    = "done"
)

// lifetime is how long the credentials of the story last.
const lifetime = time.Hour

// story is the sequence of steps; what one makes, later ones use.
type story struct {
	*stage
	session *client.Session // set by the first step
}

func newStory(s *stage) *story { return &story{stage: s} }

func (s *story) steps() []step {
	caller := fmt.Sprintf("user %s of account %s; ", exampleUser, s.team)
	misspelt := strings.Replace(s.role, "example", "exmaple", 1)
	object := "s3://" + s.bucket + "/" + objectKey
	return []step{
		{row{Step: 1, Action: "AssumeRole", Input: caller + s.role, Result: allowed, Credentials: none}, nil, s.assumeRole},
		{row{Step: 2, Action: "credentials", Input: "the answer to AssumeRole", Result: "issued", Credentials: issued}, nil, s.examine},
		{row{Step: 3, Action: "ListBuckets", Input: "the credentials", Result: allowed, Credentials: used}, nil, s.listBuckets},
		{row{Step: 3, Action: "GetObject", Input: object, Result: allowed, Credentials: used}, nil, s.getObject},
		{row{Step: 4, Action: "time passes", Input: (lifetime + time.Second).String(), Result: done, Credentials: expired}, nil, s.pass},
		{row{Step: 5, Action: "ListBuckets", Input: "the same credentials", Result: denied, Credentials: expired}, &apierr.S3ExpiredToken, s.listBuckets},
		{row{Step: 5, Action: "GetCallerIdentity", Input: "the same credentials", Result: denied, Credentials: expired}, &apierr.ExpiredToken, s.identify},
		{row{Step: 6, Action: "wrong role ARN", Input: misspelt, Result: denied, Credentials: expired}, &apierr.AccessDenied, s.try(misspelt, "")},
		{row{Step: 7, Action: "no permission", Input: s.restricted, Result: denied, Credentials: expired}, &apierr.AccessDenied, s.try(s.restricted, "")},
		{row{Step: 8, Action: "missing ExternalId", Input: s.contractor, Result: denied, Credentials: expired}, &apierr.AccessDenied, s.try(s.contractor, "")},
		{row{Step: 8, Action: "with ExternalId", Input: s.contractor + " " + externalID, Result: allowed, Credentials: expired}, nil, s.try(s.contractor, externalID)},
	}
}

func (s *story) assumeRole(ctx context.Context) (string, error) {
	session, err := s.alice.AssumeRole(ctx, s.assume(s.role, lifetime))
	if err != nil {
		return "", err
	}
	s.session = session
	return session.AssumedRoleARN, nil
}

// examine looks at what was issued, and shows no more of it than it takes to
// tell it from the next one.
func (s *story) examine(context.Context) (string, error) {
	c := s.session.Credentials
	left := time.Until(s.session.Expiration)
	switch {
	case !strings.HasPrefix(c.AccessKeyID, "ASIA") || len(c.AccessKeyID) != 20:
		return "", fmt.Errorf("the access key id %q is not that of temporary credentials", c.AccessKeyID)
	case len(c.SecretAccessKey) != 40 || c.SessionToken == "":
		return "", errors.New("the secret or the token is missing")
	case left > lifetime || left < lifetime-time.Minute:
		return "", fmt.Errorf("they last %s", left)
	}
	return fmt.Sprintf("key %s; secret %s; token %s (%d characters); until %s", c.AccessKeyID, short(string(c.SecretAccessKey)),
		short(c.SessionToken), len(c.SessionToken), s.session.Expiration.Format(time.RFC3339)), nil
}

func short(secret string) string { return secret[:4] + "..." }

// client uses the session's credentials.
func (s *story) client() *client.Client { return client.With(s.url, s.session.Credentials) }

func (s *story) listBuckets(ctx context.Context) (string, error) {
	out, err := objectStore(s.client()).ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		return "", err
	}
	if len(out.Buckets) != 1 || aws.ToString(out.Buckets[0].Name) != s.bucket {
		return "", fmt.Errorf("%d buckets, want %s alone", len(out.Buckets), s.bucket)
	}
	return "the bucket " + s.bucket, nil
}

func (s *story) getObject(ctx context.Context) (string, error) {
	out, err := objectStore(s.client()).GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(objectKey)})
	if err != nil {
		return "", err
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err == nil && string(text) != objectText {
		err = fmt.Errorf("the object holds %q", text)
	}
	return fmt.Sprintf("%q", text), err
}

func (s *story) pass(ctx context.Context) (string, error) {
	moved, err := s.admin.AdvanceClock(ctx, lifetime+time.Second)
	return "the server's time is " + moved.Now.Format(time.RFC3339), err
}

func (s *story) identify(ctx context.Context) (string, error) {
	var out struct {
		ARN string `xml:"GetCallerIdentityResult>Arn"`
	}
	err := s.client().Query(ctx, "sts", url.Values{"Action": {"GetCallerIdentity"}, "Version": {"2011-06-15"}}, &out)
	return out.ARN, err
}

// try assumes a role as alice, with an external id unless that is empty.
func (s *story) try(role, externalID string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		in := s.assume(role, lifetime)
		in.ExternalId = optional(externalID)
		session, err := s.alice.AssumeRole(ctx, in)
		if err != nil {
			return "", err
		}
		return session.AssumedRoleARN, nil
	}
}
