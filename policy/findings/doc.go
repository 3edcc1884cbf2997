// Package findings owns the advice on policies: what AWS's IAM Access Analyzer
// finds when it validates a document (errors, security warnings, warnings,
// suggestions), with its issue codes and its words, and with the place of each
// finding. It judges one document by itself. Whether a document is a policy at
// all is for package policy to say, and nothing here changes what it means.
//
// The one idea: every check is a row of one table, and the code that walks the
// document reports rows. A document that package policy refuses always has a
// finding of type ERROR.
//
// The checks are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html,
// without those that hold for AWS's own network only: regions by name, and
// private addresses, which are callers like any other here.
package findings
