package policy

import (
	"cmp"
	"strings"
)

// decimal is a number kept as its digits, so that any two compare exactly.
// whole has no leading zeros and fraction no trailing ones.
type decimal struct {
	negative        bool
	whole, fraction string
}

// maxDigits bounds what is read as a number.
const maxDigits = 64

// parseDecimal reads [+-] digits [ "." digits ]. There are no exponents: the
// Numeric operators take integers and decimals only.
func parseDecimal(s string) (decimal, bool) {
	var n decimal
	if s == "" || len(s) > maxDigits {
		return n, false
	}
	if s[0] == '-' || s[0] == '+' {
		n.negative = s[0] == '-'
		s = s[1:]
	}
	whole, fraction, dotted := strings.Cut(s, ".")
	if !allDigits(whole) || dotted && !allDigits(fraction) {
		return n, false
	}
	n.whole = strings.TrimLeft(whole, "0")
	n.fraction = strings.TrimRight(fraction, "0")
	if n.whole == "" && n.fraction == "" {
		n.negative = false
	}
	return n, true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// compare is negative, zero or positive as n is less than, equal to or greater
// than m.
func (n decimal) compare(m decimal) int {
	if n.negative != m.negative {
		if n.negative {
			return -1
		}
		return 1
	}
	order := cmp.Or(
		cmp.Compare(len(n.whole), len(m.whole)),
		strings.Compare(n.whole, m.whole),
		strings.Compare(n.fraction, m.fraction),
	)
	if n.negative {
		return -order
	}
	return order
}
