package policy

import (
	"encoding/base64"
	"strings"
)

// values compiles a condition's values for its operator, from the end of the
// list that they belong to. ok is false if one of them cannot be read.
func (p *parser) values(op operator, list []node, vars bool) (s seq, ok bool) {
	s.from = p.length(op.family)
	for i := range list {
		if !p.value(op.family, &list[i], vars, &s) {
			return s, false
		}
	}
	s.to = p.length(op.family)
	return s, true
}

// length is how long the list is that the values of a family belong to.
func (p *parser) length(f family) uint32 {
	n := 0
	switch f {
	case stringFamily, likeFamily, foldFamily, arnFamily, binaryFamily:
		n = len(p.patterns)
	case numericFamily:
		n = len(p.operands.numbers)
	case dateFamily:
		n = len(p.operands.dates)
	case addressFamily:
		n = len(p.operands.ranges)
	}
	return uint32(n)
}

func (p *parser) value(f family, v *node, vars bool, s *seq) (ok bool) {
	var pat pattern
	switch f {
	case stringFamily, likeFamily, foldFamily:
		pat, ok = p.pattern(v, f == likeFamily, vars, f == foldFamily)
		p.patterns = append(p.patterns, pat)
	case arnFamily:
		if pat, ok = p.name(v, vars); !ok && vars {
			pat, ok = p.nameInVariable(v.text)
		}
		p.patterns = append(p.patterns, pat)
	case binaryFamily:
		raw, err := base64.StdEncoding.DecodeString(v.text)
		p.patterns = append(p.patterns, pattern{class: matchLiteral, text: p.add(base64.StdEncoding.EncodeToString(raw))})
		return err == nil
	case numericFamily:
		n, readable := parseDecimal(v.text)
		p.operands.numbers = append(p.operands.numbers, n)
		return readable
	case dateFamily:
		t, readable := parseInstant(v.text)
		p.operands.dates = append(p.operands.dates, t)
		return readable
	case addressFamily:
		r, readable := parseRange(v.text)
		p.operands.ranges = append(p.operands.ranges, r)
		return readable
	case boolFamily, nullFamily:
		return s.addBool(v.text)
	}
	return ok
}

// addBool adds a value of Bool or Null.
func (s *seq) addBool(text string) bool {
	switch {
	case strings.EqualFold(text, "true"):
		s.from |= onTrue
	case strings.EqualFold(text, "false"):
		s.from |= onFalse
	default:
		return false
	}
	return true
}

// reads reports whether the operator can have this value, taken without
// variables.
func (op operator) reads(value string) bool {
	v := node{kind: stringNode, text: value, end: int32(len(value) + len(`""`))}
	_, ok := new(parser).values(op, []node{v}, false)
	return ok
}
