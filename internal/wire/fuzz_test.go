package wire_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

// FuzzForm: a form never panics, fails only with the documented errors, and is
// read the same whatever the order of its parameters.
func FuzzForm(f *testing.F) {
	f.Add(assumeRoleForm)
	f.Add(minimal + "&Tags=&PolicyArns.member.1.arn=%41&X-Amz-Date=1")
	f.Add("TransitiveTagKeys.member.10=a&TransitiveTagKeys.member.2=b&Tags.member.1=&.=;&RoleArn.=x")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := wire.ParseForm(body)
		if err != nil {
			known(t, err, apierr.MalformedQueryString, apierr.InvalidQueryParameter)
			return
		}
		in := new(stswire.AssumeRoleRequest)
		err = form.Decode(in)
		known(t, err, apierr.MalformedInput, apierr.InvalidQueryParameter, apierr.ValidationError)

		pairs := strings.Split(body, "&")
		for i, j := 0, len(pairs)-1; i < j; i, j = i+1, j-1 {
			pairs[i], pairs[j] = pairs[j], pairs[i]
		}
		reversed, err2 := wire.ParseForm(strings.Join(pairs, "&"))
		if err2 != nil {
			t.Fatalf("reversed: %v", err2)
		}
		again := new(stswire.AssumeRoleRequest)
		err2 = reversed.Decode(again)
		if (err == nil) != (err2 == nil) || err == nil && !reflect.DeepEqual(in, again) {
			t.Errorf("order matters: %+v %v, reversed %+v %v", in, err, again, err2)
		}
	})
}

// FuzzJSON: a body never panics, fails only with the documented errors, and
// what is accepted is what encoding/json reads.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"Content":"\ud83d\ude00","Name":"n","Type":"TAG_POLICY","Description":"","Tags":[{"Key":"k","Value":"v"}]}`))
	f.Add([]byte(` {"Tags" : [ ] , "Name":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		in := new(orgwire.CreatePolicyRequest)
		err := wire.DecodeJSON(body, in)
		known(t, err, apierr.SerializationException, apierr.ValidationException)
		if err != nil {
			return
		}
		want := new(orgwire.CreatePolicyRequest)
		if err := json.Unmarshal(body, want); err != nil {
			t.Fatalf("accepted %q, but encoding/json: %v", body, err)
		}
		if !reflect.DeepEqual(in, want) {
			t.Errorf("read %+v of %q, encoding/json %+v", in, body, want)
		}
	})
}

// FuzzText: whatever a message holds, XML and JSON stay well-formed and bring
// back what they can carry.
func FuzzText(f *testing.F) {
	f.Add("<a>&\"'\r\n\t\x00\xff\uFFFE")
	f.Fuzz(func(t *testing.T, s string) {
		e := apierr.ValidationError.New("%s", s)
		var answer struct {
			Error struct{ Message string }
		}
		d := xml.NewDecoder(strings.NewReader(string(wire.AppendXMLError(nil, "n", e, "r"))))
		if err := d.Decode(&answer); err != nil {
			t.Fatalf("XML of %q: %v", s, err)
		}
		if _, err := d.Token(); err != io.EOF {
			t.Errorf("XML of %q goes on after its end", s)
		}
		if plainText(s) && answer.Error.Message != s {
			t.Errorf("XML of %q brings back %q", s, answer.Error.Message)
		}
		var fault struct{ Message string }
		if err := json.Unmarshal(wire.AppendJSONError(nil, e), &fault); err != nil {
			t.Fatalf("JSON of %q: %v", s, err)
		}
		if utf8.ValidString(s) && fault.Message != s {
			t.Errorf("JSON of %q brings back %q", s, fault.Message)
		}
	})
}

// plainText reports whether XML can carry all of s.
func plainText(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return utf8.ValidString(s)
}

// known fails the test unless err is nil or of one of the kinds.
func known(t *testing.T, err error, kinds ...apierr.Kind) {
	t.Helper()
	if err == nil {
		return
	}
	for _, k := range kinds {
		if errors.Is(err, k) {
			return
		}
	}
	t.Errorf("undocumented error %v", err)
}
