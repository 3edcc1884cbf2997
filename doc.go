// Package rolecall is the root of the module. It holds no code: the public
// packages are arn, policy and sigv4, and the program is cmd/rolecall. Its tests
// hold the rules of the whole tree: which package may import which
// (imports_test.go), and what every package must have (tree_test.go).
package rolecall
