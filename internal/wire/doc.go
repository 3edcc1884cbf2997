// Package wire owns how requests and answers are spelled: the shapes of the
// service models, their constraints, and the codecs of AWS's query protocol,
// JSON 1.1, and the error forms of both and of S3. It knows nothing of HTTP,
// signatures or state: it turns bytes into typed values and back.
//
// The idea needed to read it: each shape has one generated method for each
// direction, and that method is told neither protocol. Decode walks a
// structure with a Decoder, which reads a form or a JSON document; Encode
// walks it with an Encoder, which writes XML or JSON.
//
//	form, err := wire.ParseForm(query, body)   // or a JSON body
//	op, ok := stswire.Service.Operation(action)
//	in := op.New()
//	err = form.Decode(in)                      // or wire.DecodeJSON(body, in)
//	...
//	b = stswire.Service.AppendXML(b, op, out, requestID)
//
// The shapes and operation tables are in stswire, iamwire, orgwire and
// rolecallwire, one package for each model in models. They are written by
// internal/generate and are current as long as its test passes.
//
// How members become fields: the name is the model's with its first letter in
// upper case. A required scalar is a plain value, an optional one a pointer,
// nil when absent; a boolean that the model does not box is a plain bool.
// Structures are pointers. Lists, maps and blobs are nil when absent. Members
// with the trait "sensitive" are Sensitive, which prints itself redacted.
// On output a required member is always written, and so is a list that is
// empty but not nil.
package wire

//go:generate go run ./internal/generate
