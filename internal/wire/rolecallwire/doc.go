// Package rolecallwire owns the shapes and the operation table of Rolecall's own service,
// all of them generated: see package wire for how they are read and written.
// What the operations do is left to their handlers.
package rolecallwire
