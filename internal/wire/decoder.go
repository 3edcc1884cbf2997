package wire

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
)

// Input is a shape that requests carry.
type Input interface{ Decode(*Decoder) }

// Empty is the input of operations that take none.
type Empty struct{}

// Decode accepts a request without parameters and refuses any other.
func (*Empty) Decode(d *Decoder) {
	for d.Next() {
		d.Unknown()
	}
}

// What one answer repeats of a bad request is bounded: so many violations, each
// with so many bytes of its value. AWS repeats values in full.
const (
	maxViolations = 32
	maxEcho       = 2048
)

// maxMembers bounds the members of one structure, of which the models have at
// most 20. It matters for JSON members that are null, which pass without
// being asked for and are looked through for repetitions.
const maxMembers = 64

// Decoder hands the members of a structure to a generated Decode method and
// checks the constraints of the model on the way. What is wrong with the
// spelling ends the walk; violated constraints are collected, in the order in
// which members are met.
type Decoder struct {
	src source
	// path leads to the current value; members are those seen in the open
	// structures, those of the innermost from index first on.
	path       []step
	members    []seen
	first      int
	violations []string
	// sentence is what is told instead if nothing else is wrong; see sentences.
	sentence string
}

// seen is a member that was met; null if it was only said to be absent.
type seen struct {
	name string
	null bool
}

// step is one part of a path: a member, or an element counted from 1.
type step struct {
	member  string
	element int
}

// room is what a Decoder needs for all but the deepest inputs. It is used again: a
// new one each time would be a fifteenth of what an AssumeRole allocates.
type room struct {
	path    [8]step
	members [16]seen
}

var rooms = sync.Pool{New: func() any { return new(room) }}

// release gives the room back, empty: what a client sent does not outlive its
// request.
func (r *room) release() {
	*r = room{}
	rooms.Put(r)
}

// Decode reads the form into in, which must be zero, and checks it. The error
// is a MalformedInput, an InvalidQueryParameter or a ValidationError.
func (f *Form) Decode(in Input) error {
	return decode(in, &formSource{params: f.params}, apierr.ValidationError)
}

// decode reports violations as errors of the given kind.
func decode(in Input, src source, kind apierr.Kind) error {
	room := rooms.Get().(*room)
	defer room.release()
	d := Decoder{src: src, path: room.path[:0], members: room.members[:0]}
	d.structure(in)
	if err := src.failure(); err != nil {
		return err
	}
	if n := len(d.violations); n > 0 {
		noun := " validation error detected: "
		if n > 1 {
			noun = " validation errors detected: "
		}
		return kind.New("%s", strconv.Itoa(n)+noun+strings.Join(d.violations, "; "))
	}
	if d.sentence != "" {
		return kind.New("%s", d.sentence)
	}
	return nil
}

// structure lets in read the structure at the cursor.
func (d *Decoder) structure(in Input) {
	outer := d.first
	d.first = len(d.members)
	d.path = append(d.path, step{})
	d.src.openStruct()
	in.Decode(d)
	d.path = d.path[:len(d.path)-1]
	d.members = d.members[:d.first]
	d.first = outer
}

// Next moves to the next member that is present and reports false after the
// last one.
func (d *Decoder) Next() bool {
	for {
		name, ok := d.src.nextMember()
		if !ok {
			return false
		}
		if d.find(name) != nil {
			d.src.repeated(name)
			return false
		}
		if len(d.members)-d.first == maxMembers {
			d.src.unknown(name)
			return false
		}
		null := d.src.null()
		d.members = append(d.members, seen{name, null})
		if !null {
			d.path[len(d.path)-1].member = name
			return true
		}
	}
}

// find returns the member of the innermost structure if it was met, else nil.
func (d *Decoder) find(name string) *seen {
	for i := d.first; i < len(d.members); i++ {
		if d.members[i].name == name {
			return &d.members[i]
		}
	}
	return nil
}

// Name returns the name of the current member.
func (d *Decoder) Name() string { return d.path[len(d.path)-1].member }

// Unknown ends the walk because the model does not have the current member. A
// parameter that is not understood may be one that restricts.
func (d *Decoder) Unknown() { d.src.unknown(d.Name()) }

// Require notes a violation for each of the members that was not there.
func (d *Decoder) Require(names ...string) {
	for _, name := range names {
		if m := d.find(name); m == nil || m.null {
			d.path[len(d.path)-1].member = name
			d.violate("Value null", "Member must not be null")
		}
	}
}

// violate notes that the value at the cursor breaks a constraint.
func (d *Decoder) violate(value, constraint string) {
	if len(d.violations) == maxViolations || d.src.failure() != nil {
		return
	}
	d.violations = append(d.violations, value+" at '"+d.location()+"' failed to satisfy constraint: "+constraint)
}

