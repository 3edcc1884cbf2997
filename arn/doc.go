// Package arn owns names: Amazon Resource Names, account ids and the ARNs of
// IAM entities. It parses, prints and compares them, and knows nothing of
// what they stand for: whether an account or a role exists is for others.
//
// The one idea: an ARN is six parts divided by the first five colons,
//
//	arn:partition:service:region:account:resource
//
// and the resource, which may itself hold colons and slashes, is kept whole.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
package arn
