package catalog

import (
	"compress/flate"
	"io"
	"strings"
)

// A record is a service as text, in lines of fields divided by tabs:
//
//	S          NAME  RCP             RCP is 1 if resource control policies reach it
//	K          NAME  TYPE            condition keys, numbered from 0
//	R          NAME  ARN  KEYS       resource types
//	l|r|w|t|p  NAME  KEYS  { RESOURCE  KEYS }   actions
//
// The letter of an action is its access level. KEYS are numbers of keys, divided
// by spaces; a star after a RESOURCE says that it is required. Empty fields at
// the end of an action are left out.

// readRecord reads the record of a service. Like inflate it reads what is a part
// of the program, and panics if that is not whole.
func readRecord(prefix, text string) *Service {
	r := record{service: Service{Prefix: prefix}}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	r.allocate(lines)
	for _, line := range lines {
		r.line(strings.Split(line, "\t"))
	}
	return &r.service
}

// record is a Service that is being read.
type record struct {
	service Service
	types   map[string]*ResourceType
}

// allocate makes room for everything, so that what has been read stays where
// it is while pointers to it are handed out.
func (r *record) allocate(lines []string) {
	var count [256]int
	for _, line := range lines {
		count[line[0]]++
	}
	actions := len(lines) - count['S'] - count['K'] - count['R']
	r.service.Keys = make([]Key, 0, count['K'])
	r.service.Resources = make([]ResourceType, 0, count['R'])
	r.service.Actions = make([]Action, 0, actions)
	r.types = make(map[string]*ResourceType, count['R'])
}

func (r *record) line(fields []string) {
	s := &r.service
	switch fields[0] {
	case "S":
		s.Name, s.RCP = fields[1], fields[2] != ""
	case "K":
		k := Key{Name: fields[1]}
		k.Type, k.Multi = parseType(fields[2])
		s.Keys = append(s.Keys, k)
	case "R":
		s.Resources = append(s.Resources, ResourceType{Name: fields[1], ARN: fields[2], Keys: r.keys(fields[3])})
		r.types[fields[1]] = &s.Resources[len(s.Resources)-1]
	default:
		s.Actions = append(s.Actions, r.action(fields))
	}
}

var levelLetters = map[string]AccessLevel{"l": List, "r": Read, "w": Write, "t": Tagging, "p": PermissionsManagement}

func (r *record) action(fields []string) Action {
	field := func(i int) string {
		if i < len(fields) {
			return fields[i]
		}
		return ""
	}
	a := Action{Name: fields[1], Access: levelLetters[fields[0]], Keys: r.keys(field(2))}
	for i := 3; i < len(fields); i += 2 {
		name, required := strings.CutSuffix(fields[i], "*")
		a.Resources = append(a.Resources, ActionResource{
			Type:     r.types[name],
			Required: required,
			Keys:     r.keys(field(i + 1)),
		})
	}
	return a
}

func (r *record) keys(numbers string) []*Key {
	var keys []*Key
	for n := range strings.FieldsSeq(numbers) {
		keys = append(keys, &r.service.Keys[number(n)])
	}
	return keys
}

// inflate unpacks what generate.py packed. The bytes are a part of the program,
// so a fault in them is the program's.
func inflate(blob, shared string) string {
	var b strings.Builder
	if _, err := io.Copy(&b, flate.NewReaderDict(strings.NewReader(blob), []byte(shared))); err != nil {
		panic("catalog: " + err.Error())
	}
	return b.String()
}
