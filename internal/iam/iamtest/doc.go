// Package iamtest owns a ready IAM on a throwaway store, for the tests of
// internal/iam and of the packages above it. What it makes is the real thing:
// an embedded store, its mirror, a sealer and a first account. It leaves to each
// test whatever else should be in that account.
//
// The one idea: a World is a store, and Node gives one more IAM over it, so that
// a test can ask what two nodes do to each other.
package iamtest