// location spells the path as AWS does: roleSessionName, tags.1.member.key.
func (d *Decoder) location() string {
	var b strings.Builder
	for i, s := range d.path {
		if i > 0 {
			b.WriteByte('.')
		}
		if s.element > 0 {
			b.WriteString(strconv.Itoa(s.element))
			b.WriteString(".member")
			continue
		}
		b.WriteString(strings.ToLower(s.member[:1]))
		b.WriteString(s.member[1:])
	}
	return b.String()
}

// String reads a string and checks it.
func (d *Decoder) String(rule *StringRule) string {
	s := d.src.text()
	if !rule.holds(s) {
		value := "Value '" + clip(s, maxEcho) + "'"
		if rule.Sensitive {
			value = "Value"
		}
		for _, constraint := range rule.broken(s) {
			d.violate(value, constraint)
		}
		if sentence := rule.sentence(s); sentence != "" && d.sentence == "" {
			d.sentence = "The specified value for " + d.location() + " is invalid. " + sentence
		}
	}
	return s
}

// StringPtr is String for an optional member.
func (d *Decoder) StringPtr(rule *StringRule) *string {
	s := d.String(rule)
	return &s
}

// Sensitive is String for a sensitive member.
func (d *Decoder) Sensitive(rule *StringRule) Sensitive { return Sensitive(d.String(rule)) }

// SensitivePtr is Sensitive for an optional member.
func (d *Decoder) SensitivePtr(rule *StringRule) *Sensitive {
	s := Sensitive(d.String(rule))
	return &s
}

// Int32 reads an integer and checks it.
func (d *Decoder) Int32(rule *NumberRule) int32 { return int32(d.number(32, rule)) }

// Int32Ptr is Int32 for an optional member.
func (d *Decoder) Int32Ptr(rule *NumberRule) *int32 {
	n := d.Int32(rule)
	return &n
}

// Int64 reads a long and checks it.
func (d *Decoder) Int64(rule *NumberRule) int64 { return d.number(64, rule) }

func (d *Decoder) number(bits int, rule *NumberRule) int64 {
	n := d.src.integer(bits)
	if constraint := rule.broken(n); constraint != "" {
		d.violate("Value '"+strconv.FormatInt(n, 10)+"'", constraint)
	}
	return n
}

// Bool reads a boolean.
func (d *Decoder) Bool() bool { return d.src.boolean() }

// BoolPtr is Bool for an optional member.
func (d *Decoder) BoolPtr() *bool {
	b := d.src.boolean()
	return &b
}

// Time reads a timestamp.
func (d *Decoder) Time() time.Time { return d.src.timestamp() }

// TimePtr is Time for an optional member.
func (d *Decoder) TimePtr() *time.Time {
	t := d.src.timestamp()
	return &t
}

// Strings reads a list of strings and checks it and its elements. It never
// returns nil: the list is there, if only empty.
func (d *Decoder) Strings(list *ListRule, element *StringRule) []string {
	out := []string{}
	good := true
	for d.src.openList(); d.src.nextElement(); {
		s := d.src.text()
		good = good && element.holds(s)
		out = append(out, s)
	}
	if constraint := list.broken(len(out)); constraint != "" {
		d.violate(listValue(out, element.Sensitive), constraint)
	}
	if !good {
		d.violate(listValue(out, element.Sensitive),
			"Member must satisfy constraint: ["+strings.Join(element.all(), ", ")+"]")
	}
	return out
}

func listValue(list []string, sensitive bool) string {
	if sensitive {
		return "Value"
	}
	return "Value '[" + clip(strings.Join(list, ", "), maxEcho) + "]'"
}

// DecodeStruct reads a structure.
func DecodeStruct[T any, P interface {
	*T
	Input
}](d *Decoder) *T {
	v := new(T)
	d.structure(P(v))
	return v
}

// DecodeList reads a list of structures and checks it and its elements. It
// never returns nil. A list of the wrong length is not repeated in the message:
// AWS shows there what its own implementation prints for an object.
func DecodeList[T any, P interface {
	*T
	Input
}](d *Decoder, rule *ListRule) []T {
	out := []T{}
	d.path = append(d.path, step{})
	for d.src.openList(); d.src.nextElement(); {
		out = append(out, *new(T))
		d.path[len(d.path)-1].element = len(out)
		d.structure(P(&out[len(out)-1]))
	}
	d.path = d.path[:len(d.path)-1]
	if constraint := rule.broken(len(out)); constraint != "" {
		d.violate("Value", constraint)
	}
	return out
}
