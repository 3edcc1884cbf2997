// Package store owns the state that outlives a process: versioned keys and
// values with compare-and-swap transactions, watch and expiry, on the etcd v3
// client API. It leaves to its callers what the keys are called and what the
// values mean, and knows nothing of accounts, requests or time.
//
// The one idea: the whole store has a single revision, a number that every
// transaction which changes something raises by one. A reader loads a snapshot
// at one revision, watches every change after it, and is then as current as the
// last revision that it has seen. Revision is the barrier: it tells how far a
// reader has to be in order to know everything that was acknowledged before the
// question was asked.
//
// # What a write guarantees
//
// When Commit returns nil, the transaction is on the disk of the member (of a
// majority of the members, when there are several), and no crash of the process
// or of the machine takes it back. When Commit returns ErrConflict, or an error
// that is not ErrUnavailable, nothing was written and nothing will be. When it
// returns ErrUnavailable the outcome is unknown: all of the transaction may
// have been written, or none of it, never a part; it may even be written a
// moment later. A caller that has to know reads the keys again; a caller that
// repeats the transaction with the same conditions gets ErrConflict if the
// first attempt went through.
//
// # The embedded member
//
// By default the store is one etcd member inside the process. It opens no
// listener of any kind: the client calls the member in process. Several members,
// or a cluster elsewhere, stand behind the same type (Open). The whole key space
// of such a cluster is ours: a cluster shared with another program would work,
// but every watch would carry the other program's changes too.
//
// If the disk under the write-ahead log fails (an input-output error or no
// space left), the embedded member ends the process: what it has acknowledged is
// safe, and it cannot promise anything more.
package store
