package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

// askBotocore hands a task to testdata/roundtrip.py. The test is skipped where
// botocore is not installed.
func askBotocore(t *testing.T, task, answer any) {
	t.Helper()
	if out, err := exec.Command("python3", "-c", "import botocore").CombinedOutput(); err != nil {
		t.Skipf("botocore is not installed: %v: %s", err, out)
	}
	in, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "testdata/roundtrip.py")
	var out, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("roundtrip.py: %v\n%s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(out.Bytes(), answer); err != nil {
		t.Fatalf("roundtrip.py: %v\n%.200s", err, out.Bytes())
	}
}

// services are those that botocore knows, by its names for them.
func services() map[string]*wire.Service {
	return map[string]*wire.Service{"sts": &stswire.Service, "iam": &iamwire.Service, "organizations": &orgwire.Service}
}

// operationsOfBotocore is how many operations the three services have in the
// oldest botocore that the tests run with, 1.29; the models here have 250.
const operationsOfBotocore = 220

// TestWhatBotocoreWrites decodes a request with every member of every
// operation. Samples break constraints of the model, which the decoder reports
// after having read everything.
func TestWhatBotocoreWrites(t *testing.T) {
	t.Parallel()
	var requests []struct {
		Service, Operation, Body, Target string
		Params                           map[string]any
	}
	askBotocore(t, map[string]any{"serialize": []string{"sts", "iam", "organizations"}}, &requests)
	for _, r := range requests {
		service := services()[r.Service]
		op, ok := service.Operation(r.Operation)
		if !ok {
			t.Errorf("%s: no operation %s", r.Service, r.Operation)
			continue
		}
		in := op.New()
		var err error
		if service.Protocol == wire.Query {
			form, parseErr := wire.ParseForm("", r.Body)
			if parseErr != nil {
				t.Errorf("%s: %v", r.Operation, parseErr)
				continue
			}
			if version, _ := form.Get("Version"); version != service.Version {
				t.Errorf("%s: version %s, want %s", r.Operation, version, service.Version)
			}
			err = form.Decode(in)
		} else {
			if target, name, ok := wire.SplitTarget(r.Target); !ok || target != service.Target || name != r.Operation {
				t.Errorf("%s: target %s, want %s.%[1]s", r.Operation, r.Target, service.Target)
			}
			err = wire.DecodeJSON([]byte(r.Body), in)
		}
		if err != nil && !errors.Is(err, apierr.ValidationError) && !errors.Is(err, apierr.ValidationException) {
			t.Errorf("%s: %v\n%.300s", r.Operation, err, r.Body)
			continue
		}
		if diff := cmp.Diff(upperKeys(r.Params), plain(reflect.ValueOf(in))); diff != "" {
			t.Errorf("%s (-sent +read):\n%s", r.Operation, diff)
		}
	}
	if len(requests) < operationsOfBotocore {
		t.Errorf("%d requests were tried, want %d or more", len(requests), operationsOfBotocore)
	}
}

// TestWhatBotocoreReads has botocore parse an answer with every member of every
// operation, and one with only what is always there.
func TestWhatBotocoreReads(t *testing.T) {
	t.Parallel()
	type task struct {
		Service   string `json:"service"`
		Operation string `json:"operation"`
		Status    int    `json:"status"`
		Body      string `json:"body"`
	}
	var tasks []task
	var want []any
	for name, service := range services() {
		for i := range service.Operations {
			op := &service.Operations[i]
			out := outputs()[name+"."+op.Name]
			if out == nil {
				continue
			}
			fill(reflect.ValueOf(out).Elem(), 0)
			body := wire.AppendJSON(nil, out)
			if service.Protocol == wire.Query {
				body = service.AppendXML(nil, op, out, "id")
			}
			tasks = append(tasks, task{name, op.Name, 200, string(body)})
			want = append(want, plain(reflect.ValueOf(out)))
		}
	}
	var got []map[string]any
	askBotocore(t, map[string]any{"parse": tasks}, &got)
	older := !knowsToday(t)
	read := 0
	for i := range tasks {
		if got[i] == nil {
			t.Logf("%s is newer than the botocore that is installed", tasks[i].Operation)
			continue
		}
		read++
		delete(got[i], "ResponseMetadata")
		written := upperKeys(want[i])
		if older {
			written = asFarAs(written, upperKeys(got[i]))
		}
		if diff := cmp.Diff(written, upperKeys(got[i])); diff != "" {
			t.Errorf("%s (-written +parsed):\n%s\n%.500s", tasks[i].Operation, diff, tasks[i].Body)
		}
	}
	if least := len(outputs()) - 1; len(tasks) < len(outputs()) || read < least {
		t.Errorf("%d of %d answers were read, want %d or more of %d", read, len(tasks), least, len(outputs()))
	}
}

// knowsToday reports whether the botocore that is installed has the models of
// this tree, or newer ones; an older one cannot read members that came later.
func knowsToday(t *testing.T) bool {
	t.Helper()
	origin, err := os.ReadFile("models/ORIGIN.md")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`botocore (\d+)\.(\d+)\.(\d+)`)
	installed, err := exec.Command("python3", "-c", "import botocore; print('botocore', botocore.__version__)").Output()
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := version.FindSubmatch(origin), version.FindSubmatch(installed)
	if ours == nil || theirs == nil {
		t.Fatalf("no version in ORIGIN.md or in %q", installed)
	}
	for i := 1; i < len(ours); i++ {
		if a, b := len(ours[i]), len(theirs[i]); a != b {
			return a < b
		}
		if c := bytes.Compare(ours[i], theirs[i]); c != 0 {
			return c < 0
		}
	}
	return true
}

