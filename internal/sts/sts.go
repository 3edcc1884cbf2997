package sts

import (
	"context"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/stswire"
	"rolecall.dev/rolecall/policy"
)

// STS holds the handlers of the security token service. All methods may be
// called concurrently.
type STS struct {
	iam    *iam.IAM
	keys   *Keys
	nobody *policy.Policy
}

// New returns the handlers.
func New(accounts *iam.IAM, keys *Keys) (*STS, error) {
	nobody, err := policy.Parse(policy.Trust, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"AROANOBODYNOBODYNOBOD"},"Action":"sts:AssumeRole"}]}`)
	if err != nil {
		return nil, err
	}
	return &STS{iam: accounts, keys: keys, nobody: nobody}, nil
}

// Moment is the time of a request: by the service's clock, and how far that is
// ahead of the real one.
type Moment struct {
	Now    time.Time
	Offset time.Duration
}

// GetCallerIdentity tells the caller who it is. It needs no permission.
func (s *STS) GetCallerIdentity(_ context.Context, caller *iam.Caller, _ *stswire.GetCallerIdentityRequest) (*stswire.GetCallerIdentityResponse, error) {
	return &stswire.GetCallerIdentityResponse{
		UserId:  wire.String(caller.UserID),
		Account: wire.String(string(caller.Account())),
		Arn:     wire.String(caller.Principal.ARN),
	}, nil
}

// GetAccessKeyInfo tells the account of an access key id: of a key that exists
// here by its record, of any other by its spelling.
func (s *STS) GetAccessKeyInfo(_ context.Context, _ *iam.Caller, in *stswire.GetAccessKeyInfoRequest) (*stswire.GetAccessKeyInfoResponse, error) {
	if key, ok := s.iam.AccessKey(in.AccessKeyId); ok {
		return &stswire.GetAccessKeyInfoResponse{Account: wire.String(string(key.Account))}, nil
	}
	account, ok := iam.AccountOfAccessKeyID(in.AccessKeyId)
	if !ok {
		return nil, apierr.ValidationError.New("Access key ID %s is not valid.", in.AccessKeyId)
	}
	return &stswire.GetAccessKeyInfoResponse{Account: wire.String(string(account))}, nil
}
