package policy

import (
	"encoding/base64"
	"net/netip"
	"strings"
)

// textValues are the values of the String operators.
type textValues []pattern

func compileTexts(f family, texts []string, vars bool) values {
	list := make(textValues, 0, len(texts))
	for _, text := range texts {
		tokens, ok := tokenize(text, f == likeFamily, vars)
		if !ok {
			return nil
		}
		list = append(list, classify(tokens, f == foldFamily))
	}
	return list
}

func (list textValues) match(v string, ctx Context) outcome {
	for i := range list {
		if list[i].match(v, ctx) {
			return yes
		}
	}
	return no
}

// nameValues are the values of the Arn operators.
type nameValues []arnPattern

func compileNames(texts []string, vars bool) values {
	list := make(nameValues, 0, len(texts))
	for _, text := range texts {
		p, ok := compileARN(text, vars)
		if !ok {
			return nil
		}
		list = append(list, p)
	}
	return list
}

func (list nameValues) match(v string, ctx Context) outcome {
	parts, ok := splitARN(v)
	for i := range list {
		if list[i].match(v, &parts, ok, ctx) {
			return yes
		}
	}
	if !ok {
		return bad
	}
	return no
}

// numberValues are the values of the Numeric operators.
type numberValues struct {
	relation relation
	list     []decimal
}

func compileNumbers(r relation, texts []string) values {
	v := &numberValues{relation: r}
	for _, text := range texts {
		n, ok := parseDecimal(text)
		if !ok {
			return nil
		}
		v.list = append(v.list, n)
	}
	return v
}

func (values *numberValues) match(v string, _ Context) outcome {
	n, ok := parseDecimal(v)
	if !ok {
		return bad
	}
	for _, want := range values.list {
		if values.relation.holds(n.compare(want)) {
			return yes
		}
	}
	return no
}

// dateValues are the values of the Date operators.
type dateValues struct {
	relation relation
	list     []instant
}

func compileDates(r relation, texts []string) values {
	v := &dateValues{relation: r}
	for _, text := range texts {
		t, ok := parseInstant(text)
		if !ok {
			return nil
		}
		v.list = append(v.list, t)
	}
	return v
}

func (values *dateValues) match(v string, _ Context) outcome {
	t, ok := parseInstant(v)
	if !ok {
		return bad
	}
	for _, want := range values.list {
		if values.relation.holds(t.compare(want)) {
			return yes
		}
	}
	return no
}

// boolValues are the values of Bool and Null: which of the two satisfy.
type boolValues struct{ onTrue, onFalse bool }

func compileBools(texts []string) values {
	var v boolValues
	for _, text := range texts {
		switch {
		case strings.EqualFold(text, "true"):
			v.onTrue = true
		case strings.EqualFold(text, "false"):
			v.onFalse = true
		default:
			return nil
		}
	}
	return v
}

func (values boolValues) match(v string, _ Context) outcome {
	switch {
	case strings.EqualFold(v, "true"):
		return is(values.onTrue)
	case strings.EqualFold(v, "false"):
		return is(values.onFalse)
	}
	return bad
}

// binaryValues are the values of BinaryEquals, as the base64 text that encodes
// them in the one proper way.
type binaryValues []string

func compileBinaries(texts []string) values {
	list := make(binaryValues, 0, len(texts))
	for _, text := range texts {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil
		}
		list = append(list, base64.StdEncoding.EncodeToString(raw))
	}
	return list
}

func (list binaryValues) match(v string, _ Context) outcome {
	for _, want := range list {
		if v == want {
			return yes
		}
	}
	if !isBase64(v) {
		return bad
	}
	return no
}

// isBase64 reports whether s is padded standard base64 that encodes its bytes
// in the one proper way, so that comparing texts compares bytes.
func isBase64(s string) bool {
	body := strings.TrimRight(s, "=")
	padding := len(s) - len(body)
	if len(s)%4 != 0 || padding > 2 {
		return false
	}
	last := 0
	for i := range len(body) {
		if last = sextet(body[i]); last < 0 {
			return false
		}
	}
	return padding == 0 || last&(1<<(2*padding)-1) == 0
}

// sextet is the value of a base64 digit, or -1.
func sextet(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// addressValues are the values of IpAddress: address ranges. An address of the
// other family is in none of them.
type addressValues []netip.Prefix

func compileAddresses(texts []string) values {
	list := make(addressValues, 0, len(texts))
	for _, text := range texts {
		p, ok := parseRange(text)
		if !ok {
			return nil
		}
		list = append(list, p)
	}
	return list
}

func (list addressValues) match(v string, _ Context) outcome {
	a, ok := parseAddress(v)
	if !ok {
		return bad
	}
	for _, p := range list {
		if p.Contains(a) {
			return yes
		}
	}
	return no
}

// parseRange reads an address or a CIDR range, whose host bits are dropped.
func parseRange(text string) (netip.Prefix, bool) {
	if strings.IndexByte(text, '/') < 0 {
		a, ok := parseAddress(text)
		return netip.PrefixFrom(a, a.BitLen()), ok
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

// parseAddress reads an IPv4 or IPv6 address without a zone. An IPv4 address
// written as IPv6 (::ffff:192.0.2.1) is the IPv4 address.
func parseAddress(text string) (netip.Addr, bool) {
	if len(text) > 45 || strings.IndexByte(text, '%') >= 0 {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(text)
	return a.Unmap(), err == nil
}
