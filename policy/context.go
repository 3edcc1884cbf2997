package policy

import (
	"slices"
	"strings"
)

// Context gives the values of condition keys. Lookup is called with the key in
// lower case; ok reports whether the request has the key at all, and a key may
// be there with no values. The values are not changed. Lookup is called once or
// more for each decision and should neither allocate nor block.
type Context interface {
	Lookup(key string) (values []string, ok bool)
}

// Values is a Context made of a few keys, sorted by name. The zero value has
// none. It may be read concurrently, but not while Set runs.
type Values struct {
	entries []entry
}

// fewKeys is up to how many keys looking at each beats halving.
const fewKeys = 32

type entry struct {
	key    string
	values []string
}

// MakeValues makes a Context of m, whose keys may be in any case. Of keys that
// differ by case only, one is kept. It keeps the slices in m.
func MakeValues(m map[string][]string) *Values {
	v := &Values{entries: make([]entry, 0, len(m))}
	for key, values := range m {
		v.Set(key, values...)
	}
	return v
}

// Set gives key, in any case, these values and forgets its former ones.
func (v *Values) Set(key string, values ...string) {
	key = strings.ToLower(key)
	i, found := v.find(key)
	if found {
		v.entries[i].values = values
		return
	}
	v.entries = slices.Insert(v.entries, i, entry{key, values})
}

// Lookup implements Context. The key is in lower case.
func (v *Values) Lookup(key string) ([]string, bool) {
	if v == nil {
		return nil, false
	}
	if len(v.entries) > fewKeys {
		if i, found := v.find(key); found {
			return v.entries[i].values, true
		}
		return nil, false
	}
	for i := range v.entries {
		if v.entries[i].key == key {
			return v.entries[i].values, true
		}
	}
	return nil, false
}

// All calls f for every key, in order, until f returns false. The keys are in
// lower case.
func (v *Values) All(f func(key string, values []string) bool) {
	for _, e := range v.entries {
		if !f(e.key, e.values) {
			return
		}
	}
}

func (v *Values) find(key string) (int, bool) {
	return slices.BinarySearchFunc(v.entries, key, func(e entry, key string) int {
		return strings.Compare(e.key, key)
	})
}
