// Package apierr owns the error value that a client sees: AWS's code, the HTTP
// status, whose fault it is, and the message. It leaves rendering to the
// gate and the wording to whoever knows the cause.
//
// The set of codes is one table of Kinds (kinds.go). A handler makes an error
// with Kind.New or Kind.Wrap and returns it; a caller tests for one with
// errors.Is(err, apierr.NoSuchEntity). What is wrapped stays inside: it is for
// the log, never for the wire.
package apierr
