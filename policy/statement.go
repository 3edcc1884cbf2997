package policy

// statement is one compiled statement. It applies to a request if all of its
// elements do. Its lists are parts of those of its policy.
type statement struct {
	pos         int32 // in the document
	deny        bool
	notAction   bool
	notResource bool
	unbound     bool          // a trust policy's statement, which has no Resource
	actions     seq           // of patterns
	resources   seq           // of patterns; empty: matches nothing, or everything if unbound
	conditions  seq           // of conditions
	principals  *principalSet // nil for kinds without Principal
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

// apply says by which of its names a statement of p means the caller, or 0 and
// the first element that failed. For statements without Principal the name is
// always ofSelf.
func (p *Policy) apply(s *statement, e *evaluation) (level, element) {
	if !p.matchesAction(s, e) {
		return 0, actionElement
	}
	if !p.matchesResource(s, e) {
		return 0, resourceElement
	}
	by := ofSelf
	if s.principals != nil {
		if by = s.principals.match(&e.req.Principal, s.deny, e.bounded); by == 0 {
			return 0, principalElement
		}
	}
	conditions := of(p.conditions, s.conditions)
	for i := range conditions {
		if !s.accepts(p.eval(&conditions[i], e.ctx)) {
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

func (p *Policy) matchesAction(s *statement, e *evaluation) bool {
	action := e.action()
	actions := of(p.patterns, s.actions)
	for i := range actions {
		if p.matchAction(&actions[i], action) {
			return !s.notAction
		}
	}
	return s.notAction
}

func (p *Policy) matchesResource(s *statement, e *evaluation) bool {
	if s.unbound {
		return true
	}
	resources := of(p.patterns, s.resources)
	for i := range resources {
		if p.matchName(&resources[i], e.req.Resource, &e.parts, e.divided, e.ctx) {
			return !s.notResource
		}
	}
	return s.notResource
}
