// Package s3 owns what the gateway knows of S3: reading a request into a
// target and an operation, the names that buckets and keys may have, the
// documents of requests and answers, and the upstream store that requests are
// rebuilt for. It leaves verifying signatures, deciding and recording to the
// gate, and keeping objects to the upstream (by default package embedded).
//
// The idea needed to read it: a request is decoded once. What was authorized
// is the decoded Request, and what is sent upstream is built from the same
// value, never from the bytes that came in. Two readings of one request are
// how authorization gets bypassed.
package s3
