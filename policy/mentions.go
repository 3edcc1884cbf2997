package policy

import (
	"slices"
	"strings"
)

// Mentions reports whether some condition or policy variable names this
// condition key, in any case. What no policy mentions need not be fetched. A
// nil policy mentions nothing.
func (p *Policy) Mentions(key string) bool {
	if p == nil {
		return false
	}
	_, found := p.findKey(strings.ToLower(key))
	return found
}

// MentionsPrefix is Mentions for a family of keys: whether some key starts with
// prefix ("s3:ExistingObjectTag/"), in any case.
func (p *Policy) MentionsPrefix(prefix string) bool {
	if p == nil {
		return false
	}
	prefix = strings.ToLower(prefix)
	i, _ := p.findKey(prefix)
	return i < len(p.keys) && strings.HasPrefix(p.text(p.keys[i]), prefix)
}

func (p *Policy) findKey(key string) (int, bool) {
	return slices.BinarySearchFunc(p.keys, key, func(s span, key string) int {
		return strings.Compare(p.text(s), key)
	})
}

// Mentions reports whether one of the documents mentions the key.
func (d *Documents) Mentions(key string) bool {
	return d.some(func(p *Policy) bool { return p.Mentions(key) })
}

// MentionsPrefix reports whether one of the documents mentions a key that
// starts with prefix.
func (d *Documents) MentionsPrefix(prefix string) bool {
	return d.some(func(p *Policy) bool { return p.MentionsPrefix(prefix) })
}

// some reports whether f holds for one of the documents. It may call f with nil.
func (d *Documents) some(f func(*Policy) bool) bool {
	if f(d.Boundary) || f(d.Resource) || f(d.Endpoint) || slices.ContainsFunc(d.Identity, f) || slices.ContainsFunc(d.Session, f) {
		return true
	}
	level := func(policies []*Policy) bool { return slices.ContainsFunc(policies, f) }
	return slices.ContainsFunc(d.SCPs, level) || slices.ContainsFunc(d.RCPs, level)
}
