// Package embedded owns the default object store: versitygw's S3 front and its
// file backend, run in this process on a private unix socket. It leaves who may
// do what to the gateway in front of it; whoever can open the socket and knows
// the secret is trusted with every object.
//
// The idea needed to read it: the backend that versitygw ships is wrapped
// (backend), and the wrapper keeps three promises that the original does not
// make. Every change is on disk before it is acknowledged. Every path is
// absolute, so that the working directory of the process is left alone and two
// stores can live in one process. And an answer "completed" means that this
// upload was completed.
//
// Below Options.Dir:
//
//	objects/BUCKET/KEY       the objects; key segments are directories
//	objects/BUCKET/.sgwtmp/  parts of unfinished uploads, staged bodies
//	metadata/                attributes, only where extended attributes do not work
//	run/s3                   the socket, when this path is short enough
package embedded
