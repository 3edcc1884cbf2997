package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"rolecall.dev/rolecall/sigv4"
)

// Session is what AssumeRole gave.
type Session struct {
	sigv4.Credentials
	Expiration       time.Time
	AssumedRoleID    string // AROA…:SESSION
	AssumedRoleARN   string
	PackedPolicySize *int32 // percent; nil without policy and tags
	SourceIdentity   string
}

func newSession(out *sts.AssumeRoleOutput) (*Session, error) {
	if out.Credentials == nil || out.AssumedRoleUser == nil {
		return nil, errors.New("the server answered without credentials")
	}
	return &Session{
		Credentials: sigv4.Credentials{
			AccessKeyID:     aws.ToString(out.Credentials.AccessKeyId),
			SecretAccessKey: sigv4.Secret(aws.ToString(out.Credentials.SecretAccessKey)),
			SessionToken:    aws.ToString(out.Credentials.SessionToken),
		},
		Expiration:       aws.ToTime(out.Credentials.Expiration).UTC(),
		AssumedRoleID:    aws.ToString(out.AssumedRoleUser.AssumedRoleId),
		AssumedRoleARN:   aws.ToString(out.AssumedRoleUser.Arn),
		PackedPolicySize: out.PackedPolicySize,
		SourceIdentity:   aws.ToString(out.SourceIdentity),
	}, nil
}

// Format is a form in which credentials are handed on.
type Format string

// The formats.
const (
	Env     Format = "env"     // export lines for a POSIX shell
	JSON    Format = "json"    // what aws sts assume-role prints
	Process Format = "process" // what credential_process of the AWS configuration takes
)

// ParseFormat knows the formats by name.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case Env, JSON, Process:
		return f, nil
	}
	return "", fmt.Errorf("there is no format %q: env, json and process exist", name)
}

// Write prints the credentials, secret and all.
func (s *Session) Write(w io.Writer, f Format) error {
	switch f {
	case JSON:
		return writeJSON(w, s.answer())
	case Process:
		return writeJSON(w, s.process())
	default:
		return WriteExports(w, s.Variables())
	}
}

// Variables are the AWS_ variables that hold the credentials.
func (s *Session) Variables() []Variable {
	return []Variable{
		{"AWS_ACCESS_KEY_ID", s.AccessKeyID},
		{"AWS_SECRET_ACCESS_KEY", string(s.SecretAccessKey)},
		{"AWS_SESSION_TOKEN", s.SessionToken},
	}
}

// keys are the members that both JSON formats have.
type keys struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

func (s *Session) keys() keys {
	return keys{s.AccessKeyID, string(s.SecretAccessKey), s.SessionToken, s.Expiration.Format(time.RFC3339)}
}

func (s *Session) answer() any {
	type user struct {
		AssumedRoleID string `json:"AssumedRoleId"`
		ARN           string `json:"Arn"`
	}
	return struct {
		Credentials      keys
		AssumedRoleUser  user
		PackedPolicySize *int32 `json:",omitempty"`
		SourceIdentity   string `json:",omitempty"`
	}{s.keys(), user{s.AssumedRoleID, s.AssumedRoleARN}, s.PackedPolicySize, s.SourceIdentity}
}

func (s *Session) process() any {
	return struct {
		Version int
		keys
	}{1, s.keys()}
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	return e.Encode(v)
}
