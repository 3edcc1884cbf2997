package s3

import (
	"net/url"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
)

// Param is one query parameter, decoded. "?uploads" has an empty value.
type Param struct{ Name, Value string }

// Query is a query string, decoded once and in its order. No name stands twice.
type Query []Param

const (
	maxQuery  = 128 << 10
	maxParams = 1024
)

// parseQuery decodes a raw query string: "&" separates, ";" is an ordinary
// character, "+" is a space. Unlike url.ParseQuery it drops nothing: a broken
// escape is an InvalidURI, and a name that stands twice an InvalidArgument,
// because two readers of it could act on different values.
func parseQuery(raw string) (Query, error) {
	if len(raw) > maxQuery || strings.Count(raw, "&") >= maxParams {
		return nil, apierr.InvalidURI.New("The query string is too long.")
	}
	var q Query
	for rest := raw; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		n, err1 := url.QueryUnescape(name)
		v, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			return nil, apierr.InvalidURI.New("Couldn't parse the specified URI.")
		}
		if q.Has(n) {
			return nil, apierr.InvalidArgument.New("A query parameter stands more than once.")
		}
		q = append(q, Param{n, v})
	}
	return q, nil
}

// Get returns the value of name, or "".
func (q Query) Get(name string) string {
	for _, p := range q {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Has reports whether name is there, with a value or without.
func (q Query) Has(name string) bool {
	for _, p := range q {
		if p.Name == name {
			return true
		}
	}
	return false
}
