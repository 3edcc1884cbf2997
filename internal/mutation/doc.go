// Package mutation is for tests: it owns breaking a rule on purpose and running
// the tests on what is left. A test that was never seen to fail proves nothing
// of a rule; one that fails without the rule does.
//
// The idea needed to read it: a list names, for each rule, a fragment of the
// source that is the rule, what takes its place, and the tests that must notice.
// The source itself is not touched: the go command is shown the broken file in
// place of the true one (go test -overlay). Check is cheap and keeps a list from
// going stale; Try takes seconds for each rule.
package mutation
