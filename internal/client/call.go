package client

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/sigv4"
)

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 4 << 20

// JSON calls an operation of a service that speaks JSON 1.1: target is the value
// of X-Amz-Target, in is sent as the body, and the answer goes to out.
func (c *Client) JSON(ctx context.Context, service, target string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {target}}
	status, answer, err := c.post(ctx, service, header, body)
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		return json.Unmarshal(answer, out)
	}
	var refused struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer, &refused); err != nil {
		return notAnAnswer(status)
	}
	return refusal(status, refused.Type[strings.LastIndexByte(refused.Type, '#')+1:], refused.Message)
}

// Query calls an operation of a service that speaks the query protocol. The form
// holds Action, Version and the parameters; the XML of the answer goes to out,
// unless that is nil.
func (c *Client) Query(ctx context.Context, service string, form url.Values, out any) error {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	status, answer, err := c.post(ctx, service, header, []byte(form.Encode()))
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		if out == nil {
			return nil
		}
		return xml.Unmarshal(answer, out)
	}
	var refused struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	if err := xml.Unmarshal(answer, &refused); err != nil {
		return notAnAnswer(status)
	}
	return refusal(status, refused.Code, refused.Message)
}

// post signs and sends one request.
func (c *Client) post(ctx context.Context, service string, header http.Header, body []byte) (status int, answer []byte, err error) {
	endpoint := c.Endpoint()
	if endpoint == "" {
		return 0, nil, ErrNoEndpoint
	}
	creds, err := c.credentials(ctx)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(endpoint, "/")+"/", bytes.NewReader(body))
	if err != nil {
		return 0, nil, notAServer(endpoint)
	}
	r.Header = header
	target := sigv4.Target{Region: c.Region(), Service: service}
	if err := sigv4.Sign(r, creds, target, sigv4.HashPayload(body), time.Now()); err != nil {
		return 0, nil, err
	}
	response, err := c.config.HTTPClient.Do(r)
	if err != nil {
		return 0, nil, unreached(err)
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return response.StatusCode, answer, err
}

func refusal(status int, code, message string) error {
	if code == "" {
		return notAnAnswer(status)
	}
	kind := apierr.Kind{Code: code, Status: status, Fault: apierr.Sender}
	if status >= http.StatusInternalServerError {
		kind.Fault = apierr.Receiver
	}
	return kind.New("%s", message)
}

func notAnAnswer(status int) error {
	return fmt.Errorf("the server answered %d %s in a form that is not AWS's: is AWS_ENDPOINT_URL right?", status, strings.ToLower(http.StatusText(status)))
}
