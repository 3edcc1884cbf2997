package policy

import "strconv"

func (p *parser) principals(s *parts, out *statement) error {
	n := s.principal
	if s.notPrincipal != nil {
		n = s.notPrincipal
	}
	switch {
	case !p.kind.hasPrincipal() && n != nil:
		return p.fail(int(n.namePos), noPrincipal, "")
	case !p.kind.hasPrincipal():
		return nil
	case n == nil:
		return p.missing(s.element, "Principal", syntax)
	case s.principal != nil && s.notPrincipal != nil:
		return p.fail(int(s.notPrincipal.namePos), syntax, "a statement has Principal or NotPrincipal, not both")
	case s.notPrincipal != nil && p.kind == Trust:
		return p.fail(int(n.namePos), "Has prohibited field NotPrincipal", "")
	}
	out.principals = &principalSet{not: s.notPrincipal != nil}
	if err := p.principal(n, out.principals); err != nil {
		return err
	}
	if p.kind == RCP && !out.principals.isEveryone() {
		return p.fail(int(n.pos), organizations, "the Principal of a resource control policy is \"*\"")
	}
	return nil
}

func (s *principalSet) isEveryone() bool {
	return !s.not && len(s.names) == 1 && s.names[0].class == anyPrincipal
}

// principal reads "*" or an object of lists by kind.
func (p *parser) principal(n *node, out *principalSet) error {
	if n.kind == stringNode && n.text == "*" {
		out.names = []principalName{{class: anyPrincipal, name: "*", value: "*"}}
		return nil
	}
	if n.kind == stringNode {
		return p.failValue(*n, invalidPrincipal)
	}
	if n.kind != objectNode || len(n.items) == 0 {
		return p.fail(int(n.pos), syntax, n.name+" is \"*\" or an object")
	}
	for i := range n.items {
		kind := &n.items[i]
		list, err := p.strings(kind)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return p.fail(int(kind.pos), invalidPrincipal, "an empty list")
		}
		for _, v := range list {
			name, ok := classifyPrincipal(kind.name, v.text)
			if !ok {
				return p.failValue(v, invalidPrincipal+": "+strconv.Quote(kind.name)+":"+strconv.Quote(v.text))
			}
			out.names = append(out.names, name)
		}
	}
	return nil
}
