// Package storetest owns the promises of a store as a test suite: Run tries
// them on whatever a constructor opens, so that the embedded member and a
// cluster elsewhere are held to the same ones. It also owns Faults, which makes
// a store fail on purpose for the tests of other packages.
//
// The suite uses the exported methods only; what concerns one kind of store
// (start, lock, crash) is tested beside it.
package storetest
