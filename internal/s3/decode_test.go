package s3

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rolecall.dev/rolecall/internal/apierr"
)

func TestDecodeDelete(t *testing.T) {
	t.Parallel()
	const doc = `<?xml version="1.0"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>v</VersionId></Object></Delete>`
	var got deleteRequest
	if err := decodeDocument(strings.NewReader(doc), &got); err != nil {
		t.Fatal(err)
	}
	want := []deleteObject{{Key: "a&b"}, {Key: "c", VersionID: "v"}}
	if diff := cmp.Diff(want, got.Objects); diff != "" || !got.Quiet {
		t.Errorf("objects (-want +got):\n%s quiet %t", diff, got.Quiet)
	}
	if err := decodeDocument(strings.NewReader("<Delete><Object><Key>k</Key></Object></Delete>\n"), &deleteRequest{}); err != nil {
		t.Errorf("without a namespace: %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	object := "<Object><Key>k</Key></Object>"
	tests := []struct {
		name, doc string
		want      apierr.Kind
	}{
		{"empty", "", apierr.MalformedXML},
		{"another root", "<Remove>" + object + "</Remove>", apierr.MalformedXML},
		{"no objects", "<Delete></Delete>", apierr.MalformedXML},
		{"no key", "<Delete><Object></Object></Delete>", apierr.MalformedXML},
		{"too many", "<Delete>" + strings.Repeat(object, 1001) + "</Delete>", apierr.MalformedXML},
		{"unknown element", "<Delete>" + object + "<Force/></Delete>", apierr.MalformedXML},
		{"unknown element within", "<Delete><Object><Key>k</Key><Bypass/></Object></Delete>", apierr.MalformedXML},
		{"cut off", "<Delete>" + object, apierr.MalformedXML},
		{"two roots", "<Delete>" + object + "</Delete><Delete/>", apierr.MalformedXML},
		{"text after", "<Delete>" + object + "</Delete>x", apierr.MalformedXML},
		{"document type", `<!DOCTYPE Delete [<!ENTITY e "k">]><Delete><Object><Key>&e;</Key></Object></Delete>`, apierr.MalformedXML},
		{"document type alone", "<!DOCTYPE Delete><Delete>" + object + "</Delete>", apierr.MalformedXML},
		{"unknown entity", "<Delete><Object><Key>&e;</Key></Object></Delete>", apierr.MalformedXML},
		{"deep", strings.Repeat("<Delete>", 9) + strings.Repeat("</Delete>", 9), apierr.MalformedXML},
		{"an element in a key", "<Delete><Object><Key>a<b>c</b></Key></Object></Delete>", apierr.MalformedXML},
		{"an element before the text of a key", "<Delete><Object><Key><b>c</b>a</Key></Object></Delete>", apierr.MalformedXML},
		{"an element in a version", "<Delete><Object><Key>a</Key><VersionId><b>v</b></VersionId></Object></Delete>", apierr.MalformedXML},
		{"two keys", "<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>", apierr.MalformedXML},
		{"two keys of two namespaces", `<Delete xmlns:x="y"><Object><Key>a</Key><x:Key>b</x:Key></Object></Delete>`, apierr.MalformedXML},
		{"two answers", "<Delete><Quiet>true</Quiet><Quiet>false</Quiet>" + object + "</Delete>", apierr.MalformedXML},
		{"text beside objects", "<Delete>k" + object + "</Delete>", apierr.MalformedXML},
		{"text beside a key", "<Delete><Object>k<Key>k</Key></Object></Delete>", apierr.MalformedXML},
		{"many unknown elements", "<Delete>" + object + "<a/><b/><c/><d/><e/><f/><g/><h/><i/><j/><k/><l/><m/><n/><o/><p/><q/></Delete>", apierr.MalformedXML},
		{"an end too many", "<Delete>" + object + "</Delete></Delete>", apierr.MalformedXML},
		{"another encoding", `<?xml version="1.0" encoding="UTF-7"?><Delete>` + object + "</Delete>", apierr.MalformedXML},
		{"bytes that are not UTF-8", "<Delete><Object><Key>a\xc0\xafb</Key></Object></Delete>", apierr.MalformedXML},
		{"a control character", "<Delete><Object><Key>a&#0;b</Key></Object></Delete>", apierr.MalformedXML},
		{"large", "<Delete>" + strings.Repeat(" ", 2<<20) + object + "</Delete>", apierr.MaxMessageLengthExceeded},
		{"condition", "<Delete><Object><Key>k</Key><ETag>e</ETag></Object></Delete>", apierr.NotImplemented},
		{"version", "<Delete><Object><Key>k</Key><VersionId>../x</VersionId></Object></Delete>", apierr.InvalidArgument},
	}
	for _, tt := range tests {
		if err := decodeDocument(strings.NewReader(tt.doc), &deleteRequest{}); apierr.From(err).Kind != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want.Code)
		}
	}
}

