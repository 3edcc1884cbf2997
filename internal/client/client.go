package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"rolecall.dev/rolecall/sigv4"
)

// defaultRegion is signed for when nothing names another one.
const defaultRegion = "us-east-1"

// Options choose credentials and a server. The zero value follows the profile
// and the AWS_ variables of the process.
type Options struct {
	// Profile is a profile of the AWS configuration files. It goes before
	// credentials in variables, as it does in the AWS CLI.
	Profile string
	// Endpoint is the URL of the server, before all configured ones.
	Endpoint string
	// TokenCode asks for the code of the MFA device that a profile names; nil
	// means that there is nobody to ask.
	TokenCode func() (string, error)
}

// Client makes calls with one set of credentials. It may be used concurrently.
type Client struct {
	config   aws.Config
	endpoint string // Options.Endpoint
}

// New reads profiles and AWS_ variables through the AWS SDK. Credentials are
// fetched by the first call that needs them.
func New(ctx context.Context, o Options) (*Client, error) {
	options := []func(*config.LoadOptions) error{
		config.WithDefaultRegion(defaultRegion),
		config.WithLogger(logging.Nop{}), // what matters comes back as an error
		config.WithRetryer(retryer),
	}
	if o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(o.Profile))
	}
	c := &Client{endpoint: o.Endpoint}
	options = append(options, config.WithAssumeRoleCredentialOptions(c.profileRole(o.TokenCode)))
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, unread(err)
	}
	if loaded.HTTPClient == nil { // the SDK sets one only where something configures it
		loaded.HTTPClient = awshttp.NewBuildableClient()
	}
	c.config = loaded
	return c, checkEndpoint(c.Endpoint())
}

// unread explains why there is no configuration.
func unread(err error) error {
	var missing config.SharedConfigProfileNotExistError
	var source config.SharedConfigAssumeRoleError
	switch {
	case errors.As(err, &missing):
		return fmt.Errorf("there is no profile %q: set --profile or AWS_PROFILE to one of the AWS configuration files", missing.Profile)
	case errors.As(err, &source) && source.Err == nil:
		return fmt.Errorf("the source_profile of profile %q has no credentials, or leads back to it", source.Profile)
	case errors.As(err, new(config.AssumeRoleTokenProviderNotSetError)):
		return errors.New("the profile asks for a code of an MFA device: run this on a terminal")
	}
	return fmt.Errorf("read the AWS configuration: %w", err)
}

// checkEndpoint takes a URL of a server, or nothing.
func checkEndpoint(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return notAServer(text)
	}
	return nil
}

func notAServer(endpoint string) error {
	return fmt.Errorf("%q is not the URL of a server: set AWS_ENDPOINT_URL or --endpoint to one such as http://127.0.0.1:8420", endpoint)
}

// retryer is the SDK's, but a server that is not running is told at once.
func retryer() aws.Retryer {
	refused := retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
		if errors.Is(err, syscall.ECONNREFUSED) {
			return aws.FalseTernary
		}
		return aws.UnknownTernary
	})
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.Retryables = append([]retry.IsErrorRetryable{refused}, o.Retryables...)
	})
}

// With returns a client for one server that uses the credentials and reads
// nothing from its surroundings.
func With(endpoint string, c sigv4.Credentials) *Client {
	return &Client{
		endpoint: endpoint,
		config: aws.Config{
			Region:     defaultRegion,
			HTTPClient: awshttp.NewBuildableClient(),
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: string(c.SecretAccessKey), SessionToken: c.SessionToken}, nil
			}),
		},
	}
}

// Region is the region of the profile or the variables.
func (c *Client) Region() string { return c.config.Region }

// Endpoint is the URL that is set for all services, or empty: AWS's own.
func (c *Client) Endpoint() string {
	if c.endpoint != "" {
		return c.endpoint
	}
	return aws.ToString(c.config.BaseEndpoint)
}

// Config is the client's configuration for other services of the AWS SDK.
func (c *Client) Config() aws.Config {
	config := c.config.Copy()
	if c.endpoint != "" {
		config.BaseEndpoint = &c.endpoint
	}
	return config
}

// AssumeRole calls sts:AssumeRole.
func (c *Client) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput) (*Session, error) {
	if _, err := c.credentials(ctx); err != nil {
		return nil, err
	}
	out, err := sts.NewFromConfig(c.config).AssumeRole(ctx, in, c.direct)
	if err != nil {
		return nil, explain(err)
	}
	return newSession(out)
}

// credentials fetches what requests are signed with.
func (c *Client) credentials(ctx context.Context) (sigv4.Credentials, error) {
	got, err := c.config.Credentials.Retrieve(ctx)
	switch {
	case askedInstance(err):
		return sigv4.Credentials{}, ErrNoCredentials // no source was configured: the instance's is the SDK's last resort
	case err != nil:
		return sigv4.Credentials{}, fmt.Errorf("get the credentials to call with: %w", explain(err))
	}
	return sigv4.Credentials{AccessKeyID: got.AccessKeyID, SecretAccessKey: sigv4.Secret(got.SecretAccessKey), SessionToken: got.SessionToken}, nil
}

// askedInstance reports whether err comes from the metadata of an instance,
// perhaps on behalf of another call.
func askedInstance(err error) bool {
	var operation *smithy.OperationError
	for errors.As(err, &operation) {
		if operation.Service() == "ec2imds" {
			return true
		}
		err = operation.Err
	}
	return false
}
