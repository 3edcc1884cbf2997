package policy

// PrincipalValue is one value under Principal or NotPrincipal.
type PrincipalValue struct {
	Kind  string // AWS, Service, Federated or CanonicalUser; "" for a bare "*"
	Value string
}

// Principals lists the values under every Principal and NotPrincipal of p, in
// the document's order, so that the caller can check that they exist.
func Principals(p *Policy) []PrincipalValue { return nil }

// MapPrincipals rewrites the values under every Principal and NotPrincipal of
// document: f is given the kind (AWS, Service, Federated, CanonicalUser) and
// the value and returns what to put in its place. A bare "*" is left alone. All
// other bytes stay as they are. The error is f's, or an *Error for a document
// that cannot be read.
func MapPrincipals(document string, f func(kind, value string) (string, error)) (string, error) {
	return document, nil
}
