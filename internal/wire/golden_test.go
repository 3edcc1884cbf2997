package wire_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/rolecallwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

var update = flag.Bool("update", false, "write the golden files of this package")

const requestID = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"

var noon = time.Date(2026, 11, 22, 12, 0, 0, 987654321, time.FixedZone("", 3600))

func xmlAnswer(s *wire.Service, name string, out wire.Output) string {
	op, _ := s.Operation(name)
	return string(s.AppendXML(nil, op, out, requestID))
}

func jsonAnswer(s *wire.Service, name string, out wire.Output) string {
	op, _ := s.Operation(name)
	return string(s.AppendQueryJSON(nil, op, out, requestID))
}

func roleOutput() *iamwire.GetRoleResponse {
	return &iamwire.GetRoleResponse{Role: &iamwire.Role{
		Path: "/", RoleName: "example-role", RoleId: "AROA3XFRBF535PLBIFPI4", Arn: roleArn, CreateDate: noon,
		AssumeRolePolicyDocument: wire.String("%7B%7D"), Description: wire.String(`for <tests> & "quotes"`),
		MaxSessionDuration: wire.Int32(3600), Tags: []iamwire.Tag{{Key: "team", Value: ""}},
		RoleLastUsed: &iamwire.RoleLastUsed{},
	}}
}

// documents are complete answers, by the name of their golden file.
func documents() map[string]string {
	denied := apierr.AccessDenied.New("User: <%s> is not authorized", "arn:aws:iam::123456789012:user/u")
	identity := &stswire.GetCallerIdentityResponse{
		UserId: wire.String("AIDAEXAMPLEEXAMPLE123"), Account: wire.String("123456789012"), Arn: wire.String("arn:aws:iam::123456789012:user/Alice"),
	}
	summary := &iamwire.GetAccountSummaryResponse{SummaryMap: map[string]int32{"Users": 2, "Groups": 0}}
	return map[string]string{
		"assume-role.xml":         xmlAnswer(&stswire.Service, "AssumeRole", assumeRoleOutput()),
		"assume-role.json":        jsonAnswer(&stswire.Service, "AssumeRole", assumeRoleOutput()),
		"caller-identity.xml":     xmlAnswer(&stswire.Service, "GetCallerIdentity", identity),
		"caller-identity.json":    jsonAnswer(&stswire.Service, "GetCallerIdentity", identity),
		"get-role.xml":            xmlAnswer(&iamwire.Service, "GetRole", roleOutput()),
		"get-role.json":           jsonAnswer(&iamwire.Service, "GetRole", roleOutput()),
		"list-roles-empty.xml":    xmlAnswer(&iamwire.Service, "ListRoles", new(iamwire.ListRolesResponse)),
		"list-roles-empty.json":   jsonAnswer(&iamwire.Service, "ListRoles", new(iamwire.ListRolesResponse)),
		"list-policies-empty.xml": xmlAnswer(&iamwire.Service, "ListAttachedRolePolicies", &iamwire.ListAttachedRolePoliciesResponse{AttachedPolicies: []iamwire.AttachedPolicy{}}),
		"list-role-policies.json": jsonAnswer(&iamwire.Service, "ListRolePolicies", &iamwire.ListRolePoliciesResponse{PolicyNames: []string{"a", "b"}, IsTruncated: true, Marker: wire.String("m")}),
		"account-summary.xml":     xmlAnswer(&iamwire.Service, "GetAccountSummary", summary),
		"account-summary.json":    jsonAnswer(&iamwire.Service, "GetAccountSummary", summary),
		"delete-role.xml":         xmlAnswer(&iamwire.Service, "DeleteRole", nil),
		"delete-role.json":        jsonAnswer(&iamwire.Service, "DeleteRole", new(wire.Empty)),
		"create-mfa-device.xml":   xmlAnswer(&iamwire.Service, "CreateVirtualMFADevice", &iamwire.CreateVirtualMFADeviceResponse{VirtualMFADevice: &iamwire.VirtualMFADevice{SerialNumber: "s", Base32StringSeed: []byte("seed")}}),
		"create-account.json11": string(wire.AppendJSON(nil, &orgwire.CreateAccountResponse{CreateAccountStatus: &orgwire.CreateAccountStatus{
			Id: wire.String("car-0123456789abcdef"), AccountName: (*wire.Sensitive)(wire.String("a")), State: wire.String(orgwire.CreateAccountStateInProgress), RequestedTimestamp: wire.Time(noon),
		}})),
		"advance-clock.json11":   string(wire.AppendJSON(nil, &rolecallwire.AdvanceClockResponse{OffsetSeconds: 3600, Now: noon.Truncate(time.Second)})),
		"no-output.json11":       string(wire.AppendJSON(nil, nil)),
		"error-sts.xml":          string(wire.AppendXMLError(nil, stswire.Service.Namespace, denied, requestID)),
		"error-no-service.xml":   string(wire.AppendXMLError(nil, "", apierr.MissingAction.New("no action"), requestID)),
		"error-sts.json":         string(wire.AppendQueryJSONError(nil, denied, requestID)),
		"error-internal.xml":     string(wire.AppendXMLError(nil, iamwire.Service.Namespace, apierr.From(errors.New("detail")), requestID)),
		"error.json11":           string(wire.AppendJSONError(nil, apierr.InvalidInputException.New("bad \"name\"").With("Reason", "INVALID_PATTERN"))),
		"error-s3.xml":           string(wire.AppendS3Error(nil, apierr.AccessDenied.New("Access Denied").With("BucketName", "b<1>"), "4442587FB7D0A2F9", "host+id/=")),
		"error-odd-bytes.xml":    string(wire.AppendXMLError(nil, iamwire.Service.Namespace, apierr.ValidationError.New("Value '\x00\x1b[0m\xff\r\n\t\uFFFE\uFFFF😀\u007f' is odd"), requestID)),
		"error-odd-bytes.json11": string(wire.AppendJSONError(nil, apierr.ValidationException.New("Value '\x00\x1b[0m\xff\r\n\t\\/\u2028😀\u007f' is odd"))),
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	for name, got := range documents() {
		path := filepath.Join("testdata", "golden", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v (run the test with -update and review the difference)", err)
			continue
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDocumentsAreWellFormed(t *testing.T) {
	t.Parallel()
	for name, got := range documents() {
		if !strings.HasSuffix(name, ".xml") {
			if !json.Valid([]byte(got)) {
				t.Errorf("%s is not JSON: %s", name, got)
			}
			continue
		}
		d := xml.NewDecoder(strings.NewReader(got))
		for {
			_, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s is not XML: %v: %s", name, err, got)
				break
			}
		}
	}
}
