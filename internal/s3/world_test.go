package s3_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/server"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/sigv4"
)

// account is the first account; its administrator may do everything.
const account = arn.AccountID("123456789012")

var admin = &sigv4.Credentials{AccessKeyID: "AKIAADMINADMINADMINA", SecretAccessKey: "administrators/secret+administrators/sec"}

// nobody sends unsigned requests.
var nobody *sigv4.Credentials

// world is a running server.
type world struct {
	*server.Server
	t   testing.TB
	dir string
}

func start(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir() + "/data"}
	w.serve()
	return w
}

func (w *world) serve() {
	w.t.Helper()
	s, err := server.Start(context.Background(), server.Config{
		DataDir: w.dir, Listen: "127.0.0.1:0", AdminKeyID: admin.AccessKeyID, AdminSecret: admin.SecretAccessKey,
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Server = s
	w.t.Cleanup(func() { _ = s.Stop() })
}

// user makes a user with one inline policy, none if that is empty, and returns a
// key of it.
func (w *world) user(in arn.AccountID, name, policy string) *sigv4.Credentials {
	w.t.Helper()
	x, root := w.State().IAM, iamtest.Root(in)
	_, err := x.CreateUser(w.t.Context(), root, &iamwire.CreateUserRequest{UserName: name})
	w.check(err)
	if policy != "" {
		w.grant(in, name, policy)
	}
	key, err := x.CreateAccessKey(w.t.Context(), root, &iamwire.CreateAccessKeyRequest{UserName: &name})
	w.check(err)
	return &sigv4.Credentials{AccessKeyID: key.AccessKey.AccessKeyId, SecretAccessKey: sigv4.Secret(key.AccessKey.SecretAccessKey)}
}

// grant replaces the inline policy of a user.
func (w *world) grant(in arn.AccountID, name, policy string) {
	w.t.Helper()
	_, err := w.State().IAM.PutUserPolicy(w.t.Context(), iamtest.Root(in), &iamwire.PutUserPolicyRequest{UserName: name, PolicyName: "p", PolicyDocument: policy})
	w.check(err)
}

// dropUser deletes a user with its key and policy.
func (w *world) dropUser(in arn.AccountID, name string, key *sigv4.Credentials) {
	w.t.Helper()
	x, root := w.State().IAM, iamtest.Root(in)
	_, err := x.DeleteAccessKey(w.t.Context(), root, &iamwire.DeleteAccessKeyRequest{UserName: &name, AccessKeyId: key.AccessKeyID})
	w.check(err)
	_, err = x.DeleteUser(w.t.Context(), root, &iamwire.DeleteUserRequest{UserName: name})
	w.check(err)
}

// otherAccount makes a second account.
func (w *world) otherAccount() arn.AccountID {
	w.t.Helper()
	x, root := w.State().IAM, iamtest.Root(account)
	_, err := x.CreateOrganization(w.t.Context(), root, &orgwire.CreateOrganizationRequest{})
	w.check(err)
	out, err := x.CreateAccount(w.t.Context(), root, &orgwire.CreateAccountRequest{Email: "other@example.com", AccountName: "other"})
	w.check(err)
	return arn.AccountID(*out.CreateAccountStatus.AccountId)
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// allow is an identity policy that allows actions (a JSON string or list) upon
// resources below arn:aws:s3:::.
func allow(actions, resources string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%s,"Resource":%s}]}`, list(actions), list(resources))
}

// list is a JSON list of words.
func list(words string) string {
	return `["` + strings.Join(strings.Fields(words), `","`) + `"]`
}

// statement is one of a bucket policy; rest is a further element or empty.
func statement(effect, principal, actions, resources, rest string) string {
	if rest != "" {
		rest = "," + rest
	}
	return fmt.Sprintf(`{"Effect":%q,"Principal":%s,"Action":%s,"Resource":%s%s}`, effect, principal, list(actions), list(resources), rest)
}

func policyOf(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func aws(who string) string { return `{"AWS":"` + who + `"}` }

func userARN(in arn.AccountID, name string) string {
	return arn.User(iam.Partition, in, "/", name).String()
}

// call is a request; header holds pairs.
type call struct {
	as           *sigv4.Credentials
	method, path string
	body         string
	header       []string
	payload      string // the line that is signed; the hash of body if empty
}

// reply is an answer, read to its end. Code is that of an error.
type reply struct {
	Status  int
	Header  http.Header
	Body    string
	Code    string
	Message string
}

func (r reply) String() string { return fmt.Sprintf("%d %s %.300s", r.Status, r.Code, r.Body) }

func (w *world) request(c call) *http.Request {
	w.t.Helper()
	r, err := http.NewRequest(c.method, w.URL()+c.path, bytes.NewReader([]byte(c.body)))
	w.check(err)
	for i := 0; i+1 < len(c.header); i += 2 {
		r.Header.Set(c.header[i], c.header[i+1])
	}
	if c.as != nil {
		payload := c.payload
		if payload == "" {
			payload = sigv4.HashPayload([]byte(c.body))
		}
		w.check(sigv4.Sign(r, *c.as, sigv4.Target{Region: "us-east-1", Service: "s3"}, payload, time.Now()))
	}
	return r
}

func (w *world) do(as *sigv4.Credentials, method, path, body string, header ...string) reply {
	w.t.Helper()
	return w.send(w.request(call{as: as, method: method, path: path, body: body, header: header}))
}

func (w *world) send(r *http.Request) reply {
	w.t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	w.check(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	w.check(err)
	out := reply{Status: res.StatusCode, Header: res.Header, Body: string(raw)}
	var e struct {
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
	}
	if res.StatusCode >= 300 && xml.Unmarshal(raw, &e) == nil {
		out.Code, out.Message = e.Code, e.Message
	}
	return out
}

// ok sends what must succeed.
func (w *world) ok(as *sigv4.Credentials, method, path, body string, header ...string) reply {
	w.t.Helper()
	r := w.do(as, method, path, body, header...)
	if r.Status >= 300 {
		w.t.Fatalf("%s %s: got %v, want success", method, path, r)
	}
	return r
}

// no sends what must be refused with a status and code.
func (w *world) no(status int, code string, as *sigv4.Credentials, method, path, body string, header ...string) reply {
	w.t.Helper()
	r := w.do(as, method, path, body, header...)
	if r.Status != status || r.Code != code {
		w.t.Errorf("%s %s: got %v, want %d %s", method, path, r, status, code)
	}
	return r
}
