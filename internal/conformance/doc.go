// Package conformance owns the format of policy evaluation cases: JSON lines,
// each with a request, the policies that apply and the documented answer, as
// conformance/policy/README.md at the root describes it. It reads a file of
// cases and runs them against package policy. Where cases come from, and what to
// do about one that fails, is for others.
//
// The one idea: a case file that is not understood to the last key is refused,
// because a key that is skipped may hold what the case is about.
package conformance
