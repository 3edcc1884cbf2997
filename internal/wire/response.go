package wire

// Content types of answers. AWS's query services answer with exactly text/xml;
// clients such as aws-iam-authenticator ask for the JSON form.
const (
	ContentTypeXML    = "text/xml"
	ContentTypeJSON   = "application/json"
	ContentTypeJSON11 = "application/x-amz-json-1.1"
)

// AppendXML appends the answer of a query operation:
//
//	<AssumeRoleResponse xmlns="..."><AssumeRoleResult>...</AssumeRoleResult>
//	<ResponseMetadata><RequestId>...</RequestId></ResponseMetadata></AssumeRoleResponse>
//
// out may be nil for an operation without output.
func (s *Service) AppendXML(b []byte, op *Operation, out Output, requestID string) []byte {
	b = append(b, '<')
	b = append(b, op.Name...)
	b = append(b, `Response xmlns="`...)
	b = appendXMLText(b, s.Namespace)
	b = append(b, '"', '>')
	e := Encoder{buf: b, dialect: inXML}
	e.result(op, out)
	e.open("ResponseMetadata")
	e.String("RequestId", requestID)
	e.close("ResponseMetadata")
	e.buf = append(e.buf, '<', '/')
	e.buf = append(e.buf, op.Name...)
	e.buf = append(e.buf, "Response>"...)
	return e.buf
}

// AppendQueryJSON appends the answer of a query operation to a client that
// accepts application/json:
//
//	{"AssumeRoleResponse":{"AssumeRoleResult":{...},"ResponseMetadata":{"RequestId":"..."}}}
//
// out may be nil for an operation without output.
func (s *Service) AppendQueryJSON(b []byte, op *Operation, out Output, requestID string) []byte {
	b = append(b, '{', '"')
	b = append(b, op.Name...)
	b = append(b, `Response":{`...)
	e := Encoder{buf: b, dialect: inQueryJSON}
	e.result(op, out)
	e.openStruct("ResponseMetadata")
	e.String("RequestId", requestID)
	e.closeStruct("ResponseMetadata")
	return append(e.buf, '}', '}')
}

// result writes the result element of an operation that has one.
func (e *Encoder) result(op *Operation, out Output) {
	if op.Result == "" {
		return
	}
	e.openStruct(op.Result)
	if out != nil {
		out.Encode(e)
	}
	e.closeStruct(op.Result)
}

// AppendJSON appends the answer of a JSON 1.1 operation. out may be nil for an
// operation without output, which answers with an empty object.
func AppendJSON(b []byte, out Output) []byte {
	e := Encoder{buf: append(b, '{'), dialect: inJSON}
	if out != nil {
		out.Encode(&e)
	}
	return append(e.buf, '}')
}
