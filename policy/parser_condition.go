package policy

import "strings"

// conditions reads the Condition element:
//
//	{ operator: { key: value | [value, …], … }, … }
//
// where a value is a string, a number or a boolean.
func (p *parser) readConditions(s *parts, out *statement) error {
	if s.condition == nil {
		return nil
	}
	if s.condition.kind != objectNode {
		return p.fail(int(s.condition.pos), syntax, "Condition is an object")
	}
	out.conditions.from = uint32(len(p.conditions))
	for i := range s.condition.items {
		n := &s.condition.items[i]
		op, ok := parseOperator(n.name)
		if !ok {
			return p.fail(int(n.namePos), syntax, "there is no condition operator "+n.name)
		}
		if n.kind != objectNode {
			return p.fail(int(n.pos), syntax, "a condition operator holds an object of keys")
		}
		for j := range n.items {
			c, err := p.condition(n, op, &n.items[j])
			if err != nil {
				return err
			}
			p.conditions = append(p.conditions, c)
		}
	}
	out.conditions.to = uint32(len(p.conditions))
	return nil
}

func (p *parser) condition(under *node, op operator, n *node) (condition, error) {
	c := condition{operator: op, nameAt: under.namePos, labelAt: n.namePos, key: p.key(n.name)}
	if n.name == "" {
		return c, p.fail(int(n.namePos), syntax, "a condition key has a name")
	}
	list := []node{*n}
	if n.kind == arrayNode {
		list = n.items
	}
	if len(list) == 0 {
		return c, p.fail(int(n.pos), syntax, "a condition has at least one value")
	}
	vars := p.vars && op.takesVariables()
	for i := range list {
		if k := list[i].kind; k != stringNode && k != numberNode && k != boolNode {
			return c, p.fail(int(list[i].pos), syntax, "a condition's value is a string, a number or a boolean")
		}
		if vars {
			p.mention(list[i].text)
		}
	}
	var ok bool
	if c.values, ok = p.values(op, list, vars); !ok {
		return c, p.fail(int(n.pos), legacyParsing, "a value that "+under.name+" cannot read")
	}
	return c, nil
}

// key notes a condition key and returns it in lower case.
func (p *parser) key(name string) span {
	s := p.add(strings.ToLower(name))
	if p.keys == nil {
		p.keys = make(map[span]bool)
	}
	p.keys[s] = true
	return s
}

// takesVariables reports whether the operator's values may hold policy
// variables.
func (op operator) takesVariables() bool {
	switch op.family {
	case stringFamily, likeFamily, foldFamily, arnFamily:
		return true
	}
	return false
}

// mention notes the keys of the variables in text.
func (p *parser) mention(text string) {
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			return
		}
		text = text[start+2:]
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return
		}
		if t, ok := parseVariable(text[:end]); ok && t.kind == variableToken {
			p.key(t.text)
		}
		text = text[end+1:]
	}
}
