package policy

import "strings"

// family groups the condition operators that read their values the same way.
type family uint8

const (
	stringFamily family = iota
	likeFamily
	foldFamily
	numericFamily
	dateFamily
	boolFamily
	binaryFamily
	addressFamily
	arnFamily
	nullFamily
)

// relation is how a value must stand to the policy's value.
type relation uint8

const (
	equal relation = iota
	less
	lessOrEqual
	greater
	greaterOrEqual
)

// quantifier is the set operator before a condition operator.
type quantifier uint8

const (
	single quantifier = iota
	forAllValues
	forAnyValue
)

// operator is a condition operator taken apart: "ForAnyValue:StringNotLikeIfExists"
// is {likeFamily, negated, forAnyValue, ifExists}.
type operator struct {
	family     family
	relation   relation
	quantifier quantifier
	negated    bool
	ifExists   bool
}

// operators are the condition operators of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
var operators = map[string]operator{
	"StringEquals":              {family: stringFamily},
	"StringNotEquals":           {family: stringFamily, negated: true},
	"StringEqualsIgnoreCase":    {family: foldFamily},
	"StringNotEqualsIgnoreCase": {family: foldFamily, negated: true},
	"StringLike":                {family: likeFamily},
	"StringNotLike":             {family: likeFamily, negated: true},
	"NumericEquals":             {family: numericFamily},
	"NumericNotEquals":          {family: numericFamily, negated: true},
	"NumericLessThan":           {family: numericFamily, relation: less},
	"NumericLessThanEquals":     {family: numericFamily, relation: lessOrEqual},
	"NumericGreaterThan":        {family: numericFamily, relation: greater},
	"NumericGreaterThanEquals":  {family: numericFamily, relation: greaterOrEqual},
	"DateEquals":                {family: dateFamily},
	"DateNotEquals":             {family: dateFamily, negated: true},
	"DateLessThan":              {family: dateFamily, relation: less},
	"DateLessThanEquals":        {family: dateFamily, relation: lessOrEqual},
	"DateGreaterThan":           {family: dateFamily, relation: greater},
	"DateGreaterThanEquals":     {family: dateFamily, relation: greaterOrEqual},
	"Bool":                      {family: boolFamily},
	"BinaryEquals":              {family: binaryFamily},
	"IpAddress":                 {family: addressFamily},
	"NotIpAddress":              {family: addressFamily, negated: true},
	"ArnEquals":                 {family: arnFamily},
	"ArnNotEquals":              {family: arnFamily, negated: true},
	"ArnLike":                   {family: arnFamily},
	"ArnNotLike":                {family: arnFamily, negated: true},
	"Null":                      {family: nullFamily},
}

// parseOperator reads a condition operator with its set operator and IfExists.
// Null takes neither.
func parseOperator(name string) (operator, bool) {
	q := single
	if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		q, name = forAllValues, rest
	} else if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		q, name = forAnyValue, rest
	}
	name, ifExists := strings.CutSuffix(name, "IfExists")
	op, ok := operators[name]
	if !ok || op.family == nullFamily && (ifExists || q != single) {
		return operator{}, false
	}
	op.quantifier, op.ifExists = q, ifExists
	return op, true
}

// holds reports whether an order (negative, zero, positive) satisfies r.
func (r relation) holds(order int) bool {
	switch r {
	case less:
		return order < 0
	case lessOrEqual:
		return order <= 0
	case greater:
		return order > 0
	case greaterOrEqual:
		return order >= 0
	}
	return order == 0
}
