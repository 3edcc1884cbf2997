package wire

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Output is a shape that answers carry.
type Output interface{ Encode(*Encoder) }

// Encode writes nothing: an operation without output answers with its
// metadata alone.
func (*Empty) Encode(*Encoder) {}

// dialect is how an Encoder spells an answer.
type dialect uint8

const (
	// inXML is the query protocol: an element for each member that is there,
	// <member> for elements of lists.
	inXML dialect = iota
	// inQueryJSON is the query protocol's answer to Accept: application/json:
	// null for members that are not there.
	inQueryJSON
	// inJSON is JSON 1.1: members that are not there are left out.
	inJSON
)

// Encoder writes the members of a structure, as a generated Encode method
// hands them over, to the end of a buffer.
type Encoder struct {
	buf     []byte
	dialect dialect
}

// open starts a member.
func (e *Encoder) open(name string) {
	if e.dialect == inXML {
		e.buf = append(e.buf, '<')
		e.buf = append(e.buf, name...)
		e.buf = append(e.buf, '>')
		return
	}
	e.comma()
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, name...)
	e.buf = append(e.buf, '"', ':')
}

// comma separates a part of an object or array from the one before.
func (e *Encoder) comma() {
	if last := e.buf[len(e.buf)-1]; last != '{' && last != '[' {
		e.buf = append(e.buf, ',')
	}
}

// close ends a member.
func (e *Encoder) close(name string) {
	if e.dialect == inXML {
		e.buf = append(e.buf, '<', '/')
		e.buf = append(e.buf, name...)
		e.buf = append(e.buf, '>')
	}
}

// absent stands for a member that is not there.
func (e *Encoder) absent(name string) {
	if e.dialect == inQueryJSON {
		e.open(name)
		e.buf = append(e.buf, "null"...)
	}
}

func (e *Encoder) text(s string) {
	if e.dialect == inXML {
		e.buf = appendXMLText(e.buf, s)
		return
	}
	e.buf = appendJSONString(e.buf, s)
}

// String writes a string.
func (e *Encoder) String(name, s string) {
	e.open(name)
	e.text(s)
	e.close(name)
}

// StringPtr writes a string unless it is nil.
func (e *Encoder) StringPtr(name string, s *string) {
	if s == nil {
		e.absent(name)
		return
	}
	e.String(name, *s)
}

// Sensitive writes a sensitive string in clear: its receiver is who it is for.
func (e *Encoder) Sensitive(name string, s Sensitive) { e.String(name, string(s)) }

// SensitivePtr writes a sensitive string in clear unless it is nil.
func (e *Encoder) SensitivePtr(name string, s *Sensitive) { e.StringPtr(name, (*string)(s)) }

// Int32 writes an integer.
func (e *Encoder) Int32(name string, n int32) { e.Int64(name, int64(n)) }

// Int32Ptr writes an integer unless it is nil.
func (e *Encoder) Int32Ptr(name string, n *int32) {
	if n == nil {
		e.absent(name)
		return
	}
	e.Int64(name, int64(*n))
}

// Int64 writes a long.
func (e *Encoder) Int64(name string, n int64) {
	e.open(name)
	e.buf = strconv.AppendInt(e.buf, n, 10)
	e.close(name)
}

// Bool writes a boolean.
func (e *Encoder) Bool(name string, b bool) {
	e.open(name)
	e.buf = strconv.AppendBool(e.buf, b)
	e.close(name)
}

// BoolPtr writes a boolean unless it is nil.
func (e *Encoder) BoolPtr(name string, b *bool) {
	if b == nil {
		e.absent(name)
		return
	}
	e.Bool(name, *b)
}

// Time writes a timestamp: in XML as whole seconds of UTC with Z, in JSON as
// seconds since 1970, with milliseconds only where there are some and the
// protocol is JSON 1.1.
func (e *Encoder) Time(name string, t time.Time) {
	e.open(name)
	switch ms := t.UnixMilli(); {
	case e.dialect == inXML:
		e.buf = t.UTC().AppendFormat(e.buf, time.RFC3339)
	case e.dialect == inJSON && ms%1000 != 0:
		e.buf = strconv.AppendFloat(e.buf, float64(ms)/1000, 'f', 3, 64)
	default:
		e.buf = strconv.AppendInt(e.buf, t.Unix(), 10)
	}
	e.close(name)
}

