package s3

import (
	"encoding/xml"
	"time"
)

// Documents of answers. Those that an upstream sends are read into the same
// types and written again: owners and bucket names in them are then ours.

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// stamp is a time as S3 writes it: 2006-02-03T16:45:09.000Z.
type stamp time.Time

const stampLayout = "2006-01-02T15:04:05.000Z"

func (s stamp) MarshalText() ([]byte, error) {
	return time.Time(s).UTC().AppendFormat(nil, stampLayout), nil
}

func (s *stamp) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	*s = stamp(t)
	return err
}

// owner is the account that owns a bucket and everything in it. S3 knows it by
// a canonical user id.
type owner struct {
	ID          string
	DisplayName string `xml:",omitempty"`
}

// listBucketsResult answers ListBuckets.
type listBucketsResult struct {
	XMLName           xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Owner             owner
	Buckets           []bucketEntry `xml:"Buckets>Bucket"`
	ContinuationToken string        `xml:",omitempty"`
	Prefix            string        `xml:",omitempty"`
}

type bucketEntry struct {
	Name         string
	CreationDate stamp
	BucketRegion string `xml:",omitempty"`
	BucketARN    string `xml:"BucketArn"`
}

// locationResult answers GetBucketLocation; us-east-1 is the empty string.
type locationResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
	Region  string   `xml:",chardata"`
}

// listObjectsResult answers ListObjects and ListObjectsV2.
type listObjectsResult struct {
	XMLName        xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name           string
	Prefix         string
	Marker         *string `xml:",omitempty"` // V1 only
	NextMarker     string  `xml:",omitempty"`
	StartAfter     string  `xml:",omitempty"` // V2 only
	KeyCount       *int    `xml:",omitempty"` // V2 only
	MaxKeys        int
	Delimiter      string `xml:",omitempty"`
	EncodingType   string `xml:",omitempty"`
	IsTruncated    bool
	Continuation   string         `xml:"ContinuationToken,omitempty"`
	Next           string         `xml:"NextContinuationToken,omitempty"`
	Contents       []objectEntry  `xml:",omitempty"`
	CommonPrefixes []commonPrefix `xml:",omitempty"`
}

type objectEntry struct {
	Key               string
	LastModified      stamp
	ETag              string
	ChecksumAlgorithm []string `xml:",omitempty"`
	ChecksumType      string   `xml:",omitempty"`
	Size              int64
	Owner             *owner `xml:",omitempty"`
	StorageClass      string `xml:",omitempty"`
}

type commonPrefix struct{ Prefix string }

// setOwner makes every object's owner o, or takes the owners out if o is nil.
func (r *listObjectsResult) setOwner(o *owner) {
	for i := range r.Contents {
		r.Contents[i].Owner = o
	}
}

// initiateResult answers CreateMultipartUpload.
type initiateResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
	Bucket   string
	Key      string
	UploadID string `xml:"UploadId"`
}

// completeResult answers CompleteMultipartUpload. Location is this gateway's.
type completeResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
	Location string   `xml:",omitempty"`
	Bucket   string
	Key      string
	ETag     string
	checksums
	ChecksumType string `xml:",omitempty"`
}

// copyResult answers CopyObject, and UploadPartCopy under another name.
type copyResult struct {
	XMLName      xml.Name
	LastModified stamp
	ETag         string
	checksums
	ChecksumType string `xml:",omitempty"`
}

// names that copyResult is written under.
var (
	copyObjectName = xml.Name{Space: namespace, Local: "CopyObjectResult"}
	copyPartName   = xml.Name{Space: namespace, Local: "CopyPartResult"}
)

// listPartsResult answers ListParts.
type listPartsResult struct {
	XMLName              xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
	Bucket               string
	Key                  string
	UploadID             string `xml:"UploadId"`
	Initiator            *owner `xml:",omitempty"`
	Owner                *owner `xml:",omitempty"`
	StorageClass         string `xml:",omitempty"`
	PartNumberMarker     int
	NextPartNumberMarker int
	MaxParts             int
	IsTruncated          bool
	EncodingType         string `xml:",omitempty"`
	ChecksumAlgorithm    string `xml:",omitempty"`
	ChecksumType         string `xml:",omitempty"`
	Parts                []struct {
		PartNumber   int
		LastModified stamp
		ETag         string
		Size         int64
		checksums
	} `xml:"Part,omitempty"`
}

// listUploadsResult answers ListMultipartUploads.
type listUploadsResult struct {
	XMLName            xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
	Bucket             string
	KeyMarker          string
	UploadIDMarker     string `xml:"UploadIdMarker"`
	NextKeyMarker      string `xml:",omitempty"`
	NextUploadIDMarker string `xml:"NextUploadIdMarker,omitempty"`
	Prefix             string `xml:",omitempty"`
	Delimiter          string `xml:",omitempty"`
	EncodingType       string `xml:",omitempty"`
	MaxUploads         int
	IsTruncated        bool
	Uploads            []struct {
		Key          string
		UploadID     string `xml:"UploadId"`
		Initiator    *owner `xml:",omitempty"`
		Owner        *owner `xml:",omitempty"`
		StorageClass string `xml:",omitempty"`
		Initiated    stamp
	} `xml:"Upload,omitempty"`
	CommonPrefixes []commonPrefix `xml:",omitempty"`
}

// setOwner makes o the owner and initiator of every upload.
func (r *listUploadsResult) setOwner(o *owner) {
	for i := range r.Uploads {
		r.Uploads[i].Owner, r.Uploads[i].Initiator = o, o
	}
}

// deleteResult answers DeleteObjects.
type deleteResult struct {
	XMLName xml.Name        `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	Deleted []deletedObject `xml:",omitempty"`
	Errors  []deleteError   `xml:"Error,omitempty"`
}

type deletedObject struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
}

type deleteError struct {
	Key       string
	VersionID string `xml:"VersionId,omitempty"`
	Code      string
	Message   string
}

// encode writes a document as S3 does, with its declaration.
func encode(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), b...), nil
}
