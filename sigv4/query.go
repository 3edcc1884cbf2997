package sigv4

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// maxQuery bounds the raw query string, maxParams the number of its parameters.
const (
	maxQuery  = 128 << 10
	maxParams = 2048
)

// param is one name and value of a query string, decoded.
type param struct{ name, value string }

// ParseQuery decodes a raw query string exactly as signatures are computed over
// it, so that what a caller acts on is what was signed: parameters are separated
// by '&' alone (a ';' is an ordinary character), '+' is a space, empty pieces
// are skipped, and a broken escape is ErrMalformedQuery instead of a parameter
// that vanishes.
func ParseQuery(raw string) (url.Values, error) {
	params, err := parseQuery(raw)
	if err != nil {
		return nil, err
	}
	values := make(url.Values, len(params))
	for _, p := range params {
		values[p.name] = append(values[p.name], p.value)
	}
	return values, nil
}

func parseQuery(raw string) ([]param, error) {
	if raw == "" {
		return nil, nil
	}
	if len(raw) > maxQuery {
		return nil, fmt.Errorf("%w: query string", ErrTooLong)
	}
	n := strings.Count(raw, "&") + 1
	if n > maxParams {
		return nil, fmt.Errorf("%w: number of query parameters", ErrTooLong)
	}
	params := make([]param, 0, n)
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		name, value, _ := strings.Cut(piece, "=")
		var err error
		if name, err = unescape(name); err != nil {
			return nil, err
		}
		if value, err = unescape(value); err != nil {
			return nil, err
		}
		params = append(params, param{name, value})
	}
	return params, nil
}

func unescape(s string) (string, error) {
	if !strings.ContainsAny(s, "%+") {
		return s, nil
	}
	out, err := url.QueryUnescape(s)
	if err != nil {
		return "", ErrMalformedQuery
	}
	return out, nil
}

// find returns the one value of name; ok is false when it is absent.
func find(params []param, name string) (value string, ok bool, err error) {
	for _, p := range params {
		if p.name != name {
			continue
		}
		if ok {
			return "", true, fmt.Errorf("%w: %s", ErrDuplicateParameter, name)
		}
		value, ok = p.value, true
	}
	return value, ok, nil
}

// signatureParam is the one query parameter that no signature of version 4 covers.
const signatureParam = "X-Amz-Signature"

// appendCanonicalQuery appends the canonical query string: all parameters but
// X-Amz-Signature, encoded, sorted by encoded name and then by encoded value.
func appendCanonicalQuery(dst []byte, params []param) []byte {
	if len(params) == 0 {
		return dst
	}
	encoded := make([]param, 0, len(params))
	for _, p := range params {
		if p.name != signatureParam {
			encoded = append(encoded, param{escape(p.name), escape(p.value)})
		}
	}
	slices.SortFunc(encoded, func(a, b param) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))
	})
	for i, p := range encoded {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(dst, p.name...)
		dst = append(dst, '=')
		dst = append(dst, p.value...)
	}
	return dst
}
