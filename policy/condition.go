package policy

// condition is one operator with one key: the pairs under an operator, and the
// operators under Condition, must all hold.
//
// What the policy wrote is not kept twice: nameAt and labelAt are the places of
// the operator and of the key in the document, for those who want reasons.
type condition struct {
	operator        operator
	nameAt, labelAt int32
	key             span // in lower case
	values          seq  // of patterns or of operands, as the operator's family has it
}

// eval decides the condition for a request's context.
//
// A key that is missing, or has no values, satisfies negated operators, those
// with IfExists and ForAllValues, and no others. A negated operator is true
// when none of the policy's values matches.
func (p *Policy) eval(c *condition, ctx Context) outcome {
	found, _ := ctx.Lookup(p.text(c.key))
	op := c.operator
	if op.family == nullFamily {
		return p.matchValues(c, presence(found), ctx)
	}
	if op.quantifier != single && len(found) == 1 && found[0] == "" {
		found = nil
	}
	if len(found) == 0 {
		return is(op.ifExists || op.quantifier == forAllValues || op.negated && op.quantifier == single)
	}
	switch op.quantifier {
	case forAllValues:
		return p.all(c, found, ctx)
	case forAnyValue:
		return p.any(c, found, op.negated, ctx)
	}
	return negate(p.any(c, found, false, ctx), op.negated)
}

// presence is what Null compares with.
func presence(found []string) string {
	if len(found) == 0 {
		return "true"
	}
	return "false"
}

// all is ForAllValues: every value matches, or with a negated operator none.
func (p *Policy) all(c *condition, found []string, ctx Context) outcome {
	result := yes
	for _, v := range found {
		switch negate(p.matchValues(c, v, ctx), c.operator.negated) {
		case no:
			return no
		case bad:
			result = bad
		}
	}
	return result
}

// any reports whether some value matches, or with negated set does not.
func (p *Policy) any(c *condition, found []string, negated bool, ctx Context) outcome {
	result := no
	for _, v := range found {
		switch negate(p.matchValues(c, v, ctx), negated) {
		case yes:
			return yes
		case bad:
			result = bad
		}
	}
	return result
}

func negate(o outcome, negated bool) outcome {
	if !negated || o == bad {
		return o
	}
	return is(o == no)
}
