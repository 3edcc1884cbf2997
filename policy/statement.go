package policy

// statement is one compiled statement. It applies to a request if all of its
// elements do.
type statement struct {
	deny        bool
	notAction   bool
	notResource bool
	actions     []actionPattern
	resources   []arnPattern  // empty: matches nothing, or everything if unbound
	unbound     bool          // a trust policy's statement, which has no Resource
	principals  *principalSet // nil for kinds without Principal
	conditions  []condition
	sid         string
	pos         int32 // in the document
}

// element is a part of a statement, in the order in which they are looked at.
type element uint8

const (
	actionElement element = iota
	resourceElement
	principalElement
	conditionElement
	noElement
)

// apply says by which of its names the statement means the caller, or 0 and
// the first element that failed. For statements without Principal the name is
// always ofSelf.
func (s *statement) apply(e *evaluation) (level, element) {
	if !s.matchesAction(e) {
		return 0, actionElement
	}
	if !s.matchesResource(e) {
		return 0, resourceElement
	}
	by := ofSelf
	if s.principals != nil {
		if by = s.principals.match(&e.req.Principal, s.deny, e.bounded); by == 0 {
			return 0, principalElement
		}
	}
	for i := range s.conditions {
		if !s.accepts(s.conditions[i].eval(e.ctx)) {
			return 0, conditionElement
		}
	}
	return by, noElement
}

// accepts turns a condition's outcome into whether the statement goes on to
// apply: what cannot be decided counts against the caller.
func (s *statement) accepts(o outcome) bool {
	return o == yes || o == bad && s.deny
}

func (s *statement) matchesAction(e *evaluation) bool {
	action := e.action()
	for i := range s.actions {
		if s.actions[i].match(action) {
			return !s.notAction
		}
	}
	return s.notAction
}

func (s *statement) matchesResource(e *evaluation) bool {
	if s.unbound {
		return true
	}
	for i := range s.resources {
		if s.resources[i].match(e.req.Resource, &e.parts, e.divided, e.ctx) {
			return !s.notResource
		}
	}
	return s.notResource
}
