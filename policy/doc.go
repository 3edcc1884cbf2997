// Package policy owns the policy language of AWS Identity and Access
// Management: documents go in, a decision with its reasons comes out. It reads
// nothing and keeps nothing: which documents apply to a caller, and what is in
// the request's context, the current time too, are the caller's to say.
//
// The one idea: a document is parsed once into a compiled form that is never
// changed again, and a decision is one pass over the compiled statements that
// allocates nothing. Explaining a decision is a second pass over the same form,
// run only when somebody asks.
//
// Three outcomes are kept apart: somebody said no (ExplicitDeny), nobody said
// yes (ImplicitDeny), and Allow. The rules are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
// and the grammar is that of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
package policy
