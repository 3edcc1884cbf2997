package iam

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"
)

// entity is what a table holds: a pointer to a record with a Name.
type entity interface{ name() *Name }

func (n *Name) name() *Name { return n }

// table is the entities of one sort in one account, by unique id and by name.
// Names differ by more than case (IAM User Guide, "IAM and AWS STS quotas");
// whoever inserts has made sure of it. It is guarded by index.mu.
type table[E entity] struct {
	byID   map[string]E
	byName map[string]E // lower-case name
	// sorted is the entities by name, nil when it has to be made again. Readers
	// make it, more than one of them at once perhaps, all with the same content.
	sorted atomic.Pointer[[]E]
}

func newTable[E entity]() *table[E] {
	return &table[E]{byID: map[string]E{}, byName: map[string]E{}}
}

// get returns the entity of exactly this name.
func (t *table[E]) get(name string) (e E, ok bool) {
	e, ok = t.byName[strings.ToLower(name)]
	if ok && e.name().Name != name {
		var none E
		return none, false
	}
	return e, ok
}

// taken reports whether a name is in use, in whatever case, by an entity other
// than the one with this id.
func (t *table[E]) taken(name, id string) bool {
	e, ok := t.byName[strings.ToLower(name)]
	return ok && e.name().ID != id
}

func (t *table[E]) put(e E) {
	t.remove(e.name().ID)
	t.byID[e.name().ID] = e
	t.byName[strings.ToLower(e.name().Name)] = e
}

func (t *table[E]) remove(id string) {
	t.sorted.Store(nil)
	old, ok := t.byID[id]
	if !ok {
		return
	}
	delete(t.byID, id)
	lower := strings.ToLower(old.name().Name)
	if holder, ok := t.byName[lower]; ok && holder.name().ID == id {
		delete(t.byName, lower)
	}
}

func (t *table[E]) len() int { return len(t.byID) }

// list returns all entities by name. The slice is not changed afterwards.
func (t *table[E]) list() []E {
	if sorted := t.sorted.Load(); sorted != nil {
		return *sorted
	}
	all := make([]E, 0, len(t.byID))
	for _, e := range t.byID {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b E) int { return cmp.Compare(a.name().Name, b.name().Name) })
	t.sorted.Store(&all)
	return all
}
