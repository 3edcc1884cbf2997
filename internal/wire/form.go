package wire

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rolecall.dev/rolecall/internal/apierr"
)

// MaxParameters is how many parameters a form may have. The largest honest
// forms are policy simulations, with some hundreds.
const MaxParameters = 4096

// Param is one decoded parameter of a form.
type Param struct{ Name, Value string }

// Form is a decoded request of the query protocol: parameters in an order that
// keeps the parts of one list or structure together, elements of lists by
// their number. It is immutable and may be shared.
type Form struct{ params []Param }

// ParseForm decodes the parts of a request that carry parameters, usually the
// raw query and the body. The grammar is that of
// application/x-www-form-urlencoded with no liberties:
//
//	form  = [ pair *( "&" [ pair ] ) ]
//	pair  = name [ "=" value ]     ; "+" is a space, "%" takes two hex digits,
//	                               ; ";" is data like any other byte
//
// The result must be valid UTF-8 and no name may come twice, within a part or
// across parts: which of two values was authorized would be anybody's guess.
// Errors are MalformedQueryString for what cannot be read and
// InvalidQueryParameter for what is ambiguous or too much.
func ParseForm(parts ...string) (*Form, error) {
	n := len(parts)
	for _, part := range parts {
		n += strings.Count(part, "&")
	}
	if n > MaxParameters+len(parts) {
		return nil, apierr.InvalidQueryParameter.New("The request has more than %d parameters.", MaxParameters)
	}
	params := make([]Param, 0, n)
	for _, part := range parts {
		var err error
		if params, err = appendParams(params, part); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(params, func(a, b Param) int { return compareNames(a.Name, b.Name) })
	for i := 1; i < len(params); i++ {
		if params[i].Name == params[i-1].Name {
			return nil, apierr.InvalidQueryParameter.New("The parameter %s is present more than once.", clip(params[i].Name, maxName))
		}
	}
	return &Form{params}, nil
}

// Get returns the value of the parameter with exactly this name.
func (f *Form) Get(name string) (string, bool) {
	i, ok := slices.BinarySearchFunc(f.params, name, func(p Param, name string) int { return compareNames(p.Name, name) })
	if !ok {
		return "", false
	}
	return f.params[i].Value, true
}

// All returns a copy of the parameters in the form's order.
func (f *Form) All() []Param { return slices.Clone(f.params) }

func appendParams(params []Param, part string) ([]Param, error) {
	for part != "" {
		var pair string
		pair, part, _ = strings.Cut(part, "&")
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, ok := unescape(rawName)
		value, ok2 := unescape(rawValue)
		if !ok || !ok2 {
			return nil, apierr.MalformedQueryString.New("The query string contains a syntax error.")
		}
		if name == "" {
			return nil, apierr.MalformedQueryString.New("The query string contains a parameter without a name.")
		}
		params = append(params, Param{name, value})
	}
	return params, nil
}

// unescape decodes one name or value. It reports false for a percent sign
// without two hex digits and for what is not UTF-8.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, utf8.ValidString(s)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '+':
			b = append(b, ' ')
		case '%':
			if i+2 >= len(s) {
				return "", false
			}
			hi, lo := unhex[s[i+1]], unhex[s[i+2]]
			if hi|lo > 15 {
				return "", false
			}
			b = append(b, hi<<4|lo)
			i += 2
		default:
			b = append(b, c)
		}
	}
	return string(b), utf8.Valid(b)
}

// unhex holds the value of each hex digit and 255 for every other byte.
var unhex = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i := range byte(10) {
		t['0'+i] = i
	}
	for i := range byte(6) {
		t['a'+i], t['A'+i] = 10+i, 10+i
	}
	return t
}()

// compareNames orders parameter names by their segments (the parts between
// dots), numbers first and by value: Tags.member.2.Key before
// Tags.member.10.Key. It is a total order: only equal names compare as equal.
func compareNames(a, b string) int {
	for {
		i := 0
		for i < len(a) && i < len(b) && a[i] == b[i] && a[i] != '.' {
			i++
		}
		endA, endB := i == len(a) || a[i] == '.', i == len(b) || b[i] == '.'
		switch {
		case !endA || !endB:
			return compareSegments(a, b, i)
		case i == len(a) || i == len(b):
			return len(a) - len(b)
		}
		a, b = a[i+1:], b[i+1:]
	}
}

// compareSegments compares the first segments of a and b, which differ at i.
func compareSegments(a, b string, i int) int {
	if !startsWithDigit(a) && !startsWithDigit(b) {
		if i < len(a) && i < len(b) && a[i] != '.' && b[i] != '.' {
			return int(a[i]) - int(b[i])
		}
		return lengthOfSegment(a) - lengthOfSegment(b)
	}
	a, b = a[:lengthOfSegment(a)], b[:lengthOfSegment(b)]
	numA, numB := isDigits(a), isDigits(b)
	switch {
	case numA && numB && len(a) != len(b):
		return len(a) - len(b)
	case numA != numB && numA:
		return -1
	case numA != numB:
		return 1
	}
	return strings.Compare(a, b)
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func lengthOfSegment(s string) int {
	if i := strings.IndexByte(s, '.'); i >= 0 {
		return i
	}
	return len(s)
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// maxName is how much of a parameter's name a message repeats, in bytes.
const maxName = 128

// clip shortens what a message repeats of a request to at most so many bytes.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
