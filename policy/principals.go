package policy

import (
	"encoding/json"
	"strings"
)

// PrincipalValue is one value under Principal or NotPrincipal.
type PrincipalValue struct {
	Kind  string // AWS, Service, Federated or CanonicalUser; a bare "*" is AWS
	Value string
}

// Principals lists the values under every Principal and NotPrincipal of p, in
// the document's order, so that the caller can check that they exist.
func Principals(p *Policy) []PrincipalValue {
	var list []PrincipalValue
	for i := range p.statements {
		set := p.statements[i].principals
		if set == nil {
			continue
		}
		for _, n := range set.names {
			list = append(list, PrincipalValue{Kind: principalKinds[n.class], Value: n.value})
		}
	}
	return list
}

// MapPrincipals rewrites the values under every Principal and NotPrincipal of
// document: f is given the kind (AWS, Service, Federated, CanonicalUser) and
// the value and returns what to put in its place. A bare "*" is left alone. All
// other bytes stay as they are, and so does a value that f returns unchanged.
//
// The document need not be a valid policy, only JSON: what does not look like a
// principal is passed over. The error is f's, or an *Error for what is not JSON.
func MapPrincipals(document string, f func(kind, value string) (string, error)) (string, error) {
	root, jerr := readJSON(document)
	if jerr != nil {
		line, column := position(document, jerr.pos)
		return "", &Error{Message: invalidJSON, Detail: jerr.detail, Line: line, Column: column}
	}
	w := rewriter{document: document, f: f}
	statements := root.member("Statement")
	if statements == nil {
		return document, nil
	}
	list := statements.items
	if statements.kind == objectNode {
		list = []node{*statements}
	}
	for i := range list {
		for j := range list[i].items {
			if n := &list[i].items[j]; n.name == "Principal" || n.name == "NotPrincipal" {
				if err := w.principal(n); err != nil {
					return "", err
				}
			}
		}
	}
	return w.finish(), nil
}

// rewriter copies a document, putting other strings in some places. Places come
// in the document's order.
type rewriter struct {
	document string
	f        func(kind, value string) (string, error)
	out      strings.Builder
	done     int32 // how much of document is copied
}

func (w *rewriter) principal(n *node) error {
	if n.kind != objectNode {
		return nil
	}
	for i := range n.items {
		kind := &n.items[i]
		list := kind.items
		if kind.kind == stringNode {
			list = []node{*kind}
		}
		for j := range list {
			if list[j].kind != stringNode {
				continue
			}
			value, err := w.f(kind.name, list[j].text)
			if err != nil {
				return err
			}
			w.put(&list[j], value)
		}
	}
	return nil
}

func (w *rewriter) put(n *node, value string) {
	if value == n.text {
		return
	}
	w.out.WriteString(w.document[w.done:n.pos])
	w.out.WriteString(quote(value))
	w.done = n.end
}

func (w *rewriter) finish() string {
	if w.done == 0 {
		return w.document
	}
	w.out.WriteString(w.document[w.done:])
	return w.out.String()
}

// quote writes s as a JSON string, with &, < and > as they are.
func quote(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}
