package s3

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"

	"rolecall.dev/rolecall/internal/apierr"
)

// maxError is how much of an upstream's error is read.
const maxError = 64 << 10

// relayed holds the errors of an upstream that are the caller's business. All
// others become one of ours.
var relayed = kindsByCode(
	apierr.BadDigest, apierr.BucketAlreadyExists, apierr.BucketAlreadyOwnedByYou, apierr.BucketNotEmpty,
	apierr.EntityTooLarge, apierr.EntityTooSmall, apierr.IncompleteBody, apierr.InvalidArgument, apierr.InvalidBucketName,
	apierr.InvalidDigest, apierr.InvalidObjectState, apierr.InvalidPart, apierr.InvalidPartNumber, apierr.InvalidPartOrder,
	apierr.InvalidRange, apierr.InvalidRequest, apierr.InvalidStorageClass, apierr.InvalidTag, apierr.KeyTooLong,
	apierr.MalformedXML, apierr.MetadataTooLarge, apierr.MethodNotAllowed, apierr.NoSuchBucket, apierr.NoSuchKey,
	apierr.NoSuchTagSet, apierr.NoSuchUpload, apierr.NoSuchVersion, apierr.NotImplemented, apierr.OperationAborted,
	apierr.PreconditionFailed, apierr.SlowDown, apierr.ServiceUnavailable,
)

func kindsByCode(kinds ...apierr.Kind) map[string]apierr.Kind {
	m := make(map[string]apierr.Kind, len(kinds))
	for _, k := range kinds {
		m[k.Code] = k
	}
	return m
}

// pathConflicts are the embedded store's codes for keys that cannot stand
// beside each other in a file system.
var pathConflicts = map[string]string{
	"ObjectParentIsFile":        "This store keeps keys as paths: a part of this key before a '/' is itself an object.",
	"ExistingObjectIsDirectory": "This store keeps keys as paths: there are objects below this key followed by '/'.",
}

// refusal turns an upstream's error into one for the client and closes res.
// What the upstream calls unauthorized is a fault of this gateway.
func (u *Upstream) refusal(call Call, res *http.Response) error {
	defer res.Body.Close()
	var body struct {
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxError))
	if err == nil && len(raw) > 0 {
		err = xml.Unmarshal(raw, &body)
	}
	cause := fmt.Errorf("the object store answered %d %s", res.StatusCode, body.Code)
	if err != nil {
		cause = errors.Join(cause, err)
	}
	if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden {
		u.log.Error("the object store refuses the gateway's own credentials", "operation", call.Operation, "status", res.StatusCode, "code", body.Code)
		return apierr.UpstreamFailure.Wrap(cause, "The object store refused the gateway.")
	}
	if message, ok := pathConflicts[body.Code]; ok {
		return apierr.KeyConflict.Wrap(cause, "%s", message).With("Key", call.Key)
	}
	kind, ok := relayed[body.Code]
	if body.Code == "" {
		kind, ok = kindOfStatus(res.StatusCode, call.Key)
	}
	if ok {
		return call.named(kind.Wrap(cause, "%s", messageOf(kind, body.Message)))
	}
	u.log.Error("the object store failed", "operation", call.Operation, "status", res.StatusCode, "code", body.Code)
	switch {
	case res.StatusCode < 400: // a redirect: the operator has set another endpoint than the store's
		return apierr.UpstreamFailure.Wrap(cause, "The object store sent the gateway elsewhere.")
	case res.StatusCode < 500:
		return apierr.InvalidRequest.Wrap(cause, "The object store refused the request.")
	case res.StatusCode == http.StatusInsufficientStorage:
		return apierr.ServiceUnavailable.Wrap(cause, "Service is unable to handle request.")
	}
	return apierr.InternalError.Wrap(cause, "We encountered an internal error. Please try again.")
}

// kindOfStatus serves HEAD, whose errors have no body.
func kindOfStatus(status int, key string) (apierr.Kind, bool) {
	switch status {
	case http.StatusNotFound:
		if key == "" {
			return apierr.NoSuchBucket, true
		}
		return apierr.NoSuchKey, true
	case http.StatusBadRequest:
		return apierr.InvalidRequest, true
	case http.StatusMethodNotAllowed:
		return apierr.MethodNotAllowed, true
	case http.StatusPreconditionFailed:
		return apierr.PreconditionFailed, true
	case http.StatusRequestedRangeNotSatisfiable:
		return apierr.InvalidRange, true
	case http.StatusServiceUnavailable:
		return apierr.SlowDown, true
	}
	return apierr.Kind{}, false
}

// messageOf prefers AWS's words to the upstream's where there is only one way
// to say it.
func messageOf(kind apierr.Kind, upstream string) string {
	switch kind {
	case apierr.NoSuchKey:
		return "The specified key does not exist."
	case apierr.NoSuchBucket:
		return "The specified bucket does not exist"
	case apierr.NoSuchUpload:
		return "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
	case apierr.PreconditionFailed:
		return "At least one of the pre-conditions you specified did not hold"
	case apierr.InvalidRange:
		return "The requested range is not satisfiable"
	case apierr.BucketNotEmpty:
		return "The bucket you tried to delete is not empty"
	}
	if upstream == "" || len(upstream) > maxKey || !printable(upstream) {
		return kind.Code
	}
	return upstream
}

// named adds what the error is about, as the caller named it.
func (c Call) named(err *apierr.Error) *apierr.Error {
	switch err.Kind {
	case apierr.NoSuchKey, apierr.NoSuchVersion:
		return err.With("Key", c.Key)
	case apierr.NoSuchBucket, apierr.BucketNotEmpty, apierr.BucketAlreadyExists, apierr.BucketAlreadyOwnedByYou:
		return err.With("BucketName", c.Bucket)
	case apierr.NoSuchUpload:
		return err.With("UploadId", c.Query.Get("uploadId"))
	}
	return err
}
