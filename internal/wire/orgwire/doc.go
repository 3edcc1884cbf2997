// Package orgwire owns the shapes and the operation table of Organizations,
// all of them generated: see package wire for how they are read and written.
// What the operations do is left to their handlers.
package orgwire
