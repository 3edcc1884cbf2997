// Package bench owns the comparison of our policy package with others: the same
// policies and requests in each one's own language, run side by side so that
// only ratios count, never the machine. It is a module of its own, because one
// of the others is under a licence that must not reach our programs.
//
// The one idea: a Case is one policy with a request that it allows, and an
// Engine makes a Decider of it. Before anything is timed, every engine must
// decide the Case's requests alike.
package bench
