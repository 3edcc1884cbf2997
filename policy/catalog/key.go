package catalog

import (
	"strings"

	"rolecall.dev/rolecall/arn"
)

// Key is a condition key.
type Key struct {
	// Name is the key as documented. It may have places for names, written
	// ${…} or <…>: "aws:ResourceTag/${TagKey}".
	Name string

	Type ValueType

	// Multi is set if the key can have several values in one request.
	Multi bool
}

// ValueType is the type of a condition key's values.
type ValueType uint8

// The types of values.
const (
	_ ValueType = iota
	String
	ARN
	Bool
	Numeric
	Date
	IPAddress
)

var valueTypes = [...]string{"", "String", "ARN", "Bool", "Numeric", "Date", "IPAddress"}

// String is the type as AWS writes it, or "" for none.
func (t ValueType) String() string {
	if int(t) < len(valueTypes) {
		return valueTypes[t]
	}
	return ""
}

// parseType reads "ArrayOfString", "Bool" and the like.
func parseType(text string) (t ValueType, multi bool) {
	text, multi = strings.CutPrefix(text, "ArrayOf")
	for i, name := range valueTypes {
		if name == text {
			t = ValueType(i)
		}
	}
	return t, multi
}

// Matches reports whether name, in any case, is the key, or an instance of it
// if it has places for names: such a place takes one byte or more.
func (k *Key) Matches(name string) bool {
	if !strings.ContainsAny(k.Name, "{<") {
		return strings.EqualFold(k.Name, name)
	}
	return arn.Wildcard(strings.ToLower(wildcards(k.Name)), strings.ToLower(name))
}

// wildcards turns the places for names into wildcards: "a/${B}" into "a/?*".
func wildcards(template string) string {
	var b strings.Builder
	for {
		start := strings.IndexAny(template, "$<")
		if start < 0 {
			b.WriteString(template)
			return b.String()
		}
		length := strings.IndexAny(template[start:], "}>")
		if length < 0 {
			b.WriteString(template)
			return b.String()
		}
		b.WriteString(template[:start])
		b.WriteString("?*")
		template = template[start+length+1:]
	}
}

// FindKey finds a condition key by its name in a policy, in any case:
// "aws:PrincipalTag/team", "s3:prefix", "saml:aud". It returns nil if there is
// none: keys of identity providers that AWS does not list by name
// ("idp.example.com:sub") are not in the catalog.
func FindKey(name string) *Key {
	prefix, _, found := strings.Cut(strings.ToLower(name), ":")
	if !found {
		return nil
	}
	if k := findIn(Global(), name); k != nil || prefix == globalPrefix {
		return k
	}
	if of := foreignPrefix(prefix); of != "" {
		prefix = of
	}
	if s := Lookup(prefix); s != nil {
		return findIn(s.Keys, name)
	}
	return findIn(Lookup("sts").Keys, name) // hosts of identity providers
}

func findIn(keys []Key, name string) *Key {
	for i := range keys {
		if keys[i].Matches(name) {
			return &keys[i]
		}
	}
	return nil
}

// IsKeyPrefix reports whether condition keys begin with this prefix, in lower
// case, though no service has it: "saml".
func IsKeyPrefix(prefix string) bool { return foreignPrefix(prefix) != "" }
