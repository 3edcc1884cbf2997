// Package clock owns the two times of the service. The real clock judges what
// others stamped: signatures, presigned URLs, certificates, records. The moved
// clock runs ahead of it by an offset that an administrator may advance, and
// decides session expiry and the time keys of policies, so that a test of expiry
// takes no waiting. The offset is kept in the store and only ever grows.
package clock
