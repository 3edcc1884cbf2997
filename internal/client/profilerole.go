package client

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// profileRole is how the SDK assumes the role of a profile that names one with
// role_arn.
func (c *Client) profileRole(tokenCode func() (string, error)) func(*stscreds.AssumeRoleOptions) {
	return func(o *stscreds.AssumeRoleOptions) {
		o.Client = directed{o.Client, c}
		o.TokenProvider = tokenCode
	}
}

// directed sends the calls of an STS client to the server that another client
// is for. The SDK makes the client for the roles of profiles before it has read
// which server all services have, and would ask AWS.
type directed struct {
	stscreds.AssumeRoleAPIClient
	as *Client
}

// AssumeRole implements stscreds.AssumeRoleAPIClient.
func (d directed) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return d.AssumeRoleAPIClient.AssumeRole(ctx, in, append(options, d.as.direct)...)
}

// direct sets the server of one call: Options.Endpoint, else the one that is
// set for STS, else the one for all services.
func (c *Client) direct(o *sts.Options) {
	switch {
	case c.endpoint != "":
		o.BaseEndpoint = &c.endpoint
	case o.BaseEndpoint == nil:
		o.BaseEndpoint = c.config.BaseEndpoint
	}
}
