package wire_test

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/rolecallwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

const (
	roleArn  = "arn:aws:iam::123456789012:role/example-role"
	roleOnly = "RoleArn=" + roleArn
	minimal  = roleOnly + "&RoleSessionName=s1"
)

// decodeForm reads a query into in.
func decodeForm(t *testing.T, query string, in wire.Input) error {
	t.Helper()
	form, err := wire.ParseForm(query)
	if err != nil {
		t.Fatalf("ParseForm(%q): %v", query, err)
	}
	return form.Decode(in)
}

func TestDecodeAssumeRole(t *testing.T) {
	t.Parallel()
	got := new(stswire.AssumeRoleRequest)
	err := decodeForm(t, "Action=AssumeRole&Version=2011-06-15&"+minimal+
		"&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/A&DurationSeconds=900&Policy={}&ExternalId=e1&SourceIdentity=alice"+
		"&TransitiveTagKeys.member.1=a&TransitiveTagKeys.member.2=b&SerialNumber=GAHT12345678&TokenCode=123456&Tags="+
		"&X-Amz-Signature=x&X-Amz-Date=y", got)
	if err != nil {
		t.Fatal(err)
	}
	want := &stswire.AssumeRoleRequest{
		RoleArn: roleArn, RoleSessionName: "s1",
		PolicyArns:      []stswire.PolicyDescriptorType{{Arn: wire.String("arn:aws:iam::aws:policy/A")}},
		DurationSeconds: wire.Int32(900), Policy: wire.String("{}"), ExternalId: wire.String("e1"),
		SourceIdentity: wire.String("alice"), TransitiveTagKeys: []string{"a", "b"},
		SerialNumber: wire.String("GAHT12345678"), TokenCode: wire.Secret("123456"), Tags: []stswire.Tag{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("AssumeRoleRequest (-want +got):\n%s", diff)
	}
}

func TestDecodeKeepsTheOrderOfTwelveElements(t *testing.T) {
	t.Parallel()
	in := new(iamwire.UntagRoleRequest)
	if err := decodeForm(t, "RoleName=r&TagKeys.member.1=a&TagKeys.member.10=j&TagKeys.member.11=k&TagKeys.member.12=l&TagKeys.member.2=b"+
		"&TagKeys.member.3=c&TagKeys.member.4=d&TagKeys.member.5=e&TagKeys.member.6=f&TagKeys.member.7=g&TagKeys.member.8=h&TagKeys.member.9=i", in); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(in.TagKeys, ""); got != "abcdefghijkl" {
		t.Errorf("TagKeys = %q, want abcdefghijkl", got)
	}
}

func TestDecodeRefusesSpelling(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		query string
		want  apierr.Kind
	}{
		{minimal + "&Polcy={}", apierr.InvalidQueryParameter},
		{minimal + "&roleArn=x", apierr.InvalidQueryParameter},
		{minimal + "&Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.1.Colour=red", apierr.InvalidQueryParameter},
		{minimal + "&Tags.1.Key=k", apierr.InvalidQueryParameter},
		{minimal + "&Tags.entry.1.Key=k", apierr.InvalidQueryParameter},
		{minimal + "&Tags.member=k", apierr.InvalidQueryParameter},
		{minimal + "&RoleArn.x=1", apierr.InvalidQueryParameter},
		{roleOnly + "&RoleSessionName.member.1=s1", apierr.InvalidQueryParameter},
		{minimal + "&TransitiveTagKeys.member.1.x=k", apierr.InvalidQueryParameter},
		{minimal + "&Tags=&Tags.member.1.Key=k&Tags.member.1.Value=v", apierr.InvalidQueryParameter},
		{minimal + "&.=1", apierr.InvalidQueryParameter},
		{minimal + "&Tags=x", apierr.MalformedInput},
		{minimal + "&Tags.member.1=x", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.0=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.2=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.01=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.-1=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.1=k&TransitiveTagKeys.member.3=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.1=k&TransitiveTagKeys.member.01=k", apierr.MalformedInput},
		{minimal + "&TransitiveTagKeys.member.999999999999999999999=k", apierr.MalformedInput},
		{minimal + "&DurationSeconds=", apierr.MalformedInput},
		{minimal + "&DurationSeconds=1h", apierr.MalformedInput},
		{minimal + "&DurationSeconds=3600.0", apierr.MalformedInput},
		{minimal + "&DurationSeconds=4294967296000", apierr.MalformedInput},
	} {
		err := decodeForm(t, row.query, new(stswire.AssumeRoleRequest))
		if !errors.Is(err, row.want) {
			t.Errorf("decode %s = %v, want %v", strings.TrimPrefix(row.query, minimal), err, row.want)
		}
	}
	err := decodeForm(t, "UserName=u&Password=p&PasswordResetRequired=yes", new(iamwire.CreateLoginProfileRequest))
	if !errors.Is(err, apierr.MalformedInput) {
		t.Errorf("a boolean of yes: %v, want MalformedInput", err)
	}
}

func TestOperationWithoutInputTakesNoParameters(t *testing.T) {
	t.Parallel()
	op, _ := iamwire.Service.Operation("GetAccountSummary")
	if err := decodeForm(t, "Action=GetAccountSummary&Version=2010-05-08", op.New()); err != nil {
		t.Errorf("without parameters: %v", err)
	}
	if err := decodeForm(t, "Action=GetAccountSummary&Marker=x", op.New()); !errors.Is(err, apierr.InvalidQueryParameter) {
		t.Errorf("with a parameter: %v, want InvalidQueryParameter", err)
	}
	op, _ = stswire.Service.Operation("GetCallerIdentity")
	if err := decodeForm(t, "Action=GetCallerIdentity&RoleName=x", op.New()); !errors.Is(err, apierr.InvalidQueryParameter) {
		t.Errorf("with a parameter for an input without members: %v, want InvalidQueryParameter", err)
	}
}

const sessionName = `Value 'a:b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`

const noName = "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"

func TestViolationsInAWSsWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 65)
	for _, row := range []struct {
		query string
		in    wire.Input
		want  string
	}{
		{roleOnly + "&RoleSessionName=a:b", new(stswire.AssumeRoleRequest),
			"1 validation error detected: " + sessionName},
		{"RoleSessionName=a:b", new(stswire.AssumeRoleRequest),
			"2 validation errors detected: " + sessionName +
				"; Value null at 'roleArn' failed to satisfy constraint: Member must not be null"},
		{roleOnly + "&RoleSessionName=" + long, new(stswire.AssumeRoleRequest),
			"1 validation error detected: Value '" + long + "' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64"},
		{"RoleArn=&RoleSessionName=s1", new(stswire.AssumeRoleRequest),
			"2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; " +
				`Value '' at 'roleArn' failed to satisfy constraint: Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`},
		{minimal + "&DurationSeconds=600", new(stswire.AssumeRoleRequest),
			"1 validation error detected: Value '600' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"},
		{minimal + "&DurationSeconds=43201", new(stswire.AssumeRoleRequest),
			"1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200"},
		{minimal + "&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.2.Key=c&Tags.member.2.Value=d;e", new(stswire.AssumeRoleRequest),
			`1 validation error detected: Value 'd;e' at 'tags.2.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*`},
		{minimal + "&Tags.member.1.Key=a", new(stswire.AssumeRoleRequest),
			"1 validation error detected: Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"},
		{"Name=n&SAMLMetadataDocument=short", new(iamwire.CreateSAMLProviderRequest),
			"1 validation error detected: Value 'short' at 'sAMLMetadataDocument' failed to satisfy constraint: Member must have length greater than or equal to 1000"},
		{"RoleName=r&TagKeys.member.1=a&TagKeys.member.2=b;c", new(iamwire.UntagRoleRequest),
			"1 validation error detected: Value '[a, b;c]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: " +
				`[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+]`},
		{"UserName=u&AccessKeyId=AKIAEXAMPLEEXAMPLE12&Status=On", new(iamwire.UpdateAccessKeyRequest),
			"1 validation error detected: Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]"},
		{"UserName=u&Password=", new(iamwire.CreateLoginProfileRequest),
			"2 validation errors detected: Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
				`Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+`},
		{"AccountAlias=a--b", new(iamwire.CreateAccountAliasRequest),
			"1 validation error detected: Value 'a--b' at 'accountAlias' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"},
		{"UserName=a+b", new(iamwire.CreateUserRequest), noName},
		{"UserName=a+b&NewUserName=c+d&NewPath=e", new(iamwire.UpdateUserRequest), "The specified value for newPath is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."},
		{"UserName=a+b" + long, new(iamwire.CreateUserRequest),
			"1 validation error detected: Value 'a b" + long + "' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64"},
		{"UserName=", new(iamwire.CreateUserRequest),
			"1 validation error detected: Value '' at 'userName' failed to satisfy constraint: Member must have length greater than or equal to 1"},
	} {
		err := decodeForm(t, row.query, row.in)
		var got *apierr.Error
		if !errors.As(err, &got) || got.Kind != apierr.ValidationError || got.Message != row.want {
			t.Errorf("decode %s\n got %v\nwant ValidationError: %s", row.query, err, row.want)
		}
	}
}

