package policy_test

import (
	"errors"
	"fmt"
	"testing"

	"rolecall.dev/rolecall/policy"
)

func ExampleReadSyntax() {
	document := "{\"Statement\": {\n  \"Action\": [\"s3:Get*\", \"s3:List*\"]}}"
	root, err := policy.ReadSyntax(document)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, action := range root.Member("Statement").Member("Action").Items() {
		start, end := action.Span()
		line, column := policy.Position(document, start)
		fmt.Println(line, column, document[start:end], action.Text())
	}
	// Output:
	// 2 14 "s3:Get*" s3:Get*
	// 2 25 "s3:List*" s3:List*
}

func TestSyntaxOfNothing(t *testing.T) {
	t.Parallel()
	var s policy.Syntax
	if s = s.Member("Statement"); s.Type() != 0 || s.Text() != "" || s.Name() != "" || s.Items() != nil {
		t.Errorf("a member of nothing is %v %q %q %v", s.Type(), s.Text(), s.Name(), s.Items())
	}
	_, err := policy.ReadSyntax("{\n \"a\": ?}")
	var e *policy.Error
	if !errors.As(err, &e) || e.Line != 2 || e.Column != 7 {
		t.Errorf("ReadSyntax: %#v, want an error at 2:7", err)
	}
}

func TestSyntaxTypes(t *testing.T) {
	t.Parallel()
	document := `{"a": null, "b": true, "c": -1.5, "d\n": "x", "e": [], "f": {}}`
	root, err := policy.ReadSyntax(document)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"null", "boolean", "number", "string", "array", "object"}
	for i, n := range root.Items() {
		if got := n.Type().String(); got != want[i] {
			t.Errorf("type of %q is %q, want %q", n.Name(), got, want[i])
		}
	}
	if start, end := root.Items()[3].NameSpan(document); document[start:end] != `"d\n"` {
		t.Errorf("NameSpan is %q", document[start:end])
	}
}

func TestReadOperator(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ForAnyValue:StringNotLikeIfExists": "String any negated if-exists wild variables",
		"ForAllValues:ArnEquals":            "ARN all wild variables",
		"NumericLessThanEquals":             "Numeric -1",
		"DateGreaterThan":                   "Date 1",
		"Null":                              "Null",
	} {
		o, ok := policy.ReadOperator(name)
		got := o.Type().String()
		for word, set := range map[string]bool{"any": o.ForAny(), "all": o.ForAll()} {
			if set {
				got += " " + word
			}
		}
		for _, w := range []struct {
			word string
			set  bool
		}{{"negated", o.Negated()}, {"if-exists", o.IfExists()}, {"wild", o.Wild()}, {"variables", o.TakesVariables()}, {fmt.Sprint(o.Ordered()), o.Ordered() != 0}} {
			if w.set {
				got += " " + w.word
			}
		}
		if !ok || got != want {
			t.Errorf("ReadOperator(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "StringEqual", "ForAllValues:Null", "NullIfExists", "ForSomeValues:StringLike"} {
		if _, ok := policy.ReadOperator(name); ok {
			t.Errorf("ReadOperator(%q) is accepted", name)
		}
	}
	if o, _ := policy.ReadOperator("DateEquals"); !o.Reads("2026-01-02") || o.Reads("tomorrow") {
		t.Error("DateEquals does not tell a date from other text")
	}
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	for kind := policy.Identity; kind <= policy.Endpoint; kind++ {
		if policy.Quota(kind) < 2048 {
			t.Errorf("Quota(%v) = %d", kind, policy.Quota(kind))
		}
	}
	for kind, want := range map[policy.Kind]int{policy.Identity: 4, policy.Session: 6, policy.Resource: 7} {
		if got := policy.QuotaSize(kind, "{ \"é\" "); got != want {
			t.Errorf("QuotaSize(%v) = %d, want %d", kind, got, want)
		}
	}
}
