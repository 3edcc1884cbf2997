package audit

import (
	"strconv"
	"time"
)

// Field is a named value of requestParameters, responseElements or
// additionalEventData. Make one with [String], [Int], [Bool], [Time],
// [Strings], [Object] or [Objects].
type Field struct {
	name   string
	text   string
	number int64 // of seconds since the epoch for a time
	more   any   // []string, []Field or [][]Field
	kind   fieldKind
}

type fieldKind uint8

const (
	textField fieldKind = iota
	numberField
	truthField
	timeField
	textsField
	objectField
	objectsField
)

// String is a member with a text, which is cut at 16 KiB.
func String(name, value string) Field {
	return Field{name: name, kind: textField, text: value}
}

// Int is a member with a whole number.
func Int(name string, value int64) Field {
	return Field{name: name, kind: numberField, number: value}
}

// Bool is a member with a truth value.
func Bool(name string, value bool) Field {
	f := Field{name: name, kind: truthField}
	if value {
		f.number = 1
	}
	return f
}

// Time is a member with a time, in whole seconds of UTC.
func Time(name string, value time.Time) Field {
	return Field{name: name, kind: timeField, number: value.Unix()}
}

// Strings is a member with a list of texts. The list is kept, not copied.
func Strings(name string, values []string) Field {
	return Field{name: name, kind: textsField, more: values}
}

// Object is a member with members of its own. The list is kept, not copied.
func Object(name string, members ...Field) Field {
	return Field{name: name, kind: objectField, more: members}
}

// Objects is a member with a list of objects, such as tags. The list is kept,
// not copied.
func Objects(name string, rows [][]Field) Field {
	return Field{name: name, kind: objectsField, more: rows}
}

// hidden is what CloudTrail writes in the place of a secret.
const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

// secretName reports whether a member of that name holds a secret in one of
// the operations of IAM and STS. Callers give none; this is the second fence.
func secretName(name string) bool {
	switch name {
	case "secretAccessKey", "sessionToken", "password", "oldPassword", "newPassword", "tokenCode",
		"webIdentityToken", "sAMLAssertion", "samlAssertion", "privateKey", "authenticationCode1",
		"authenticationCode2", "serviceApiKeyValue", "servicePassword", "signature", "clientSecret",
		"x-amz-security-token", "authorization", "base32StringSeed", "qRCodePNG":
		return true
	}
	return false
}

func (f *Field) append(b []byte) []byte {
	b = appendKeyText(b, f.name)
	if secretName(f.name) {
		return append(append(append(b, '"'), hidden...), '"')
	}
	switch f.kind {
	case numberField:
		return strconv.AppendInt(b, f.number, 10)
	case truthField:
		return strconv.AppendBool(b, f.number != 0)
	case timeField:
		return appendTime(b, time.Unix(f.number, 0))
	case textsField:
		return appendTexts(b, f.more.([]string))
	case objectField:
		return appendObject(b, f.more.([]Field))
	case objectsField:
		return appendRows(b, f.more.([][]Field))
	default:
		return appendText(b, f.text, maxValue)
	}
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text, maxValue)
	}
	return append(b, ']')
}

func appendObject(b []byte, fields []Field) []byte {
	b = append(b, '{')
	for i := range fields {
		b = fields[i].append(b)
	}
	return append(b, '}')
}

func appendRows(b []byte, rows [][]Field) []byte {
	b = append(b, '[')
	for i, row := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendObject(b, row)
	}
	return append(b, ']')
}

// appendSection writes fields as members of the object that b ends in, and
// stops before limit bytes are exceeded. It reports whether all found room.
func appendSection(b []byte, fields []Field, limit int) (_ []byte, all bool) {
	start := len(b)
	for i := range fields {
		before := len(b)
		b = fields[i].append(b)
		if len(b)-start > limit {
			return b[:before], false
		}
	}
	return b, true
}
