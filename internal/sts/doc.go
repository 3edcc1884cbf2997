// Package sts owns sessions: it issues, opens and derives them, and holds the
// handlers of STS. It decides nothing: whether a caller may assume a role was
// settled by iam and policy before a handler runs.
//
// The one idea: a session is not stored. Everything it is stands in its token,
// sealed so that only a node with the keyset can make or read one; the secret
// access key is derived from the access key id and the session's id. Issuing
// writes nothing, and any node can verify what any other issued.
package sts