func TestListLengthIsChecked(t *testing.T) {
	t.Parallel()
	query := minimal
	for i := range 51 {
		query += strings.ReplaceAll("&Tags.member.#.Key=k&Tags.member.#.Value=v", "#", strconv.Itoa(i+1))
	}
	err := decodeForm(t, query, new(stswire.AssumeRoleRequest))
	want := "ValidationError: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"
	if err == nil || err.Error() != want {
		t.Errorf("51 tags: got %v, want %s", err, want)
	}
}

func TestLengthsAreCodePoints(t *testing.T) {
	t.Parallel()
	for n, ok := range map[int]bool{128: true, 129: false} {
		err := decodeForm(t, minimal+"&Tags.member.1.Value=&Tags.member.1.Key="+strings.Repeat("𝒳", n), new(stswire.AssumeRoleRequest))
		if (err == nil) != ok {
			t.Errorf("a key of %d code points: %v, want accepted %t", n, err, ok)
		}
	}
}

func TestMessagesStayShort(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		roleOnly + "&RoleSessionName=" + strings.Repeat(":", 1<<20),
		minimal + "&" + strings.Repeat("é", 1<<20) + "=1",
		minimal + "&" + manyBadTags(1000),
	} {
		err := decodeForm(t, query, new(stswire.AssumeRoleRequest))
		if err == nil || len(err.Error()) > 100_000 {
			t.Errorf("decode %.80s...: an error of %d bytes, want some, but not more than 100000", query, len(err.Error()))
		}
	}
}

