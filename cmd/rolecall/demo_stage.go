package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"rolecall.dev/rolecall/internal/client"
	"rolecall.dev/rolecall/sigv4"
)

// stage is what the demonstration plays on: an account with a user, and a second
// one with a bucket and with roles that the user may or may not assume.
type stage struct {
	url        string
	team, data string         // account numbers
	admin      *client.Client // of the team's account
	alice      *client.Client // a user of the team's account

	bucket     string // in the data account
	role       string // ARN: reads the bucket, trusts alice
	contractor string // ARN: trusts alice if she gives externalID
	restricted string // ARN: trusts the team's account, which does not let alice
}

// What is on the stage.
const (
	exampleUser = "alice"
	objectKey   = "hello.txt"
	objectText  = "hello from the other account"
	externalID  = "12345"
)

// setStage makes the accounts and what is in them.
func setStage(ctx context.Context, url string, credentials sigv4.Credentials) (*stage, error) {
	s := &stage{url: url, team: "123456789012", bucket: "demo-reports", admin: client.With(url, credentials)}
	var err error
	if s.data, err = s.secondAccount(ctx); err != nil {
		return nil, err
	}
	s.role = roleARN(s.data, "example-role")
	s.contractor = roleARN(s.data, "contractor-role")
	s.restricted = roleARN(s.team, "restricted-role")
	if err := s.makeUser(ctx); err != nil {
		return nil, err
	}
	// The way into an account of an organization is the role that it is made with.
	session, err := s.admin.AssumeRole(ctx, s.assume(roleARN(s.data, "OrganizationAccountAccessRole"), time.Hour))
	if err != nil {
		return nil, err
	}
	inData := client.With(url, session.Credentials)
	if err := s.makeRoles(ctx, inData); err != nil {
		return nil, err
	}
	return s, s.makeBucket(ctx, inData)
}

func roleARN(account, name string) string { return "arn:aws:iam::" + account + ":role/" + name }

// secondAccount makes an account the way AWS does: through the organization.
func (s *stage) secondAccount(ctx context.Context) (number string, err error) {
	const target = "AWSOrganizationsV20161128."
	var ignored any
	if err := s.admin.JSON(ctx, "organizations", target+"CreateOrganization", map[string]string{"FeatureSet": "ALL"}, &ignored); err != nil {
		return "", err
	}
	var made struct {
		CreateAccountStatus struct{ AccountID, State, FailureReason string }
	}
	in := map[string]string{"AccountName": "data", "Email": "data@example.com"}
	if err := s.admin.JSON(ctx, "organizations", target+"CreateAccount", in, &made); err != nil {
		return "", err
	}
	if made.CreateAccountStatus.State != "SUCCEEDED" {
		return "", fmt.Errorf("the second account was not made: %s %s", made.CreateAccountStatus.State, made.CreateAccountStatus.FailureReason)
	}
	return made.CreateAccountStatus.AccountID, nil
}

// makeUser makes alice, who may assume some roles, with an access key.
func (s *stage) makeUser(ctx context.Context) error {
	may := document(`"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ["%s", "%s"]`, roleARN(s.data, "ex*"), s.contractor)
	for _, call := range []url.Values{
		iamCall("CreateUser", "UserName", exampleUser),
		iamCall("PutUserPolicy", "UserName", exampleUser, "PolicyName", "assume", "PolicyDocument", may),
	} {
		if err := s.admin.Query(ctx, "iam", call, nil); err != nil {
			return err
		}
	}
	var key struct {
		ID     string `xml:"CreateAccessKeyResult>AccessKey>AccessKeyId"`
		Secret string `xml:"CreateAccessKeyResult>AccessKey>SecretAccessKey"`
	}
	if err := s.admin.Query(ctx, "iam", iamCall("CreateAccessKey", "UserName", exampleUser), &key); err != nil {
		return err
	}
	s.alice = client.With(s.url, sigv4.Credentials{AccessKeyID: key.ID, SecretAccessKey: sigv4.Secret(key.Secret)})
	return nil
}

// makeRoles makes the roles of both accounts.
func (s *stage) makeRoles(ctx context.Context, inData *client.Client) error {
	trust := `"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::%s:%s"}`
	alice := "user/" + exampleUser
	read := document(`"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}, {
		"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::%[1]s", "arn:aws:s3:::%[1]s/*"]`, s.bucket)
	outside := document(trust+`, "Condition": {"StringEquals": {"sts:ExternalId": "%s"}}`, s.team, alice, externalID)
	for _, c := range []struct {
		in   *client.Client
		call url.Values
	}{
		{inData, iamCall("CreateRole", "RoleName", "example-role", "AssumeRolePolicyDocument", document(trust, s.team, alice))},
		{inData, iamCall("PutRolePolicy", "RoleName", "example-role", "PolicyName", "read", "PolicyDocument", read)},
		{inData, iamCall("CreateRole", "RoleName", "contractor-role", "AssumeRolePolicyDocument", outside)},
		{s.admin, iamCall("CreateRole", "RoleName", "restricted-role", "AssumeRolePolicyDocument", document(trust, s.team, "root"))},
	} {
		if err := c.in.Query(ctx, "iam", c.call, nil); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) makeBucket(ctx context.Context, inData *client.Client) error {
	objects := objectStore(inData)
	if _, err := objects.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &s.bucket}); err != nil {
		return err
	}
	_, err := objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: aws.String(objectKey), Body: strings.NewReader(objectText),
	})
	return err
}

// objectStore is the AWS SDK's client of S3. It does not try again: an answer
// that differs is what the demonstration is about.
func objectStore(c *client.Client) *s3.Client {
	return s3.NewFromConfig(c.Config(), func(o *s3.Options) { o.UsePathStyle, o.RetryMaxAttempts = true, 1 })
}

func (s *stage) assume(role string, duration time.Duration) *sts.AssumeRoleInput {
	return &sts.AssumeRoleInput{
		RoleArn: &role, RoleSessionName: aws.String("example-session"), DurationSeconds: aws.Int32(int32(duration / time.Second)),
	}
}

// document is a policy with what stands between the braces of its statement.
func document(statement string, args ...any) string {
	return `{"Version": "2012-10-17", "Statement": [{` + fmt.Sprintf(statement, args...) + `}]}`
}

// iamCall is a call of IAM with the names and values of its parameters.
func iamCall(action string, parameters ...string) url.Values {
	form := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
	for i := 0; i+1 < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	return form
}
