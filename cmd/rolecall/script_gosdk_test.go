package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// goSDK is the program aws-sdk-go of the scripts: it assumes the role of its
// first argument with the provider of the SDK, and uses the bucket of the second,
// in which the role may do what it wants below w/.
func goSDK() {
	if err := goSDKStory(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("done")
}

func goSDKStory(ctx context.Context, role, bucket string) error {
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	c.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c), role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName, o.ExternalID = "go", aws.String("12345")
	}))
	who, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, nil)
	if err != nil {
		return err
	}
	if want := strings.Replace(strings.Replace(role, ":iam:", ":sts:", 1), ":role/", ":assumed-role/", 1) + "/go"; *who.Arn != want {
		return fmt.Errorf("GetCallerIdentity says %s, want %s", *who.Arn, want)
	}
	objects := goSDKObjects{s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }), bucket}
	for _, step := range []func(context.Context) error{objects.putAndGet, objects.list, objects.refusals, objects.presigned} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// goSDKObjects are the steps with a bucket.
type goSDKObjects struct {
	*s3.Client
	bucket string
}

// putAndGet sends a body that can be sought, and one that cannot: the SDK sends
// the first with a checksum in its header.
func (o goSDKObjects) putAndGet(ctx context.Context) error {
	body := bytes.Repeat([]byte("rolecall "), 100_000)
	_, err := o.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &o.bucket, Key: aws.String("w/größe (1)"), Body: bytes.NewReader(body), Metadata: map[string]string{"owner": "alice"},
	})
	if err != nil {
		return err
	}
	out, err := o.GetObject(ctx, &s3.GetObjectInput{Bucket: &o.bucket, Key: aws.String("w/größe (1)")})
	if err != nil {
		return err
	}
	defer out.Body.Close()
	got, err := io.ReadAll(out.Body) // the SDK compares the checksum
	if err != nil || !bytes.Equal(got, body) || out.Metadata["owner"] != "alice" || out.ContentEncoding != nil {
		return fmt.Errorf("GetObject: %d bytes, metadata %v, encoding %v, %v", len(got), out.Metadata, out.ContentEncoding, err)
	}
	return nil
}

func (o goSDKObjects) list(ctx context.Context) error {
	for _, key := range []string{"w/1", "w/2", "w/3"} {
		if _, err := o.PutObject(ctx, &s3.PutObjectInput{Bucket: &o.bucket, Key: &key, Body: strings.NewReader(key)}); err != nil {
			return err
		}
	}
	var keys []string
	pages := s3.NewListObjectsV2Paginator(o, &s3.ListObjectsV2Input{Bucket: &o.bucket, Prefix: aws.String("w/"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(3)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, object := range page.Contents {
			keys = append(keys, *object.Key)
		}
	}
	if want := []string{"w/1", "w/2", "w/3", "w/größe (1)"}; !slices.Equal(keys, want) {
		return fmt.Errorf("ListObjectsV2 gives %q, want %q", keys, want)
	}
	return nil
}

func (o goSDKObjects) refusals(ctx context.Context) error {
	_, put := o.PutObject(ctx, &s3.PutObjectInput{Bucket: &o.bucket, Key: aws.String("other"), Body: strings.NewReader("x")})
	_, get := o.GetObject(ctx, &s3.GetObjectInput{Bucket: &o.bucket, Key: aws.String("w/none")})
	_, buckets := o.ListBuckets(ctx, nil)
	for _, tt := range []struct {
		operation string
		err       error
		code      string
	}{{"PutObject", put, "AccessDenied"}, {"GetObject", get, "NoSuchKey"}, {"ListBuckets", buckets, "AccessDenied"}} {
		var refusal smithy.APIError
		if !errors.As(tt.err, &refusal) || refusal.ErrorCode() != tt.code {
			return fmt.Errorf("%s: %v, want %s", tt.operation, tt.err, tt.code)
		}
	}
	return nil
}

// presigned URLs are for somebody without credentials.
func (o goSDKObjects) presigned(ctx context.Context) error {
	signer := s3.NewPresignClient(o.Client)
	put, err := signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: &o.bucket, Key: aws.String("w/url/x")})
	if err != nil {
		return err
	}
	get, err := signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &o.bucket, Key: aws.String("w/url/x")})
	if err != nil {
		return err
	}
	if status, body, err := fetch(ctx, http.MethodPut, put.URL, "by url"); err != nil || status != http.StatusOK {
		return fmt.Errorf("the presigned PUT answers %d %s, %v", status, body, err)
	}
	if status, body, err := fetch(ctx, http.MethodGet, get.URL, ""); err != nil || status != http.StatusOK || body != "by url" {
		return fmt.Errorf("the presigned GET answers %d %s, %v", status, body, err)
	}
	if status, body, err := fetch(ctx, http.MethodGet, strings.Replace(get.URL, "w/url/x", "w/1", 1), ""); err != nil || status != http.StatusForbidden {
		return fmt.Errorf("a presigned GET of another key answers %d %s, %v", status, body, err)
	}
	return nil
}

func fetch(ctx context.Context, method, url, body string) (status int, answer string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return response.StatusCode, string(b), err
}
