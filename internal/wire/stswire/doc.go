// Package stswire owns the shapes and the operation table of the Security Token Service,
// all of them generated: see package wire for how they are read and written.
// What the operations do is left to their handlers.
package stswire
