// Package sigv4 signs requests with AWS Signature Version 4 and verifies such
// signatures, as header, presigned URL and chunked body. It also verifies the
// presigned URLs of Signature Version 2, which boto3 still makes for custom S3
// endpoints.
//
// It owns the reading of what a request claims about its signature, the
// canonical forms, the derivation of keys, the rules of time, and the readers
// that check a body against its signature. It leaves to others who owns an
// access key, what a session token holds, and how an error looks on the wire:
// errors are sentinels or small types to be tried with errors.Is and errors.As.
// The package does no I/O of its own and never asks for the time.
//
// The one idea: reading and believing are two steps.
//
//	sig, err := sigv4.Parse(r)               // claims only, no cryptography
//	secret := lookUp(sig.AccessKeyID, sig.SessionToken)
//	err = sig.Verify(secret, keys, sigv4.VerifyOptions{Now: now, Body: body})
//	content, err := sig.Body(r.Body)         // S3: the payload, checked as it is read
//
// Nothing that Parse returns may be acted on before Verify has returned nil, and
// Body refuses to be called earlier. The request that was parsed must not be
// changed in between.
//
// Which rules apply follows from the service in the credential scope: "s3" has
// its own path, payload and time rules, and all other services share the
// general ones.
package sigv4
