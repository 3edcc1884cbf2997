package wire

import (
	"slices"
	"strings"
)

// Protocol is how the requests of a service are spelled.
type Protocol uint8

// The protocols of the services that have models here.
const (
	Query  Protocol = iota // a form with Action and Version; answers in XML or JSON
	JSON11                 // X-Amz-Target and a JSON body; answers in JSON
)

// Service is the table of one service's model. It never changes.
type Service struct {
	// Name is the service in a signature's scope.
	Name string
	// Version is the API version: the parameter Version of the query protocol.
	Version  string
	Protocol Protocol
	// Namespace is the XML namespace of answers, "" for JSON services.
	Namespace string
	// Target is the part of X-Amz-Target before the dot, "" for query services.
	Target string
	// Operations and Errors are sorted by Name and Code.
	Operations []Operation
	Errors     []ErrorCode
}

// Operation is one operation of a model.
type Operation struct {
	Name string
	// Result is the element around the output of a query operation, "" for an
	// operation without output.
	Result string
	// Unsigned is true for operations that the model lets anybody call.
	Unsigned bool
	// Sensitive names the members of the input, at any depth, that the model
	// marks as sensitive, sorted: no log or record may show their values.
	Sensitive []string
	// New returns a zero value of the input: *AssumeRoleRequest and the like,
	// *Empty for an operation without input.
	New func() Input
}

// ErrorCode is an error of a model with its HTTP status. Sender is true if the
// caller is at fault.
type ErrorCode struct {
	Code   string
	Status int
	Sender bool
}

// Operation returns the operation with exactly this name.
func (s *Service) Operation(name string) (*Operation, bool) {
	i, ok := slices.BinarySearchFunc(s.Operations, name, func(op Operation, name string) int {
		return strings.Compare(op.Name, name)
	})
	if !ok {
		return nil, false
	}
	return &s.Operations[i], true
}

// Error returns the error with exactly this code.
func (s *Service) Error(code string) (ErrorCode, bool) {
	i, ok := slices.BinarySearchFunc(s.Errors, code, func(e ErrorCode, code string) int {
		return strings.Compare(e.Code, code)
	})
	if !ok {
		return ErrorCode{}, false
	}
	return s.Errors[i], true
}

// SplitTarget splits the header X-Amz-Target into the Target of a service and
// the name of an operation.
func SplitTarget(header string) (target, operation string, ok bool) {
	i := strings.LastIndexByte(header, '.')
	if i <= 0 || i == len(header)-1 {
		return "", "", false
	}
	return header[:i], header[i+1:], true
}
