package s3

import (
	"encoding/xml"
	"errors"

	"rolecall.dev/rolecall/internal/apierr"
)

// Documents of requests. Each is decoded with decodeDocument.

const (
	maxDeletes = 1000
	maxParts   = 10_000
)

// createBucketConfiguration is the optional body of CreateBucket.
type createBucketConfiguration struct {
	XMLName            xml.Name `xml:"CreateBucketConfiguration"`
	LocationConstraint string
	Tags               *struct{}
	Extra              extra `xml:",any"`
}

func (d *createBucketConfiguration) check() error {
	if d.Tags != nil {
		return apierr.NotImplemented.New("Tags at CreateBucket are not implemented.")
	}
	return d.Extra.check()
}

// deleteRequest is the body of DeleteObjects.
type deleteRequest struct {
	XMLName xml.Name       `xml:"Delete"`
	Objects []deleteObject `xml:"Object"`
	Quiet   bool
	Extra   extra `xml:",any"`
}

type deleteObject struct {
	Key       string
	VersionID string `xml:"VersionId"`
	// Conditions that would have to hold; a store that ignored them would
	// delete too much.
	ETag             *string
	LastModifiedTime *string
	Size             *string
	Extra            extra `xml:",any"`
}

// check leaves the keys to the KeyRule: one bad key is an error of its own in
// the answer, or of the request, as the row decides.
func (d *deleteRequest) check() error {
	if len(d.Objects) == 0 || len(d.Objects) > maxDeletes {
		return malformedXML(errors.New("not between 1 and 1000 objects"))
	}
	for _, o := range d.Objects {
		if err := o.Extra.check(); err != nil {
			return err
		}
		if o.Key == "" {
			return malformedXML(errors.New("an object without a key"))
		}
		if o.VersionID != "" && !validVersion(o.VersionID) {
			return invalidParam("versionId", "Invalid version id specified")
		}
		if o.ETag != nil || o.LastModifiedTime != nil || o.Size != nil {
			return apierr.NotImplemented.New("Conditions in DeleteObjects are not implemented.")
		}
	}
	return d.Extra.check()
}

// completeRequest is the body of CompleteMultipartUpload. It is sent upstream
// as it is encoded again, not as it came.
type completeRequest struct {
	XMLName xml.Name        `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUpload"`
	Parts   []completedPart `xml:"Part"`
}

type completedPart struct {
	PartNumber int
	ETag       string
	checksums
}

// checksums are those that parts and results may carry, base64.
type checksums struct {
	ChecksumCRC32     string `xml:",omitempty"`
	ChecksumCRC32C    string `xml:",omitempty"`
	ChecksumCRC64NVME string `xml:",omitempty"`
	ChecksumSHA1      string `xml:",omitempty"`
	ChecksumSHA256    string `xml:",omitempty"`
}

// completeBody is how completeRequest comes in: with any namespace, and with
// room for what does not belong.
type completeBody struct {
	XMLName xml.Name `xml:"CompleteMultipartUpload"`
	Parts   []struct {
		completedPart
		Extra extra `xml:",any"`
	} `xml:"Part"`
	Extra extra `xml:",any"`
}

func (d *completeBody) check() error {
	if len(d.Parts) == 0 || len(d.Parts) > maxParts {
		return malformedXML(errors.New("not between 1 and 10000 parts"))
	}
	last := 0
	for _, p := range d.Parts {
		if err := p.Extra.check(); err != nil {
			return err
		}
		if p.PartNumber < 1 || p.PartNumber > maxPart || p.ETag == "" {
			return malformedXML(errors.New("a part without a number or an ETag"))
		}
		if p.PartNumber <= last {
			return apierr.InvalidPartOrder.New("The list of parts was not in ascending order. The parts list must be specified in order by part number.")
		}
		last = p.PartNumber
	}
	return d.Extra.check()
}

// request returns what is sent upstream.
func (d *completeBody) request() completeRequest {
	r := completeRequest{Parts: make([]completedPart, len(d.Parts))}
	for i, p := range d.Parts {
		r.Parts[i] = p.completedPart
	}
	return r
}
