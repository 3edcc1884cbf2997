package apierr

import (
	"errors"
	"fmt"
)

// Fault says whose mistake an error is, in the words of the query protocol.
type Fault string

// The two faults that AWS knows.
const (
	Sender   Fault = "Sender"
	Receiver Fault = "Receiver"
)

// Kind is one AWS error code with the HTTP status and fault that belong to it.
// The zero Kind is not an error. Kinds are comparable and never change.
type Kind struct {
	Code   string
	Status int
	Fault  Fault
}

// Error makes a Kind usable as a target of errors.Is.
func (k Kind) Error() string { return k.Code }

// New returns an error of this kind with a message for the client.
func (k Kind) New(format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Wrap is New with a cause that only the log gets to see.
func (k Kind) Wrap(cause error, format string, args ...any) *Error {
	e := k.New(format, args...)
	e.Cause = cause
	return e
}

// Error is what a client sees (Kind, Message, Fields) and what the log sees
// besides (Cause). It is immutable once returned.
type Error struct {
	Kind
	Message string
	// Fields are further elements of the answer, in order: S3 names the
	// bucket or the key this way. Values must be safe to show to the caller.
	Fields []Field
	// Cause never leaves the process except into the log.
	Cause error
}

// Field is one further element of an error answer.
type Field struct{ Name, Value string }

// With returns a copy of e that carries one more field.
func (e *Error) With(name, value string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{name, value})
	return &c
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Code + ": " + e.Message + ": " + e.Cause.Error()
	}
	return e.Code + ": " + e.Message
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is the Kind of e.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// From returns the *Error in err's chain, or, for an error that is not one, an
// InternalFailure that tells the client nothing and keeps err for the log.
func From(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return InternalFailure.Wrap(err, "The request processing has failed because of an unknown error, exception or failure.")
}
