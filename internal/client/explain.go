package client

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"rolecall.dev/rolecall/internal/apierr"
)

var (
	// ErrNoCredentials means that neither variables nor files hold credentials.
	ErrNoCredentials = errors.New("no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile with --profile or AWS_PROFILE")
	// ErrNoEndpoint means a call of Rolecall's own service without a server to send it to.
	ErrNoEndpoint = errors.New("no server: set AWS_ENDPOINT_URL or --endpoint")
)

// Refusal returns what the service answered, in an error of this package or of
// the AWS SDK. It is nil if no answer came.
func Refusal(err error) *apierr.Error {
	var refused *apierr.Error
	var api smithy.APIError
	switch {
	case errors.As(err, &refused):
		return refused
	case !errors.As(err, &api), api.ErrorCode() == "UnknownError": // the SDK's word for an answer in no form it knows
		return nil
	}
	kind := apierr.Kind{Code: api.ErrorCode(), Fault: apierr.Sender}
	if api.ErrorFault() == smithy.FaultServer {
		kind.Fault = apierr.Receiver
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		kind.Status = response.HTTPStatusCode()
	}
	return kind.New("%s", api.ErrorMessage())
}

// explain turns an error of the AWS SDK into an *apierr.Error if the service
// answered, and otherwise into a sentence that says what to set.
func explain(err error) error {
	if refused := Refusal(err); refused != nil {
		return refused
	}
	return unreached(err)
}

// unreached explains why no answer came.
func unreached(err error) error {
	var (
		name      *net.DNSError
		authority x509.UnknownAuthorityError
		request   *url.Error
		answer    *awshttp.ResponseError
		at        = "the server"
	)
	if errors.As(err, &request) {
		at = strings.TrimSuffix(request.URL, "/")
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing answers at %s: is the server running? set AWS_ENDPOINT_URL or --endpoint", at)
	case errors.As(err, &name):
		return fmt.Errorf("there is no host %s: set AWS_ENDPOINT_URL or --endpoint", name.Name)
	case errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s does not speak TLS: set AWS_ENDPOINT_URL or --endpoint to an http URL", at)
	case errors.As(err, &authority):
		return fmt.Errorf("the certificate of %s is not trusted: set AWS_CA_BUNDLE to a file with its authority", at)
	case errors.As(err, &answer) && answer.HTTPStatusCode() > 0:
		return notAnAnswer(answer.HTTPStatusCode())
	}
	return err
}

// hints say what to do about an error code.
var hints = map[string]string{
	"AccessDenied":                "the caller's policies must allow the action, and the role's trust policy must let the caller in",
	"ExpiredToken":                "the credentials to call with have expired: get new ones",
	"ExpiredTokenException":       "the credentials to call with have expired: get new ones",
	"InvalidClientTokenId":        "the server does not know the access key: is AWS_ENDPOINT_URL the server that it is of?",
	"UnrecognizedClientException": "the server does not know the access key: is AWS_ENDPOINT_URL the server that it is of?",
	"SignatureDoesNotMatch":       "check AWS_SECRET_ACCESS_KEY, and the time of this machine",
}

// Hint returns what the caller can do about err, or nothing.
func Hint(err error) string {
	if refused := Refusal(err); refused != nil {
		return hints[refused.Code]
	}
	return ""
}
