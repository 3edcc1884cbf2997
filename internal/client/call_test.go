package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/sigv4"
)

var exampleKey = sigv4.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SessionToken: "token"}

// answering is a client of a server that checks signatures and gives one answer.
func answering(t *testing.T, status int, answer string) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		signature, err := sigv4.Parse(r)
		if err == nil {
			err = signature.Verify(exampleKey.SecretAccessKey, nil, sigv4.VerifyOptions{Now: time.Now(), Body: body})
		}
		if err != nil || r.Header.Get("X-Amz-Security-Token") != exampleKey.SessionToken {
			t.Errorf("the request is not signed as it should be: %v", err)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return With(s.URL, exampleKey)
}

func TestAdvanceClock(t *testing.T) {
	t.Parallel()
	c := answering(t, 200, `{"OffsetSeconds": 3690, "Now": 1795369445.5}`)
	got, err := c.AdvanceClock(t.Context(), time.Hour)
	want := ClockTime{Now: time.Unix(1795369445, 5e8).UTC(), Offset: 3690 * time.Second}
	if err != nil || got != want {
		t.Errorf("AdvanceClock = %v, %v, want %v", got, err, want)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const denied = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`
	query := func(ctx context.Context, c *Client) error {
		return c.Query(ctx, "iam", url.Values{"Action": {"GetUser"}}, nil)
	}
	jsonCall := func(ctx context.Context, c *Client) error {
		var out any
		return c.JSON(ctx, "rolecall", "Target.Do", nil, &out)
	}
	assume := func(ctx context.Context, c *Client) error {
		c.config.RetryMaxAttempts = 1
		_, err := c.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: new("arn:aws:iam::123456789012:role/example"), RoleSessionName: new("example")})
		return err
	}
	for name, c := range map[string]struct {
		call   func(context.Context, *Client) error
		status int
		answer string
		want   apierr.Kind // the zero Kind: an error that is not the service's
	}{
		"query":              {query, 403, denied, apierr.AccessDenied},
		"query, server":      {query, 500, strings.Replace(denied, "AccessDenied", "ServiceFailure", 1), apierr.Kind{Code: "ServiceFailure", Status: 500, Fault: apierr.Receiver}},
		"query, a web page":  {query, 502, "<html>", apierr.Kind{}},
		"query, other XML":   {query, 404, "<html></html>", apierr.Kind{}},
		"json":               {jsonCall, 400, `{"__type":"AccessDeniedException","message":"no"}`, apierr.AccessDeniedException},
		"json, with a space": {jsonCall, 400, `{"__type":"com.amazon#AccessDeniedException","message":"no"}`, apierr.AccessDeniedException},
		"json, a web page":   {jsonCall, 502, "<html>", apierr.Kind{}},
		"json, not JSON":     {jsonCall, 200, "ok", apierr.Kind{}},
		"AWS SDK":            {assume, 403, denied, apierr.AccessDenied},
		"AWS SDK, no XML":    {assume, 400, "Client sent an HTTP request to an HTTPS server.", apierr.Kind{}},
	} {
		err := c.call(t.Context(), answering(t, c.status, c.answer))
		refused := Refusal(err)
		switch {
		case err == nil:
			t.Errorf("%s: no error", name)
		case c.want == apierr.Kind{} && refused != nil, c.want != apierr.Kind{} && (refused == nil || refused.Kind != c.want):
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		case c.want == apierr.Kind{} && c.status != 200 && !strings.HasPrefix(err.Error(), "the server answered "):
			t.Errorf("%s: got %v, want the status of the answer", name, err)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	tls := httptest.NewTLSServer(nil)
	tls.Config.ErrorLog = nil
	t.Cleanup(tls.Close)
	for endpoint, want := range map[string]string{
		closed.URL:                "nothing answers at " + closed.URL + ": is the server running? set AWS_ENDPOINT_URL or --endpoint",
		tls.URL:                   "the certificate of " + tls.URL + " is not trusted: set AWS_CA_BUNDLE",
		"":                        "no server: set AWS_ENDPOINT_URL or --endpoint",
		"http://host.invalid":     "there is no host host.invalid: set AWS_ENDPOINT_URL or --endpoint",
		"http://127.0.0.1:8420:1": `"http://127.0.0.1:8420:1" is not the URL of a server: set AWS_ENDPOINT_URL or --endpoint`,
	} {
		_, err := With(endpoint, exampleKey).AdvanceClock(t.Context(), time.Hour)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", endpoint, err, want)
		}
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		hint bool
	}{
		{apierr.AccessDenied.New("no"), true},
		{apierr.ExpiredToken.New("late"), true},
		{apierr.S3ExpiredToken.New("late"), true},
		{apierr.ValidationException.New("what"), false},
		{errors.New("other"), false},
		{nil, false},
	} {
		if got := Hint(c.err); (got != "") != c.hint {
			t.Errorf("Hint(%v) = %q", c.err, got)
		}
	}
}