func manyBadTags(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll("&Tags.member.#.Key=;&Tags.member.#.Value=;", "#", strconv.Itoa(i+1)))
	}
	return b.String()
}

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	got := new(orgwire.CreatePolicyRequest)
	err := wire.DecodeJSON([]byte(` {"Content" : "\u00e9\ud83d\ude00\n\"\\\/", "Description":"","Name":"n", "Type":"TAG_POLICY",
		"Tags":[ {"Key":"k","Value":""} ,{"Value":"v","Key":"l"}]}  `), got)
	if err != nil {
		t.Fatal(err)
	}
	want := &orgwire.CreatePolicyRequest{Content: "é😀\n\"\\/", Name: "n", Type: "TAG_POLICY", Tags: []orgwire.Tag{{Key: "k"}, {Key: "l", Value: "v"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CreatePolicyRequest (-want +got):\n%s", diff)
	}
	for _, body := range []string{"", " \n", "{}", "{ }", `{"NextToken":null}`} {
		if err := wire.DecodeJSON([]byte(body), new(orgwire.ListAccountsRequest)); err != nil {
			t.Errorf("DecodeJSON(%q): %v", body, err)
		}
	}
}

func TestDecodeJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"x", "[]", "null", `"x"`, "{", `{"`, `{"Seconds"`, `{"Seconds":`, `{"Seconds":1`, `{"Seconds":1,}`, `{,"Seconds":1}`,
		`{"Seconds":1}}`, `{"Seconds":1} {}`, `{"Seconds":1}x`, `{"Seconds" 1}`, `{Seconds:1}`, `{'Seconds':1}`,
		`{"Seconds":1,"Seconds":1}`, `{"Seconds":null,"Seconds":1}`, `{"Seconds":1,"Seconds":null}`, `{"Seconds":1,"\u0053econds":2}`,
		`{"Seconds":1,"Minutes":1}`, `{"seconds":1}`, `{"Seconds":1,"":1}`,
		`{"Seconds":"1"}`, `{"Seconds":1.0}`, `{"Seconds":1e3}`, `{"Seconds":01}`, `{"Seconds":+1}`, `{"Seconds":- 1}`, `{"Seconds":--1}`, `{"Seconds":-}`,
		`{"Seconds":99999999999999999999}`, `{"Seconds":true}`, `{"Seconds":[1]}`, `{"Seconds":{}}`, `{"Seconds":nul}`, `{"Seconds":nullx}`,
		"{\"Seconds\xff\":1}", `{"Sec\xonds":1}`, `{"\ud800":1}`, `{"\ude00\ud83d":1}`, `{"\u00g0":1}`, `{"\u00`, "{\"a\nb\":1}", "{\"\\n\n\":1}",
		manyNulls(65), manyNulls(100000),
		strings.Repeat("[", 100000), strings.Repeat(`{"Seconds":`, 100000),
	} {
		err := wire.DecodeJSON([]byte(body), new(rolecallwire.AdvanceClockRequest))
		if !errors.Is(err, apierr.SerializationException) {
			t.Errorf("DecodeJSON(%.60q) = %v, want SerializationException", body, err)
		}
	}
}

