package policy

// Syntax is one JSON value of a document with its place in the text, for tools
// that look at how a document is written. It is read-only and may be used
// concurrently. The zero value is a value that is not there.
type Syntax struct{ n *node }

// JSONType is the type of a JSON value. The zero value is that of the zero
// Syntax.
type JSONType uint8

// The types of JSON values.
const (
	_ JSONType = iota
	JSONNull
	JSONBoolean
	JSONNumber
	JSONString
	JSONArray
	JSONObject
)

var jsonTypes = [...]string{"", "null", "boolean", "number", "string", "array", "object"}

// String is the type's name in lower case, or "" for none.
func (t JSONType) String() string {
	if int(t) < len(jsonTypes) {
		return jsonTypes[t]
	}
	return ""
}

// ReadSyntax reads any JSON under the limits of Parse and with its strictness:
// no duplicate keys, no invalid UTF-8. Whether the document is a policy is not
// asked. The error is an *Error.
func ReadSyntax(document string) (Syntax, error) {
	root, jerr := readJSON(document)
	if jerr != nil {
		line, column := position(document, jerr.pos)
		return Syntax{}, &Error{Message: invalidJSON, Detail: jerr.detail, Line: line, Column: column}
	}
	return Syntax{&root}, nil
}

// Type is the value's type.
func (s Syntax) Type() JSONType {
	if s.n == nil {
		return 0
	}
	return JSONType(s.n.kind) + JSONNull
}

// Name is the key the value stands under in an object, or "".
func (s Syntax) Name() string {
	if s.n == nil {
		return ""
	}
	return s.n.name
}

// Text is a string decoded, or a number or boolean as it is written, else "".
func (s Syntax) Text() string {
	if s.n == nil {
		return ""
	}
	return s.n.text
}

// Items are the elements of an array or the members of an object, in order.
func (s Syntax) Items() []Syntax {
	if s.n == nil {
		return nil
	}
	list := make([]Syntax, len(s.n.items))
	for i := range list {
		list[i] = Syntax{&s.n.items[i]}
	}
	return list
}

// Member is the member of an object that has this name, exactly.
func (s Syntax) Member(name string) Syntax {
	if s.n == nil {
		return Syntax{}
	}
	return Syntax{s.n.member(name)}
}

// Span is where the value stands in the document: document[start:end].
func (s Syntax) Span() (start, end int) {
	if s.n == nil {
		return 0, 0
	}
	return int(s.n.pos), int(s.n.end)
}

// NameSpan is where the value's name stands, quotes included. It is meaningful
// for members of objects only.
func (s Syntax) NameSpan(document string) (start, end int) {
	if s.n == nil {
		return 0, 0
	}
	r := reader{text: document, pos: int(s.n.namePos)}
	if _, err := r.str(); err != nil {
		return int(s.n.namePos), int(s.n.namePos)
	}
	return int(s.n.namePos), r.pos
}

// Position turns an offset into a document into line and column, counted from 1.
// The column counts bytes.
func Position(document string, offset int) (line, column int) {
	return position(document, max(offset, 0))
}
