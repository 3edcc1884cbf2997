// Package seal owns the master key and what is encrypted under it at rest:
// long-term secrets and the keysets that seal session tokens. It leaves to its
// callers where sealed bytes are kept and which associated data binds them to
// their place.
//
// The one idea: whoever holds the database without the master key holds
// nothing. The key comes from a file that only its owner can read, or from
// outside. A check value, sealed at the first start and kept in the database,
// tells at every later start whether the key is the right one, before anything
// is written under a wrong one.
//
// The key is a Tink keyset with XAES-256-GCM keys in Tink's JSON form, so that
// tinkey can make and rotate it: every enabled key opens, the primary one seals.
// Nonces are random and 192 bits long; there is no limit on the number of values
// worth counting.
package seal
