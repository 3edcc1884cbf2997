package findings

import (
	"strings"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/catalog"
)

// condition is one operator with one key.
type condition struct {
	operator value // stands under the operator's name
	key      value // stands under the key's name
	op       policy.Operator
	known    bool // op is a condition operator
	values   []value
}

func readConditions(block value) []condition {
	if block.Type() != policy.JSONObject {
		return nil
	}
	var list []condition
	for _, operator := range block.members() {
		op, known := policy.ReadOperator(operator.Name())
		if operator.Type() != policy.JSONObject {
			continue
		}
		for _, key := range operator.members() {
			list = append(list, condition{operator, key, op, known, key.list()})
		}
	}
	return list
}

// hasKey reports whether the statement has a condition on one of the keys.
func (s *statement) hasKey(names ...string) bool {
	for _, c := range s.conditions {
		for _, name := range names {
			if strings.EqualFold(c.key.Name(), name) {
				return true
			}
		}
	}
	return false
}

// valuesOf are the values of the statement's conditions on these keys.
func (s *statement) valuesOf(names ...string) []value {
	var list []value
	for _, c := range s.conditions {
		for _, name := range names {
			if strings.EqualFold(c.key.Name(), name) {
				list = append(list, c.values...)
			}
		}
	}
	return list
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func (v *validator) conditions(s *statement) {
	block := s.member("Condition")
	if !block.exists() || !v.expect(block, policy.JSONObject) {
		return
	}
	if len(block.Items()) == 0 {
		v.report(emptyObjectCondition, block)
	}
	for _, operator := range block.members() {
		v.operator(operator)
	}
	for _, c := range s.conditions {
		v.conditionKey(c)
		v.conditionValues(c)
	}
}

func (v *validator) operator(operator value) {
	name := operator.Name()
	_, known := policy.ReadOperator(name)
	switch {
	case known:
	case name == "NullIfExists":
		v.reportName(nullWithIfExists, operator)
	case name == "ForAllValues:Null" || name == "ForAnyValue:Null":
		v.reportName(nullWithQualifier, operator)
	default:
		v.reportName(invalidConditionOperator, operator, name)
	}
	if !v.expect(operator, policy.JSONObject) {
		return
	}
	seen := map[string]bool{}
	for _, key := range operator.members() {
		low := strings.ToLower(key.Name())
		if seen[low] {
			v.reportName(duplicateKeysWithDifferentCase, key, key.Name())
		}
		seen[low] = true
	}
}

// conditionKey looks at a condition's key, and whether its operator suits it.
func (v *validator) conditionKey(c condition) {
	name := c.key.Name()
	prefix, rest, found := strings.Cut(name, ":")
	if !found || prefix == "" || rest == "" {
		v.reportName(invalidConditionKeyFormat, c.key)
		return
	}
	if isIdentityProvider(prefix) || strings.EqualFold(prefix, ownService) {
		return
	}
	key := catalog.FindKey(name)
	if key == nil {
		v.unknownKey(c, prefix)
		return
	}
	if c.known {
		v.suits(c, key)
	}
}

// isIdentityProvider reports whether the text before a key's first colon is a
// host: the keys of identity providers are what their tokens claim.
func isIdentityProvider(prefix string) bool { return strings.ContainsAny(prefix, "./") }

func (v *validator) unknownKey(c condition, prefix string) {
	name := c.key.Name()
	base := strings.TrimSuffix(name, "/")
	switch {
	case strings.EqualFold(name, "aws:ARN"):
		v.reportName(unsupportedGlobalConditionKey, c.key, name)
	case catalog.FindKey(base+"/x") != nil:
		v.reportName(missingTagKeyInCondition, c.key, base)
	case strings.EqualFold(prefix, "aws"):
		v.reportName(invalidGlobalConditionKey, c.key, name)
	case catalog.Lookup(prefix) == nil && !catalog.IsKeyPrefix(strings.ToLower(prefix)):
		v.reportName(invalidService, c.key, prefix)
	default:
		v.reportName(invalidServiceConditionKey, c.key, name, prefix)
	}
}

// suits looks at set operators and the operator's type.
func (v *validator) suits(c condition, key *catalog.Key) {
	name := c.key.Name()
	switch {
	case c.op.ForAll() && !key.Multi:
		v.reportName(forAllValuesWithSingleValuedKey, c.key, name)
	case key.Multi && !c.op.ForAll() && !c.op.ForAny() && c.op.Type() != policy.NullOperator:
		v.reportName(missingQualifier, c.key, name)
	}
	if !compares(c.op.Type(), key.Type) {
		v.reportName(typeMismatch, c.key, key.Type, c.operator.Name(), name)
	}
}

// compares reports whether operators of a type make sense of a key's values.
// ARNs are strings, too, and some keys that AWS calls strings hold ARNs; times
// can be numbers.
func compares(op policy.OperatorType, key catalog.ValueType) bool {
	switch op {
	case policy.NullOperator:
		return true
	case policy.StringOperator, policy.ARNOperator:
		return key == catalog.String || key == catalog.ARN
	case policy.NumericOperator:
		return key == catalog.Numeric || key == catalog.Date
	case policy.DateOperator:
		return key == catalog.Date
	case policy.BoolOperator:
		return key == catalog.Bool
	case policy.IPAddressOperator:
		return key == catalog.IPAddress
	}
	return key == catalog.String // binary data is written as text
}
