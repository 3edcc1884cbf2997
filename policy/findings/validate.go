package findings

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/policy"
)

// maxFindings bounds the answer for a document that is nothing but faults.
const maxFindings = 1000

// maxWork bounds the comparisons for one document, counted in bytes that are
// looked at: a fraction of a second.
const maxWork = 40_000_000

// Validate looks at a document of the given kind and returns what it finds, in
// the order of the document, at most 1,000 findings. It returns nil for a
// document without fault. It is pure, and safe for concurrent use.
//
// Its time is bounded. Of a document made to be slow to judge, lists of actions
// and resources are judged in part; a document that is no policy has its error
// all the same.
//
// A kind that is none of policy's counts as policy.Identity.
func Validate(kind policy.Kind, document string) []Finding {
	if policy.Quota(kind) == 0 {
		kind = policy.Identity
	}
	v := validator{kind: kind, document: document}
	v.run()
	slices.SortStableFunc(v.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Locations[0].Start.Offset, b.Locations[0].Start.Offset), cmp.Compare(a.Type, b.Type))
	})
	return v.found
}

// validator walks one document.
type validator struct {
	kind      policy.Kind
	document  string
	variables bool // the version has policy variables
	found     []Finding
	work      int   // see spend
	lines     []int // where the document's lines begin; see position
}

// spend counts work, and reports whether there may be more of it. Once it has
// said no it always does.
func (v *validator) spend(n int) bool {
	v.work = min(v.work+n, 2*maxWork)
	return v.work <= maxWork
}

// value is a JSON value with the path that leads to it.
type value struct {
	policy.Syntax
	path string
}

func (v value) member(name string) value {
	return value{v.Member(name), strings.TrimPrefix(v.path+"."+name, ".")}
}

// exists reports whether the value is there at all.
func (v value) exists() bool { return v.Type() != 0 }

// members are the members of an object or the elements of an array.
func (v value) members() []value {
	items := v.Items()
	list := make([]value, len(items))
	for i, item := range items {
		if v.Type() == policy.JSONArray {
			list[i] = value{item, v.path + "[" + strconv.Itoa(i) + "]"}
		} else {
			list[i] = value{item, strings.TrimPrefix(v.path+"."+item.Name(), ".")}
		}
	}
	return list
}

// list is the elements of an array, or the value itself if it is there.
func (v value) list() []value {
	switch v.Type() {
	case 0:
		return nil
	case policy.JSONArray:
		return v.members()
	}
	return []value{v}
}

// strings are the strings of a string or a list of strings; other values are
// passed over.
func (v value) strings() []value {
	return slices.DeleteFunc(v.list(), func(v value) bool { return v.Type() != policy.JSONString })
}

// report notes a finding about a value.
func (v *validator) report(check id, at value, args ...any) {
	v.reportAll(check, []value{at}, args...)
}

// reportName notes a finding about the name that a value stands under.
func (v *validator) reportName(check id, at value, args ...any) {
	start, end := at.NameSpan(v.document)
	v.add(check, []Location{v.location(at.path, start, end)}, args...)
}

// reportAll notes a finding about several values, at least one.
func (v *validator) reportAll(check id, places []value, args ...any) {
	locations := make([]Location, len(places))
	for i, at := range places {
		start, end := at.Span()
		locations[i] = v.location(at.path, start, end)
	}
	v.add(check, locations, args...)
}

func (v *validator) add(check id, locations []Location, args ...any) {
	if len(v.found) == maxFindings {
		return
	}
	c := &checks[check]
	v.found = append(v.found, Finding{Type: c.kind, Code: c.code, Message: fmt.Sprintf(c.format, args...), Locations: locations})
}

func (v *validator) location(path string, start, end int) Location {
	return Location{Path: path, Start: v.position(start), End: v.position(end)}
}

// position looks its line up in a list that is made when first needed.
func (v *validator) position(offset int) Position {
	if v.lines == nil {
		v.lines = []int{0}
		for i := range len(v.document) {
			if v.document[i] == '\n' {
				v.lines = append(v.lines, i+1)
			}
		}
	}
	line, found := slices.BinarySearch(v.lines, offset)
	if !found {
		line--
	}
	return Position{Line: line + 1, Column: offset - v.lines[line] + 1, Offset: offset}
}

// hasError reports whether a finding of type ERROR was noted.
func (v *validator) hasError() bool {
	return slices.ContainsFunc(v.found, func(f Finding) bool { return f.Type == Error })
}
