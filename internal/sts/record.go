package sts

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/iam"
)

// The sealed record is a version byte followed by protobuf fields. The format
// is frozen: fields may be added, never renumbered. In the language of protobuf:
//
//	message Session {
//	  bytes  id              = 1;   // 16 bytes
//	  uint64 kind            = 2;
//	  string partition       = 3;
//	  string account         = 4;
//	  string principal_id    = 5;   // AROA…
//	  string name            = 6;
//	  uint64 issued          = 7;   // seconds of the epoch, by the service's clock
//	  uint64 expires         = 8;
//	  string policy          = 9;
//	  repeated string policy_arns = 10;
//	  repeated Tag    tags        = 11;
//	  string source_identity = 12;
//	  uint64 mfa_time        = 13;
//	  repeated Tag    context     = 14;
//	  repeated bytes  ancestors   = 15;
//	  string long_term_key   = 16;
//	  fixed32 prf_key        = 17;  // id of the key that derives the secret
//	}
//	message Tag { string key = 1; string value = 2; bool transitive = 3; }
//
// A field that is not known is an error: it may restrict what the session can do.
const recordVersion = 1

var errRecord = errors.New("sts: malformed session record")

// record is what a token seals: the session and which key derives its secret.
type record struct {
	iam.Session
	prfKey uint32
}

func (r *record) append(b []byte) []byte {
	b = append(b, recordVersion)
	b = appendBytes(b, 1, r.ID[:])
	b = appendNumber(b, 2, uint64(r.Kind))
	b = appendText(b, 3, r.Partition)
	b = appendText(b, 4, string(r.Account))
	b = appendText(b, 5, r.PrincipalID)
	b = appendText(b, 6, r.Name)
	b = appendTime(b, 7, r.Issued)
	b = appendTime(b, 8, r.Expires)
	b = appendText(b, 9, r.Policy)
	for _, name := range r.PolicyARNs {
		b = appendText(b, 10, name)
	}
	for _, t := range r.Tags {
		b = appendTag(b, 11, t, slices.Contains(r.TransitiveKeys, t.Key))
	}
	b = appendText(b, 12, r.SourceIdentity)
	b = appendTime(b, 13, r.MFATime)
	for _, t := range r.Context {
		b = appendTag(b, 14, t, false)
	}
	for i := range r.Ancestors {
		b = appendBytes(b, 15, r.Ancestors[i][:])
	}
	b = appendText(b, 16, r.LongTermKey)
	return protowire.AppendFixed32(protowire.AppendTag(b, 17, protowire.Fixed32Type), r.prfKey)
}

func appendNumber(b []byte, field protowire.Number, v uint64) []byte {
	if v == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
}

func appendTime(b []byte, field protowire.Number, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	return appendNumber(b, field, uint64(t.Unix()))
}

func appendText(b []byte, field protowire.Number, s string) []byte {
	if s == "" {
		return b
	}
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func appendBytes(b []byte, field protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
}

func appendTag(b []byte, field protowire.Number, t iam.Tag, transitive bool) []byte {
	var space [512]byte
	m := appendText(space[:0], 1, t.Key)
	m = appendText(m, 2, t.Value)
	if transitive {
		m = appendNumber(m, 3, 1)
	}
	return appendBytes(b, field, m)
}

// parseRecord reads what append wrote. It is given only what was authentic, so
// an error means another version of this program, not an attack.
func parseRecord(b []byte) (*record, error) {
	if len(b) == 0 || b[0] != recordVersion {
		return nil, fmt.Errorf("%w: unknown version", errRecord)
	}
	r := &record{}
	// One copy as text, of which every field is a part: fields of their own would
	// be a dozen allocations for each request with a session.
	if err := eachField(string(b[1:]), b[1:], r.set); err != nil {
		return nil, err
	}
	return r, nil
}

// field is one decoded field: number for varints and fixed32, bytes otherwise.
type field struct {
	id     protowire.Number
	kind   protowire.Type
	number uint64
	bytes  []byte
	text   string // the same as bytes
}

// eachField reads the fields of a message that is given in both forms.
func eachField(text string, b []byte, set func(field) error) error {
	for len(b) > 0 {
		id, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return errRecord
		}
		b, text = b[n:], text[n:]
		f := field{id: id, kind: kind}
		switch kind {
		case protowire.VarintType:
			f.number, n = protowire.ConsumeVarint(b)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(b)
			f.number = uint64(v)
		case protowire.BytesType:
			if f.bytes, n = protowire.ConsumeBytes(b); n >= 0 {
				f.text = text[n-len(f.bytes) : n]
			}
		default:
			return errRecord
		}
		if n < 0 {
			return errRecord
		}
		b, text = b[n:], text[n:]
		if err := set(f); err != nil {
			return err
		}
	}
	return nil
}