// TimePtr writes a timestamp unless it is nil.
func (e *Encoder) TimePtr(name string, t *time.Time) {
	if t == nil {
		e.absent(name)
		return
	}
	e.Time(name, *t)
}

// Blob writes bytes in base64 unless they are nil and not required.
func (e *Encoder) Blob(name string, b []byte, required bool) {
	if b == nil && !required {
		e.absent(name)
		return
	}
	e.open(name)
	if e.dialect != inXML {
		e.buf = append(e.buf, '"')
	}
	e.buf = base64.StdEncoding.AppendEncode(e.buf, b)
	if e.dialect != inXML {
		e.buf = append(e.buf, '"')
	}
	e.close(name)
}

// Strings writes a list of strings unless it is nil and not required.
func (e *Encoder) Strings(name string, list []string, required bool) {
	if list == nil && !required {
		e.absent(name)
		return
	}
	e.openList(name)
	for _, s := range list {
		e.openElement()
		e.text(s)
		e.closeElement()
	}
	e.closeList(name)
}

// StringMap writes a map of strings, in the order of its keys, unless it is nil
// and not required.
func (e *Encoder) StringMap(name string, m map[string]string, required bool) {
	encodeMap(e, name, m, required, func(s string) { e.String("value", s) }, e.text)
}

// Int32Map is StringMap for integers.
func (e *Encoder) Int32Map(name string, m map[string]int32, required bool) {
	encodeMap(e, name, m, required, func(n int32) { e.Int32("value", n) },
		func(n int32) { e.buf = strconv.AppendInt(e.buf, int64(n), 10) })
}

// encodeMap writes <entry><key/><value/></entry> in XML, with value writing the
// last of these, and an object in JSON, with bare writing its values.
func encodeMap[V any](e *Encoder, name string, m map[string]V, required bool, value, bare func(V)) {
	if m == nil && !required {
		e.absent(name)
		return
	}
	e.openStruct(name)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if e.dialect == inXML {
			e.open("entry")
			e.String("key", key)
			value(m[key])
			e.close("entry")
			continue
		}
		e.comma()
		e.text(key)
		e.buf = append(e.buf, ':')
		bare(m[key])
	}
	e.closeStruct(name)
}

// EncodeStruct writes a structure unless it is nil and not required.
func EncodeStruct[T any, P interface {
	*T
	Output
}](e *Encoder, name string, v P, required bool) {
	if v == nil && !required {
		e.absent(name)
		return
	}
	e.openStruct(name)
	if v == nil {
		v = new(T)
	}
	v.Encode(e)
	e.closeStruct(name)
}

// EncodeList writes a list of structures unless it is nil and not required.
func EncodeList[T any, P interface {
	*T
	Output
}](e *Encoder, name string, list []T, required bool) {
	if list == nil && !required {
		e.absent(name)
		return
	}
	e.openList(name)
	for i := range list {
		e.openElement()
		if e.dialect != inXML {
			e.buf = append(e.buf, '{')
		}
		P(&list[i]).Encode(e)
		if e.dialect != inXML {
			e.buf = append(e.buf, '}')
		}
		e.closeElement()
	}
	e.closeList(name)
}

func (e *Encoder) openStruct(name string) {
	e.open(name)
	if e.dialect != inXML {
		e.buf = append(e.buf, '{')
	}
}

func (e *Encoder) closeStruct(name string) {
	if e.dialect != inXML {
		e.buf = append(e.buf, '}')
	}
	e.close(name)
}

func (e *Encoder) openList(name string) {
	e.open(name)
	if e.dialect != inXML {
		e.buf = append(e.buf, '[')
	}
}

func (e *Encoder) closeList(name string) {
	if e.dialect != inXML {
		e.buf = append(e.buf, ']')
	}
	e.close(name)
}

func (e *Encoder) openElement() {
	if e.dialect == inXML {
		e.open("member")
		return
	}
	e.comma()
}

func (e *Encoder) closeElement() { e.close("member") }