func TestDecodeComplete(t *testing.T) {
	t.Parallel()
	part := func(n, etag string) string {
		return "<Part><PartNumber>" + n + "</PartNumber><ETag>" + etag + "</ETag><ChecksumCRC32>AAAA</ChecksumCRC32></Part>"
	}
	tests := []struct {
		name, parts string
		want        apierr.Kind
	}{
		{"good", part("1", `"a"`) + part("3", "b"), apierr.Kind{}},
		{"order", part("2", "a") + part("1", "b"), apierr.InvalidPartOrder},
		{"twice", part("1", "a") + part("1", "b"), apierr.InvalidPartOrder},
		{"zero", part("0", "a"), apierr.MalformedXML},
		{"word", part("one", "a"), apierr.MalformedXML},
		{"no etag", part("1", ""), apierr.MalformedXML},
		{"none", "", apierr.MalformedXML},
		{"an element in an etag", "<Part><PartNumber>1</PartNumber><ETag>a<b>c</b></ETag></Part>", apierr.MalformedXML},
		{"two etags", "<Part><PartNumber>1</PartNumber><ETag>a</ETag><ETag>b</ETag></Part>", apierr.MalformedXML},
	}
	for _, tt := range tests {
		var got completeBody
		err := decodeDocument(strings.NewReader("<CompleteMultipartUpload>"+tt.parts+"</CompleteMultipartUpload>"), &got)
		if tt.want == (apierr.Kind{}) {
			b, encodeErr := encode(got.request())
			if err != nil || encodeErr != nil || !bytes.Contains(b, []byte("<PartNumber>3</PartNumber><ETag>b</ETag><ChecksumCRC32>AAAA</ChecksumCRC32>")) {
				t.Errorf("%s: %v, sent as %s, %v", tt.name, err, b, encodeErr)
			}
			continue
		}
		if apierr.From(err).Kind != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want.Code)
		}
	}
}

func FuzzDecodeDocument(f *testing.F) {
	f.Add([]byte("<Delete><Object><Key>k</Key></Object></Delete>"))
	f.Add([]byte("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>"))
	f.Add([]byte("<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, v := range []document{&deleteRequest{}, &completeBody{}, &createBucketConfiguration{}} {
			if err := decodeDocument(bytes.NewReader(raw), v); err != nil && apierr.From(err).Status == 500 {
				t.Errorf("%q into %T: %v", raw, v, err)
			}
		}
	})
}

func TestDecodeCopy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		ok   bool
	}{
		{`<CopyObjectResult><ETag>"e"</ETag><LastModified>2026-01-02T03:04:05.000Z</LastModified></CopyObjectResult>`, true},
		{`<CopyPartResult><ETag>"e"</ETag><LastModified>2026-01-02T03:04:05.000Z</LastModified></CopyPartResult>`, true},
		{`<Error><Code>SlowDown</Code><Message>later</Message></Error>`, false},
		{``, false},
	}
	for _, tt := range tests {
		_, err := decodeCopy(&Answer{Status: 200, Body: io.NopCloser(strings.NewReader(tt.body))})
		if ok := err == nil; ok != tt.ok {
			t.Errorf("decodeCopy(%s): got error %v, want success %v", tt.body, err, tt.ok)
		}
		if err != nil && !errors.Is(err, apierr.UpstreamFailure) {
			t.Errorf("decodeCopy(%s): got %v, want UpstreamFailure", tt.body, err)
		}
	}
}