// kinds are the types of the record's fields: a restriction of the wrong type
// must not be read as none.
var kinds = [...]protowire.Type{
	1: protowire.BytesType, 2: protowire.VarintType, 3: protowire.BytesType, 4: protowire.BytesType, 5: protowire.BytesType,
	6: protowire.BytesType, 7: protowire.VarintType, 8: protowire.VarintType, 9: protowire.BytesType, 10: protowire.BytesType,
	11: protowire.BytesType, 12: protowire.BytesType, 13: protowire.VarintType, 14: protowire.BytesType, 15: protowire.BytesType,
	16: protowire.BytesType, 17: protowire.Fixed32Type,
}

func (r *record) set(f field) error {
	if int(f.id) >= len(kinds) {
		return fmt.Errorf("%w: unknown field %d", errRecord, f.id)
	}
	if f.kind != kinds[f.id] {
		return fmt.Errorf("%w: field %d has another type", errRecord, f.id)
	}
	switch f.id {
	case 1:
		return setID(&r.ID, f.bytes)
	case 2:
		if f.number > 0xff {
			return errRecord
		}
		r.Kind = iam.SessionKind(f.number)
	case 3:
		r.Partition = f.text
	case 4:
		r.Account = arn.AccountID(f.text)
	case 5:
		r.PrincipalID = f.text
	case 6:
		r.Name = f.text
	case 7:
		r.Issued = time.Unix(int64(f.number), 0).UTC()
	case 8:
		r.Expires = time.Unix(int64(f.number), 0).UTC()
	case 9:
		r.Policy = f.text
	case 10:
		r.PolicyARNs = append(r.PolicyARNs, f.text)
	case 11:
		return r.setTag(f)
	case 12:
		r.SourceIdentity = f.text
	case 13:
		r.MFATime = time.Unix(int64(f.number), 0).UTC()
	case 14:
		t, _, err := parseTag(f)
		r.Context = append(r.Context, t)
		return err
	case 15:
		r.Ancestors = append(r.Ancestors, iam.SessionID{})
		return setID(&r.Ancestors[len(r.Ancestors)-1], f.bytes)
	case 16:
		r.LongTermKey = f.text
	case 17:
		r.prfKey = uint32(f.number)
	}
	return nil
}

func setID(id *iam.SessionID, b []byte) error {
	if len(b) != len(id) {
		return errRecord
	}
	copy(id[:], b)
	return nil
}

func (r *record) setTag(f field) error {
	t, transitive, err := parseTag(f)
	r.Tags = append(r.Tags, t)
	if transitive {
		r.TransitiveKeys = append(r.TransitiveKeys, t.Key)
	}
	return err
}

func parseTag(message field) (t iam.Tag, transitive bool, err error) {
	err = eachField(message.text, message.bytes, func(f field) error {
		switch {
		case f.id == 1 && f.kind == protowire.BytesType:
			t.Key = f.text
		case f.id == 2 && f.kind == protowire.BytesType:
			t.Value = f.text
		case f.id == 3 && f.kind == protowire.VarintType:
			transitive = f.number == 1
		default:
			return errRecord
		}
		return nil
	})
	return t, transitive, err
}
