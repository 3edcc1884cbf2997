// Package s3 owns what the gateway knows of S3: reading a request into a
// target and an operation, the rows of the operations with their actions,
// resources and condition keys, the records of buckets (who owns one, and its
// policy), the names that buckets and keys may have, the documents of requests
// and answers, and the upstream store that requests are rebuilt for. It leaves
// verifying signatures, deciding and recording to the gate, and keeping objects
// to the upstream (by default package embedded).
//
// The idea needed to read it: a request is decoded once. What was authorized
// is the decoded Input, and what is sent upstream is built from the same
// value, never from the bytes that came in. Two readings of one request are
// how authorization gets bypassed.
//
// The upstream knows nothing of owners and policies, and this package keeps
// nothing of objects. Where both sides change, at making and deleting a bucket,
// the upstream comes first and the record second, so that a crash in between
// leaves either an empty bucket that nobody can reach and a free name, or a
// bucket of its owner's that can be deleted or made again.
package s3