// asFarAs is written without the members that read does not have.
func asFarAs(written, read any) any {
	switch w := written.(type) {
	case map[string]any:
		r, ok := read.(map[string]any)
		if !ok {
			return written
		}
		out := map[string]any{}
		for key, value := range w {
			if other, ok := r[key]; ok {
				out[key] = asFarAs(value, other)
			}
		}
		return out
	case []any:
		r, ok := read.([]any)
		if !ok || len(r) != len(w) {
			return written
		}
		out := make([]any, len(w))
		for i := range w {
			out[i] = asFarAs(w[i], r[i])
		}
		return out
	}
	return written
}

// outputs returns an output of each kind of member that the models have, by
// service and operation.
func outputs() map[string]wire.Output {
	return map[string]wire.Output{
		"sts.AssumeRole":                            new(stswire.AssumeRoleResponse),
		"sts.AssumeRoleWithSAML":                    new(stswire.AssumeRoleWithSAMLResponse),
		"sts.AssumeRoleWithWebIdentity":             new(stswire.AssumeRoleWithWebIdentityResponse),
		"sts.GetAccessKeyInfo":                      new(stswire.GetAccessKeyInfoResponse),
		"sts.GetCallerIdentity":                     new(stswire.GetCallerIdentityResponse),
		"sts.GetFederationToken":                    new(stswire.GetFederationTokenResponse),
		"sts.GetSessionToken":                       new(stswire.GetSessionTokenResponse),
		"iam.CreateAccessKey":                       new(iamwire.CreateAccessKeyResponse),
		"iam.CreateRole":                            new(iamwire.CreateRoleResponse),
		"iam.CreateVirtualMFADevice":                new(iamwire.CreateVirtualMFADeviceResponse),
		"iam.GenerateCredentialReport":              new(iamwire.GenerateCredentialReportResponse),
		"iam.GetAccessKeyLastUsed":                  new(iamwire.GetAccessKeyLastUsedResponse),
		"iam.GetAccountAuthorizationDetails":        new(iamwire.GetAccountAuthorizationDetailsResponse),
		"iam.GetAccountPasswordPolicy":              new(iamwire.GetAccountPasswordPolicyResponse),
		"iam.GetAccountSummary":                     new(iamwire.GetAccountSummaryResponse),
		"iam.GetCredentialReport":                   new(iamwire.GetCredentialReportResponse),
		"iam.GetGroup":                              new(iamwire.GetGroupResponse),
		"iam.GetInstanceProfile":                    new(iamwire.GetInstanceProfileResponse),
		"iam.GetMFADevice":                          new(iamwire.GetMFADeviceResponse),
		"iam.GetPolicyVersion":                      new(iamwire.GetPolicyVersionResponse),
		"iam.GetRole":                               new(iamwire.GetRoleResponse),
		"iam.GetRolePolicy":                         new(iamwire.GetRolePolicyResponse),
		"iam.GetUser":                               new(iamwire.GetUserResponse),
		"iam.ListAttachedRolePolicies":              new(iamwire.ListAttachedRolePoliciesResponse),
		"iam.ListEntitiesForPolicy":                 new(iamwire.ListEntitiesForPolicyResponse),
		"iam.ListRolePolicies":                      new(iamwire.ListRolePoliciesResponse),
		"iam.ListRoles":                             new(iamwire.ListRolesResponse),
		"iam.ListUsers":                             new(iamwire.ListUsersResponse),
		"iam.SimulateCustomPolicy":                  new(iamwire.SimulatePolicyResponse),
		"organizations.CreateAccount":               new(orgwire.CreateAccountResponse),
		"organizations.DescribeAccount":             new(orgwire.DescribeAccountResponse),
		"organizations.DescribeCreateAccountStatus": new(orgwire.DescribeCreateAccountStatusResponse),
		"organizations.DescribeHandshake":           new(orgwire.DescribeHandshakeResponse),
		"organizations.DescribeOrganization":        new(orgwire.DescribeOrganizationResponse),
		"organizations.ListAccounts":                new(orgwire.ListAccountsResponse),
		"organizations.ListRoots":                   new(orgwire.ListRootsResponse),
	}
}

var sampleTime = time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)

// fill sets every member below v, to a depth that ends recursive shapes.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(sampleTime))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{0, 255, '<'})
			return
		}
		n := 2
		if depth >= 5 {
			n = 0
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element, depth)
		v.SetMapIndex(reflect.ValueOf("a key"), element)
		v.SetMapIndex(reflect.ValueOf("b&key"), element)
	case reflect.String:
		v.SetString(" a<b>\"&'\r\n\tß😀 ")
	case reflect.Int32, reflect.Int64:
		v.SetInt(42)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// plain turns a shape into what package json would make of botocore's form of
// it: members that are nil are left out.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		return plain(v.Elem())
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().Format(time.RFC3339)
		}
		out := map[string]any{}
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() != reflect.Pointer && f.Kind() != reflect.Slice && f.Kind() != reflect.Map || !f.IsNil() {
				out[v.Type().Field(i).Name] = plain(f)
			}
		}
		return out
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		out := []any{}
		for i := range v.Len() {
			out = append(out, plain(v.Index(i)))
		}
		return out
	case reflect.Map:
		out := map[string]any{}
		for _, key := range v.MapKeys() {
			out[key.String()] = plain(v.MapIndex(key))
		}
		return out
	case reflect.Int32, reflect.Int64:
		return float64(v.Int())
	case reflect.Bool:
		return v.Bool()
	}
	return v.String()
}

// upperKeys gives every key the upper first letter of a Go field: two members
// of the models begin with a lower one.
func upperKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[strings.ToUpper(key[:1])+key[1:]] = upperKeys(value)
		}
		return out
	case []any:
		for i := range v {
			v[i] = upperKeys(v[i])
		}
	}
	return v
}
