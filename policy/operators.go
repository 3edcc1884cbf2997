package policy

// Operator is a condition operator taken apart, for tools that look at how a
// document is written.
type Operator struct{ op operator }

// OperatorType says what an Operator compares.
type OperatorType uint8

// The types of operators.
const (
	StringOperator OperatorType = iota
	NumericOperator
	DateOperator
	BoolOperator
	BinaryOperator
	IPAddressOperator
	ARNOperator
	NullOperator
)

var operatorTypes = [...]string{"String", "Numeric", "Date", "Bool", "Binary", "IPAddress", "ARN", "Null"}

// String is the type's name as AWS documents it.
func (t OperatorType) String() string {
	if int(t) < len(operatorTypes) {
		return operatorTypes[t]
	}
	return ""
}

// ReadOperator reads an operator's name, with its set operator and IfExists:
// "ForAnyValue:StringLikeIfExists". ok is false if there is no such operator.
func ReadOperator(name string) (o Operator, ok bool) {
	op, ok := parseOperator(name)
	return Operator{op}, ok
}

// familyTypes gives the type of each family.
var familyTypes = [...]OperatorType{
	stringFamily: StringOperator, likeFamily: StringOperator, foldFamily: StringOperator, numericFamily: NumericOperator, dateFamily: DateOperator,
	boolFamily: BoolOperator, binaryFamily: BinaryOperator, addressFamily: IPAddressOperator, arnFamily: ARNOperator, nullFamily: NullOperator,
}

// Type says what the operator compares.
func (o Operator) Type() OperatorType { return familyTypes[o.op.family] }

// ForAll reports whether ForAllValues: stands before the operator.
func (o Operator) ForAll() bool { return o.op.quantifier == forAllValues }

// ForAny reports whether ForAnyValue: stands before the operator.
func (o Operator) ForAny() bool { return o.op.quantifier == forAnyValue }

// IfExists reports whether the operator holds when the key is missing because
// of its ending.
func (o Operator) IfExists() bool { return o.op.ifExists }

// Negated reports whether the operator holds when no value matches.
func (o Operator) Negated() bool { return o.op.negated }

// Ordered is -1 for the "less than" operators, 1 for the "greater than" ones,
// and 0 for the others.
func (o Operator) Ordered() int {
	switch o.op.relation {
	case less, lessOrEqual:
		return -1
	case greater, greaterOrEqual:
		return 1
	}
	return 0
}

// Wild reports whether "*" and "?" in the operator's values are wildcards.
func (o Operator) Wild() bool { return o.op.family == likeFamily || o.op.family == arnFamily }

// TakesVariables reports whether ${…} in the operator's values is a policy
// variable, in documents of version 2012-10-17.
func (o Operator) TakesVariables() bool { return o.op.takesVariables() }

// Reads reports whether a document may give the operator this value, which is
// taken as it is: without variables.
func (o Operator) Reads(value string) bool {
	return o.op.reads(value)
}
