// Package api owns the rows of STS, IAM, Organizations and our own service: for
// each operation the checks that must be allowed, and the handler that runs. The
// handlers live in sts, iam and clock; here is only what joins them to the gate.
//
// The one idea: a row names its action, resource and condition keys in one
// place, in the order of the Service Authorization Reference, so that the two
// can be read side by side.
package api
