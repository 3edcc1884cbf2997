package policy

import (
	"net/netip"
	"strings"
)

// operands are the values of a policy's conditions that are more than text.
type operands struct {
	numbers []decimal
	dates   []instant
	ranges  []netip.Prefix
}

// Bool and Null have no list of values: their seq holds which of the two satisfy
// in from.
const (
	onTrue  = 1
	onFalse = 2
)

// matchValues reports whether v satisfies one of the policy's values, or bad if
// v cannot be read.
func (p *Policy) matchValues(c *condition, v string, ctx Context) outcome {
	switch c.operator.family {
	case stringFamily, likeFamily, foldFamily:
		return p.matchTexts(of(p.patterns, c.values), v, ctx)
	case arnFamily:
		return p.matchNames(of(p.patterns, c.values), v, ctx)
	case binaryFamily:
		return p.matchBinaries(of(p.patterns, c.values), v)
	case numericFamily:
		return matchNumbers(of(p.operands.numbers, c.values), c.operator.relation, v)
	case dateFamily:
		return matchDates(of(p.operands.dates, c.values), c.operator.relation, v)
	case addressFamily:
		return matchRanges(of(p.operands.ranges, c.values), v)
	}
	return matchBool(c.values, v)
}

func (t *texts) matchTexts(list []pattern, v string, ctx Context) outcome {
	for i := range list {
		if t.match(&list[i], v, ctx) {
			return yes
		}
	}
	return no
}

func (t *texts) matchNames(list []pattern, v string, ctx Context) outcome {
	var parts arnParts
	ok := parts.split(v)
	for i := range list {
		if t.matchName(&list[i], v, &parts, ok, ctx) {
			return yes
		}
	}
	if !ok {
		return bad
	}
	return no
}

// matchBinaries compares base64 text, which on both sides encodes its bytes in
// the one proper way.
func (t *texts) matchBinaries(list []pattern, v string) outcome {
	for i := range list {
		if v == t.text(list[i].text) {
			return yes
		}
	}
	if !isBase64(v) {
		return bad
	}
	return no
}

func matchNumbers(list []decimal, r relation, v string) outcome {
	n, ok := parseDecimal(v)
	if !ok {
		return bad
	}
	for _, want := range list {
		if r.holds(n.compare(want)) {
			return yes
		}
	}
	return no
}

func matchDates(list []instant, r relation, v string) outcome {
	t, ok := parseInstant(v)
	if !ok {
		return bad
	}
	for _, want := range list {
		if r.holds(t.compare(want)) {
			return yes
		}
	}
	return no
}

// matchRanges looks for an address. One of the other family is in no range.
func matchRanges(list []netip.Prefix, v string) outcome {
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

func matchBool(s seq, v string) outcome {
	switch {
	case strings.EqualFold(v, "true"):
		return is(s.from&onTrue != 0)
	case strings.EqualFold(v, "false"):
		return is(s.from&onFalse != 0)
	}
	return bad
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
