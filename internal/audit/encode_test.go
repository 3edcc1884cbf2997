package audit

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	t.Parallel()
	minute := &failureMinute{start: sampleTime.Truncate(time.Minute), last: sampleTime}
	var row failureRow
	row.add("InvalidClientTokenId", 11)
	row.add("SignatureDoesNotMatch", 1)
	for name, got := range map[string][]byte{
		"assumerole": appendEvent(nil, sampleAssumeRole()),
		"getobject":  appendEvent(nil, sampleGetObject()),
		"empty":      appendEvent(nil, &Event{}),
		"intent":     appendIntent(nil, sampleIntent(3), intentType),
		"unfinished": appendIntent(nil, sampleIntent(4), unfinishedType),
		"failures":   minute.appendLine(nil, sampleID(5), "192.0.2.66", &row),
	} {
		file := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

// The names that CloudTrail documents for a record, and for userIdentity and
// what is below it (the pages cited in doc.go and identity.go).
var (
	recordNames = words(`eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress
		userAgent errorCode errorMessage requestParameters responseElements additionalEventData requestID eventID
		eventType apiVersion managementEvent readOnly resources recipientAccountId serviceEventDetails sharedEventID
		vpcEndpointId vpcEndpointAccountId eventCategory addendum sessionCredentialFromConsole eventContext
		edgeDeviceDetails tlsDetails`)
	identityNames = words(`type userName principalId arn accountId accessKeyId sessionContext invokedBy onBehalfOf
		identityProvider credentialId`)
	sessionNames   = words("sessionIssuer webIdFederationData assumedRoot attributes sourceIdentity ec2RoleDelivery")
	issuerNames    = words("type principalId arn accountId userName")
	attributeNames = words("creationDate mfaAuthenticated")
	resourceNames  = words("ARN accountId type")
	tlsNames       = words("tlsVersion cipherSuite clientProvidedHostHeader")
)

func words(s string) []string { return strings.Fields(s) }

func TestNamesAreCloudTrails(t *testing.T) {
	t.Parallel()
	for _, ev := range []*Event{sampleAssumeRole(), sampleGetObject()} {
		record := decode(t, appendEvent(nil, ev))
		checkNames(t, "record", record, recordNames)
		who := record["userIdentity"].(map[string]any)
		checkNames(t, "userIdentity", who, identityNames)
		if session, ok := who["sessionContext"].(map[string]any); ok {
			checkNames(t, "sessionContext", session, sessionNames)
			checkNames(t, "sessionIssuer", session["sessionIssuer"].(map[string]any), issuerNames)
			checkNames(t, "attributes", session["attributes"].(map[string]any), attributeNames)
		}
		for _, r := range record["resources"].([]any) {
			checkNames(t, "resources", r.(map[string]any), resourceNames)
		}
		if tls, ok := record["tlsDetails"].(map[string]any); ok {
			checkNames(t, "tlsDetails", tls, tlsNames)
		}
	}
}

func checkNames(t *testing.T, what string, got map[string]any, known []string) {
	t.Helper()
	for name := range got {
		if !slices.Contains(known, name) {
			t.Errorf("%s has the member %q, which CloudTrail does not know", what, name)
		}
	}
}

func decode(t *testing.T, line []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	return m
}

func TestSecretsAreHidden(t *testing.T) {
	t.Parallel()
	const secret = "wJalrXUtnFEMI/K7MDENG"
	ev := sampleAssumeRole()
	ev.RequestParameters = []Field{String("tokenCode", secret), Object("nested", String("password", secret))}
	ev.ResponseElements = []Field{Object("credentials", String("secretAccessKey", secret), String("sessionToken", secret))}
	ev.Additional = []Field{Strings("authorization", []string{secret})}
	line := appendEvent(nil, ev)
	if bytes.Contains(line, []byte(secret)) {
		t.Errorf("line holds the secret: %s", line)
	}
	if got := bytes.Count(line, []byte(hidden)); got != 5 {
		t.Errorf("%d placeholders, want 5: %s", got, line)
	}
}

func TestDeletingThousandLongestKeysFits(t *testing.T) {
	t.Parallel()
	ev := sampleGetObject()
	ev.Checks = nil
	key := "arn:aws:s3:::" + strings.Repeat("b", 63) + "/" + strings.Repeat(`"`, 1024)
	for range 1000 {
		ev.Checks = append(ev.Checks, Check{Action: "s3:DeleteObject", Resource: key, Decision: Allow, PolicyType: "identity"})
	}
	line := appendEvent(nil, ev)
	data := decode(t, line)["additionalEventData"].(map[string]any)
	if got := len(data["checks"].([]any)); got != 1000 || data["omitted"] != nil || len(line) > MaxLine {
		t.Errorf("%d checks in %d bytes, omitted %v; want all 1000 in at most %d", got, len(line), data["omitted"], MaxLine)
	}
}

func TestLineIsBounded(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("\x01", 1<<20)
	many := make([]Field, 2000)
	for i := range many {
		many[i] = String(huge[:100], huge)
	}
	ev := &Event{
		RequestID: huge, Source: huge, Name: huge, Region: huge, SourceIPAddress: huge, UserAgent: huge,
		ErrorCode: huge, ErrorMessage: huge, RecipientAccountID: huge, TLS: TLS{huge, huge, huge},
		Identity:          Identity{huge, huge, huge, huge, huge, huge, huge, huge, Session{Issuer: Issuer{huge, huge, huge, huge, huge}, SourceIdentity: huge}},
		RequestParameters: many, ResponseElements: many, Additional: many,
		Resources: slices.Repeat([]Resource{{huge, huge, huge}}, 1000),
		Checks:    slices.Repeat([]Check{{huge, huge, Allow, huge}}, 1000),
	}
	line := appendEvent(nil, ev)
	if len(line) > MaxLine {
		t.Errorf("line has %d bytes, want at most %d", len(line), MaxLine)
	}
	omitted := decode(t, line)["additionalEventData"].(map[string]any)["omitted"].(map[string]any)
	for _, part := range words("requestParameters responseElements additionalEventData resources checks") {
		if omitted[part] == nil {
			t.Errorf("omitted %v does not name %s", omitted, part)
		}
	}
}

func TestClipKeepsCharactersWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"abcd", 3, "abc"},
		{"aé€", 2, "a"},
		{"aé€", 3, "aé"},
		{"aé€", 5, "aé"},
		{"\x80\x80\x80\x80\x80\x80", 5, "\x80"},
	} {
		if got := clip(c.in, c.limit); got != c.want {
			t.Errorf("clip(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

func TestEveryByteAtEveryPlace(t *testing.T) {
	t.Parallel()
	const around = "0123456789abcdefghi"
	for c := range 256 {
		for at := range len(around) {
			s := around[:at] + string([]byte{byte(c)}) + around[at:]
			line := appendText(nil, s, maxText)
			var got string
			if err := json.Unmarshal(line, &got); err != nil || got != string([]rune(s)) {
				t.Errorf("appendText(%q) = %q: reads back as %q, %v", s, line, got, err)
			}
			if plain := c >= ' ' && c < 0x7f && c != '"' && c != '\\'; plain != (len(line) == len(s)+2) {
				t.Errorf("appendText(%q) = %q: byte %#x is plain: %v", s, line, c, plain)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "a\"b\\c\n\r\t\x00\x7f", "\xff\xc3", "\u2028\u202e\u0085é€😀", strings.Repeat("x", maxText+1)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := appendText(nil, s, maxText)
		var got string
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatalf("appendText(%q) = %q: %v", s, line, err)
		}
		if !utf8.Valid(line) || bytes.ContainsAny(line, "\n\r\x1b\u0085\u2028\u2029") {
			t.Errorf("appendText(%q) = %q: not one line of harmless UTF-8", s, line)
		}
		want := s
		if len(s) > maxText {
			want = clip(s, maxText) + cut
		}
		if want = string([]rune(want)); got != want { // each bad byte becomes U+FFFD
			t.Errorf("appendText(%q) reads back as %q, want %q", s, got, want)
		}
	})
}
