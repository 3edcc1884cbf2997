package policy

import (
	"slices"
	"strings"
)

// index finds the few statements of a long policy that a request may concern.
// Statements hang under what their actions have in common with a request's
// action, and there under the literal start of their resources. What it leaves
// out cannot apply; what it yields is still looked at in full, and may be
// yielded twice.
//
//	{"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}  actions["s3:getobject"].starts["arn:aws:s3:::b/"]
//	{"Action": "s3:Get*", "Resource": "*"}                      services["s3"].others
//	{"NotAction": "s3:*", "Resource": "*"}                      others.others
type index struct {
	actions  map[string]*bucket
	services map[string]*bucket
	others   bucket
}

// bucket holds statements by the literal start of their resources.
type bucket struct {
	others  []int32
	starts  map[string][]int32
	lengths []int // of the keys of starts, each once, ascending
}

// minIndexed is how many statements make an index worth its memory.
const minIndexed = 17

func (p *Policy) buildIndex() *index {
	if len(p.statements) < minIndexed {
		return nil
	}
	x := &index{actions: map[string]*bucket{}, services: map[string]*bucket{}}
	for i := range p.statements {
		s := &p.statements[i]
		if s.notAction {
			x.others.add(p, int32(i))
			continue
		}
		for _, pat := range of(p.patterns, s.actions) {
			x.bucketFor(pat.class, p.text(pat.text)).add(p, int32(i))
		}
	}
	return x
}

func (x *index) bucketFor(c class, action string) *bucket {
	place, key := x.actions, action
	if c != matchLiteral {
		service, _, found := strings.Cut(action, ":")
		if c == matchAll || !found {
			return &x.others
		}
		place, key = x.services, service
	}
	b := place[key]
	if b == nil {
		b = &bucket{}
		place[key] = b
	}
	return b
}

func (b *bucket) add(p *Policy, i int32) {
	s := &p.statements[i]
	if s.notResource || s.unbound {
		b.others = appendOnce(b.others, i)
		return
	}
	for _, pat := range of(p.patterns, s.resources) {
		start := p.literalPrefix(&pat)
		if start == "" {
			b.others = appendOnce(b.others, i)
			continue
		}
		if b.starts == nil {
			b.starts = map[string][]int32{}
		}
		b.starts[start] = appendOnce(b.starts[start], i)
		if at, found := slices.BinarySearch(b.lengths, len(start)); !found {
			b.lengths = slices.Insert(b.lengths, at, len(start))
		}
	}
}

// appendOnce appends i unless it is already last.
func appendOnce(list []int32, i int32) []int32 {
	if n := len(list); n > 0 && list[n-1] == i {
		return list
	}
	return append(list, i)
}
