package policy

import "strings"

// conditions reads the Condition element:
//
//	{ operator: { key: value | [value, …], … }, … }
//
// where a value is a string, a number or a boolean.
func (p *parser) conditions(s *parts, out *statement) error {
	if s.condition == nil {
		return nil
	}
	if s.condition.kind != objectNode {
		return p.fail(int(s.condition.pos), syntax, "Condition is an object")
	}
	count := 0
	for i := range s.condition.items {
		count += len(s.condition.items[i].items)
	}
	out.conditions = make([]condition, 0, count)
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
			out.conditions = append(out.conditions, c)
		}
	}
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
	texts := make([]string, len(list))
	for i := range list {
		if k := list[i].kind; k != stringNode && k != numberNode && k != boolNode {
			return c, p.fail(int(list[i].pos), syntax, "a condition's value is a string, a number or a boolean")
		}
		texts[i] = list[i].text
		if vars {
			p.mention(list[i].text)
		}
	}
	c.values = compileValues(op, texts, vars)
	if c.values == nil {
		return c, p.fail(int(n.pos), legacyParsing, "a value that "+under.name+" cannot read")
	}
	return c, nil
}

// key notes a condition key and returns it in lower case; the policy keeps one
// copy of each.
func (p *parser) key(name string) string {
	low := strings.ToLower(name)
	if kept, ok := p.keys[low]; ok {
		return kept
	}
	if p.keys == nil {
		p.keys = make(map[string]string)
	}
	p.keys[low] = low
	return low
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
