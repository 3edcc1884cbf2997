// Package gate owns the one road that every request takes, whatever its
// service: receive, route, authenticate, name, authorize, record, run, render.
// Each step has its file. It leaves what operations do to the rows it is given,
// and what is allowed to iam and policy.
//
// The one idea: an operation is a Row, and without a row there is no route. A row
// says which checks must be allowed and what runs then; the steps that must not
// be forgotten are the road's, so that no row can forget them.
//
//	ServeHTTP (server.go)
//	  receive       receive.go       limits, request id, client address
//	  route         route.go         which service
//	  authenticate  authenticate.go  who is calling
//	  name          name.go          which operation, decoded once
//	  authorize     authorize.go     every check of the row must be allowed
//	  record        record.go        intent before a change, outcome before an answer
//	  run           the row
//	  render        render.go        the only place that writes answers and errors
package gate
