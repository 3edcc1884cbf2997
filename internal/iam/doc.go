// Package iam owns accounts and what is in them: users, groups, roles,
// policies, access keys and instance profiles; their index in memory; and the
// question every request ends in, which documents apply to this caller and
// what they decide. It leaves signatures to sigv4, sessions to sts, the
// language of documents to policy and bytes on disk to store.
//
// The one idea: everything is read from memory, and everything is validated
// there too. Each account has a head in the store; a change is worked out
// against the account as memory has it and committed on the condition that
// the head is still the one memory has. If another node was faster, memory
// catches up and the change is worked out again. So quotas, unique names and
// "still in use" are plain code over maps, and hold on every node.
package iam