// manyNulls is an object with n members that are all null, before a good one.
func manyNulls(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"` + strconv.Itoa(i) + `":null,`)
	}
	return "{" + b.String() + `"Seconds":1}`
}

func TestJSONViolations(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		body string
		in   wire.Input
		want string
	}{
		{`{"Seconds":null}`, new(rolecallwire.AdvanceClockRequest),
			"1 validation error detected: Value null at 'seconds' failed to satisfy constraint: Member must not be null"},
		{`{}`, new(rolecallwire.AdvanceClockRequest),
			"1 validation error detected: Value null at 'seconds' failed to satisfy constraint: Member must not be null"},
		{`{"Seconds":0}`, new(rolecallwire.AdvanceClockRequest),
			"1 validation error detected: Value '0' at 'seconds' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{`{"Seconds":3153600001}`, new(rolecallwire.AdvanceClockRequest),
			"1 validation error detected: Value '3153600001' at 'seconds' failed to satisfy constraint: Member must have value less than or equal to 3153600000"},
		{`{"AccountId":"12345"}`, new(orgwire.DescribeAccountRequest),
			`1 validation error detected: Value '12345' at 'accountId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\d{12}$`},
	} {
		err := wire.DecodeJSON([]byte(row.body), row.in)
		var got *apierr.Error
		if !errors.As(err, &got) || got.Kind != apierr.ValidationException || got.Message != row.want {
			t.Errorf("DecodeJSON(%s)\n got %v\nwant ValidationException: %s", row.body, err, row.want)
		}
	}
}

// TestNoInputHidesBehindReservedNames: a member called like a parameter of the
// protocol or of a signature would be skipped.
func TestNoInputHidesBehindReservedNames(t *testing.T) {
	t.Parallel()
	for _, service := range []*wire.Service{&stswire.Service, &iamwire.Service} {
		for _, op := range service.Operations {
			shape := reflect.TypeOf(op.New()).Elem()
			for i := range shape.NumField() {
				if name := shape.Field(i).Name; wire.Reserved(name) {
					t.Errorf("%s: the member %s would never be read", op.Name, name)
				}
			}
		}
	}
}
