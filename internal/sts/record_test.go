package sts

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/iam"
)

func fullRecord() record {
	return record{prfKey: 0xdeadbeef, Session: iam.Session{
		ID: iam.SessionID{1, 2, 3, 15: 9}, Kind: iam.RoleSession, Partition: "aws", Account: "123456789012",
		PrincipalID: "AROAEXAMPLEEXAMPLE000", Name: "session", Issued: time.Unix(1_777_000_000, 0).UTC(), Expires: time.Unix(1_777_003_600, 0).UTC(),
		Policy: `{"Statement":[]}`, PolicyARNs: []string{"arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"},
		Tags: []iam.Tag{{Key: "team", Value: "red"}, {Key: "job", Value: ""}, {Key: "ключ", Value: "值"}}, TransitiveKeys: []string{"team", "ключ"},
		SourceIdentity: "alice", MFATime: time.Unix(1_776_999_000, 0).UTC(), Context: []iam.Tag{{Key: "aws:federatedprovider", Value: "x"}},
		Ancestors: []iam.SessionID{{1}, {2}}, LongTermKey: "AKIAEXAMPLE",
	}}
}

// Every field of a session is in the record: one that is added and forgotten
// would make the token say less than the session.
func TestRecordHoldsTheWholeSession(t *testing.T) {
	t.Parallel()
	want := fullRecord()
	v := reflect.ValueOf(want.Session)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("the example has no %s", v.Type().Field(i).Name)
		}
	}
	for name, r := range map[string]record{"full": want, "empty": {}} {
		got, err := parseRecord(r.append(nil))
		if err != nil || !reflect.DeepEqual(*got, r) {
			t.Errorf("%s: got %+v (%v), want %+v", name, got, err, r)
		}
	}
}

// What cannot be read in full is not read at all: it may be a restriction.
func TestRecordRefusals(t *testing.T) {
	t.Parallel()
	good := fullRecord()
	whole := string(good.append(nil))
	for name, b := range map[string]string{
		"nothing":               "",
		"another version":       "\x02" + whole[1:],
		"an unknown field":      whole + "\x92\x01\x01x",
		"field 0":               whole + "\x02\x01x",
		"a policy as a number":  "\x01\x48\x05",
		"a session kind of 257": "\x01\x10\x81\x02",
		"an id of 15 bytes":     "\x01\x0a\x0f" + strings.Repeat("x", 15),
		"an id of 17 bytes":     "\x01\x0a\x11" + strings.Repeat("x", 17),
		"a long ancestor":       "\x01\x7a\x11" + strings.Repeat("x", 17),
		"a tag's unknown field": "\x01\x5a\x03\x22\x01x",
		"a tag's key as number": "\x01\x5a\x02\x08\x01",
		"a group":               "\x01\x4b\x4c",
		"a length beyond":       "\x01\x4a\x7fx",
	} {
		if r, err := parseRecord([]byte(b)); err == nil {
			t.Errorf("%s: %q was read as %+v", name, b, r)
		}
	}
}

// Whatever is read is written again as it was read.
func FuzzRecord(f *testing.F) {
	good := fullRecord()
	f.Add(good.append(nil))
	f.Add((&record{}).append(nil))
	f.Add([]byte("\x01\x48\x05"))
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := parseRecord(b)
		if err != nil {
			return
		}
		second, err := parseRecord(first.append(nil))
		if err != nil {
			t.Fatalf("%q is read and, written again, is not: %v", b, err)
		}
		if !sameSession(first, second) {
			t.Fatalf("%q: read as %+v, then as %+v", b, first, second)
		}
	})
}

// sameSession compares what the forms of one session have in common: a key that
// two tags share is transitive in both.
func sameSession(a, b *record) bool {
	x, y := *a, *b
	x.TransitiveKeys, y.TransitiveKeys = nil, nil
	if x.Issued.Unix() == 0 || x.Expires.Unix() == 0 || x.MFATime.Unix() == 0 {
		return true // the epoch is written as no time
	}
	return reflect.DeepEqual(x, y)
}
