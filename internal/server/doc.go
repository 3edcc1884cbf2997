// Package server owns the assembly of one running server from its parts, in the
// order in which they depend on each other, and the order in which they stop. It
// has no behaviour of its own: what a request does is the gate's.
//
// The one idea: a start either ends with a server that is ready, or with one
// sentence that says what to change, and with everything stopped again.
//
// Below the data directory:
//
//	credentials   the administrator's, in the AWS shared format, 0600
//	master.key    seals what is secret in the store, unless it is given from outside
//	store/        etcd: accounts, policies, keys
//	objects/      the default S3 store
//	audit/        the record
package server
