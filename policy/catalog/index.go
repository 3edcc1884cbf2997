package catalog

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"rolecall.dev/rolecall/arn"
)

var (
	//go:embed services.bin
	packed string

	// indexText lists what packed holds, in order:
	//
	//	PACKAGE VERSION      where it all comes from
	//	LENGTH               of the shared dictionary
	//	PREFIX LENGTH        of a service's record, and so on
	//	PREFIX = SERVICE     whose condition keys begin with another prefix
	//
	//go:embed index.txt
	indexText string
)

// globalPrefix is the prefix of global condition keys and names the record that
// holds them.
const globalPrefix = "aws"

// table is the index, read.
type table struct {
	origin   string
	prefixes []string // of services, sorted
	load     map[string]func() *Service
	foreign  map[string]string
}

// index is the table, read when first asked for. It never changes; each of its
// records is unpacked once, by whoever asks first.
var index = sync.OnceValue(readIndex)

func readIndex() *table {
	lines := strings.Split(strings.TrimSuffix(indexText, "\n"), "\n")
	t := &table{origin: lines[0], load: map[string]func() *Service{}, foreign: map[string]string{}}
	offset := number(lines[1])
	shared := sync.OnceValue(func() string { return inflate(packed[:offset], "") })
	for at, line := offset, 2; line < len(lines); line++ {
		fields := strings.Fields(lines[line])
		if len(fields) == 3 {
			t.foreign[fields[0]] = fields[2]
			continue
		}
		prefix, end := fields[0], at+number(fields[1])
		blob := packed[at:end]
		t.load[prefix] = sync.OnceValue(func() *Service { return readRecord(prefix, inflate(blob, shared())) })
		if prefix != globalPrefix {
			t.prefixes = append(t.prefixes, prefix)
		}
		at = end
	}
	return t
}

// number reads a number of the index or of a record.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic("catalog: " + err.Error())
	}
	return n
}

// Origin is the name and version of the package that the catalog was made of.
func Origin() string { return index().origin }

// Prefixes lists the services, sorted. The caller must not change the slice.
func Prefixes() []string { return index().prefixes }

// Lookup finds a service by its prefix, in any case. It returns nil if there is
// none.
func Lookup(prefix string) *Service {
	prefix = strings.ToLower(prefix)
	load := index().load[prefix]
	if load == nil || prefix == globalPrefix {
		return nil
	}
	return load()
}

// Global lists the global condition keys: those every service may have.
func Global() []Key { return index().load[globalPrefix]().Keys }

func foreignPrefix(prefix string) string { return index().foreign[prefix] }

// FindAction finds an action by its full name, in any case: "s3:GetObject". It
// returns nil if there is none.
func FindAction(name string) (*Service, *Action) {
	prefix, rest, _ := strings.Cut(name, ":")
	s := Lookup(prefix)
	if s == nil {
		return nil, nil
	}
	a := s.Action(rest)
	if a == nil {
		return nil, nil
	}
	return s, a
}

// Expand lists the full names of the actions that a value of a policy's Action
// element stands for, sorted: "s3:Get*", "*", "sts:AssumeRole". The service may
// not hold wildcards, except that "*" and "*:*" stand for every action; that
// unpacks the whole catalog.
func Expand(pattern string) []string {
	if pattern == "*" || pattern == "*:*" {
		var all []string
		for _, prefix := range Prefixes() {
			all = append(all, Lookup(prefix).Expand("*")...)
		}
		return all
	}
	prefix, rest, _ := strings.Cut(pattern, ":")
	s := Lookup(prefix)
	if s == nil {
		return nil
	}
	return s.Expand(rest)
}

// Expand lists the full names of the service's actions that pattern, in any
// case and without the prefix, covers.
func (s *Service) Expand(pattern string) []string {
	pattern = strings.ToLower(pattern)
	var names []string
	for i := range s.Actions {
		if arn.Wildcard(pattern, strings.ToLower(s.Actions[i].Name)) {
			names = append(names, s.Prefix+":"+s.Actions[i].Name)
		}
	}
	return slices.Clip(names)
}
