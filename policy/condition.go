package policy

// condition is one operator with one key: the pairs under an operator, and the
// operators under Condition, must all hold.
//
// What the policy wrote is not kept twice: nameAt and labelAt are the places of
// the operator and of the key in the document, for those who want reasons.
type condition struct {
	operator        operator
	nameAt, labelAt int32
	key             string // in lower case
	values          values // the policy's values, compiled
}

// values is the right-hand side of a condition: it knows how its operator
// family reads text.
type values interface {
	// match reports whether v satisfies one of the policy's values, or bad if
	// v cannot be read.
	match(v string, ctx Context) outcome
}

// eval decides the condition for a request's context.
//
// A key that is missing, or has no values, satisfies negated operators, those
// with IfExists and ForAllValues, and no others. A negated operator is true
// when none of the policy's values matches.
func (c *condition) eval(ctx Context) outcome {
	found, _ := ctx.Lookup(c.key)
	op := c.operator
	if op.family == nullFamily {
		return c.values.match(presence(found), ctx)
	}
	if op.quantifier != single && len(found) == 1 && found[0] == "" {
		found = nil
	}
	if len(found) == 0 {
		return is(op.ifExists || op.quantifier == forAllValues || op.negated && op.quantifier == single)
	}
	switch op.quantifier {
	case forAllValues:
		return c.all(found, ctx)
	case forAnyValue:
		return c.any(found, op.negated, ctx)
	}
	return negate(c.any(found, false, ctx), op.negated)
}

// presence is what Null compares with.
func presence(found []string) string {
	if len(found) == 0 {
		return "true"
	}
	return "false"
}

// all is ForAllValues: every value matches, or with a negated operator none.
func (c *condition) all(found []string, ctx Context) outcome {
	result := yes
	for _, v := range found {
		switch negate(c.values.match(v, ctx), c.operator.negated) {
		case no:
			return no
		case bad:
			result = bad
		}
	}
	return result
}

// any reports whether some value matches, or with negated set does not.
func (c *condition) any(found []string, negated bool, ctx Context) outcome {
	result := no
	for _, v := range found {
		switch negate(c.values.match(v, ctx), negated) {
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

// compileValues compiles a condition's values for its operator. It returns nil
// if one of them cannot be read.
func compileValues(op operator, texts []string, vars bool) values {
	switch op.family {
	case stringFamily, likeFamily, foldFamily:
		return compileTexts(op.family, texts, vars)
	case arnFamily:
		return compileNames(texts, vars)
	case numericFamily:
		return compileNumbers(op.relation, texts)
	case dateFamily:
		return compileDates(op.relation, texts)
	case addressFamily:
		return compileAddresses(texts)
	case binaryFamily:
		return compileBinaries(texts)
	}
	return compileBools(texts)
}
