package findings

import (
	"net/netip"
	"strconv"
	"strings"

	"rolecall.dev/rolecall/policy"
)

// conditionValues looks at what a condition compares with.
func (v *validator) conditionValues(c condition) {
	if c.key.Type() == policy.JSONArray && len(c.values) == 0 {
		v.emptyValues(c)
		return
	}
	for _, val := range c.values {
		switch val.Type() {
		case policy.JSONString, policy.JSONNumber, policy.JSONBoolean:
			if val.Type() != c.values[0].Type() {
				v.report(invalidConditionDataType, val)
			}
			if c.known {
				v.conditionValue(c, val)
			}
		default:
			v.report(dataTypeMismatch, val, policy.JSONString)
		}
	}
	if c.known {
		v.severalValues(c)
	}
}

func (v *validator) emptyValues(c condition) {
	name := c.operator.Name()
	check := emptyArrayCondition
	switch {
	case strings.HasPrefix(name, "ForAllValues:"):
		check = emptyArrayConditionForAllValues
	case strings.HasPrefix(name, "ForAnyValue:"):
		check = emptyArrayConditionForAnyValue
	case strings.HasSuffix(name, "IfExists"):
		check = emptyArrayConditionIfExists
	}
	v.report(check, c.key, c.key.Name())
}

// mismatches are the checks for values that an operator cannot read.
var mismatches = map[policy.OperatorType]id{
	policy.BoolOperator:      typeMismatchBoolean,
	policy.NullOperator:      typeMismatchBoolean,
	policy.DateOperator:      typeMismatchDate,
	policy.IPAddressOperator: typeMismatchIPRange,
	policy.NumericOperator:   typeMismatchNumber,
	policy.BinaryOperator:    typeMismatchString,
}

func (v *validator) conditionValue(c condition, val value) {
	text := val.Text()
	if strings.Contains(text, "${") {
		if c.op.TakesVariables() {
			v.placeholders(val)
		} else {
			v.report(invalidVariableForOperator, val)
			return
		}
	}
	if check, checked := mismatches[c.op.Type()]; checked && !c.op.Reads(text) {
		v.report(check, val, c.operator.Name())
		return
	}
	switch c.op.Type() {
	case policy.StringOperator:
		v.textValue(c, val)
	case policy.DateOperator:
		if strings.Trim(text, "0123456789") == "" && len(text) > len("YYYY") {
			v.report(invalidDateValue, val, text)
		}
	case policy.IPAddressOperator:
		if p, err := netip.ParsePrefix(text); err == nil && p != p.Masked() {
			v.report(improveIPRange, val, p.Masked())
		}
	}
}

// serviceKeys are the keys whose values are service principals.
var serviceKeys = map[string]bool{
	"iam:passedtoservice": true, "aws:principalservicename": true, "aws:principalservicenameslist": true,
	"aws:calledvia": true, "aws:calledviafirst": true, "aws:calledvialast": true,
}

func (v *validator) textValue(c condition, val value) {
	plain := withoutVariables(val.Text(), "")
	switch {
	case hasWildcard(plain) && !c.op.Wild():
		v.report(wildcardWithoutLikeOperator, val)
	case serviceKeys[strings.ToLower(c.key.Name())] && !hasWildcard(plain) && plain == val.Text() && !isServicePrincipal(plain):
		v.report(invalidServicePrincipalFormat, val, plain)
	}
}

// severalValues looks at lists where one value would do.
func (v *validator) severalValues(c condition) {
	if len(c.values) < 2 {
		return
	}
	switch c.op.Type() {
	case policy.BoolOperator, policy.NullOperator:
		v.report(invalidConditionMultipleBoolean, c.key, c.key.Name())
	case policy.NumericOperator:
		if which := extreme(c); which != "" {
			v.report(redundantConditionValueNum, c.key, c.key.Name(), which)
		}
	}
}

// extreme says which of several numbers decides alone, or "" if all count.
func extreme(c condition) string {
	for _, val := range c.values {
		if _, err := strconv.ParseFloat(val.Text(), 64); err != nil {
			return ""
		}
	}
	return map[int]string{-1: "greatest", 1: "least"}[c.op.Ordered()]
}
