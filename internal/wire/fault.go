package wire

import "rolecall.dev/rolecall/internal/apierr"

// faultNamespace is the namespace of AWS's errors that belong to no service.
const faultNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09"

// AppendXMLError appends the error answer of a query service. The namespace is
// the service's, or "" if the request did not name one.
func AppendXMLError(b []byte, namespace string, err *apierr.Error, requestID string) []byte {
	if namespace == "" {
		namespace = faultNamespace
	}
	b = append(b, `<ErrorResponse xmlns="`...)
	b = appendXMLText(b, namespace)
	b = append(b, '"', '>')
	e := Encoder{buf: b, dialect: inXML}
	e.open("Error")
	e.String("Type", string(err.Fault))
	e.String("Code", err.Code)
	e.String("Message", err.Message)
	e.fields(err)
	e.close("Error")
	e.String("RequestId", requestID)
	e.close("ErrorResponse")
	return e.buf
}

// AppendQueryJSONError appends the error answer of a query service to a client
// that accepts application/json.
func AppendQueryJSONError(b []byte, err *apierr.Error, requestID string) []byte {
	e := Encoder{buf: append(b, '{'), dialect: inQueryJSON}
	e.openStruct("Error")
	e.String("Code", err.Code)
	e.String("Message", err.Message)
	e.String("Type", string(err.Fault))
	e.fields(err)
	e.closeStruct("Error")
	e.String("RequestId", requestID)
	return append(e.buf, '}')
}

// AppendJSONError appends the error answer of a JSON 1.1 service.
func AppendJSONError(b []byte, err *apierr.Error) []byte {
	e := Encoder{buf: append(b, '{'), dialect: inJSON}
	e.String("__type", err.Code)
	e.String("message", err.Message)
	e.fields(err)
	return append(e.buf, '}')
}

// AppendS3Error appends the error answer of S3: a bare Error without namespace
// ("REST error responses" in the S3 API reference).
func AppendS3Error(b []byte, err *apierr.Error, requestID, hostID string) []byte {
	e := Encoder{buf: append(b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"...), dialect: inXML}
	e.open("Error")
	e.String("Code", err.Code)
	e.String("Message", err.Message)
	e.fields(err)
	e.String("RequestId", requestID)
	e.String("HostId", hostID)
	e.close("Error")
	return e.buf
}

// fields writes the further elements of an error.
func (e *Encoder) fields(err *apierr.Error) {
	for _, f := range err.Fields {
		e.String(f.Name, f.Value)
	}
}
