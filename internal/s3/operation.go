package s3

import "net/http"

// level is what a path names.
type level int

const (
	service level = iota
	bucket
	object
)

// route is one way to ask for an operation: a method on a level, with the one
// sub-resource that stands in the query. "" is no sub-resource.
type route struct {
	method string
	level  level
	sub    string
}

// operations holds every operation of S3's service model (API version
// 2006-03-01) that is told by method, level and sub-resource alone, and
// PostObject. What needs a second look is in Target.refine. Of two names for
// one route (GetBucketLifecycle and GetBucketLifecycleConfiguration) the newer stands here.
var operations = map[route]string{
	{http.MethodGet, service, ""}: "ListBuckets",

	{http.MethodGet, bucket, ""}:     "ListObjects",
	{http.MethodHead, bucket, ""}:    "HeadBucket",
	{http.MethodPut, bucket, ""}:     "CreateBucket",
	{http.MethodDelete, bucket, ""}:  "DeleteBucket",
	{http.MethodPost, bucket, ""}:    "PostObject",
	{http.MethodGet, object, ""}:     "GetObject",
	{http.MethodHead, object, ""}:    "HeadObject",
	{http.MethodPut, object, ""}:     "PutObject",
	{http.MethodDelete, object, ""}:  "DeleteObject",
	{http.MethodGet, object, "acl"}:  "GetObjectAcl",
	{http.MethodPut, object, "acl"}:  "PutObjectAcl",
	{http.MethodGet, bucket, "acl"}:  "GetBucketAcl",
	{http.MethodPut, bucket, "acl"}:  "PutBucketAcl",
	{http.MethodGet, bucket, "abac"}: "GetBucketAbac",
	{http.MethodPut, bucket, "abac"}: "PutBucketAbac",

	{http.MethodGet, bucket, "accelerate"}:               "GetBucketAccelerateConfiguration",
	{http.MethodPut, bucket, "accelerate"}:               "PutBucketAccelerateConfiguration",
	{http.MethodGet, bucket, "analytics"}:                "ListBucketAnalyticsConfigurations",
	{http.MethodPut, bucket, "analytics"}:                "PutBucketAnalyticsConfiguration",
	{http.MethodDelete, bucket, "analytics"}:             "DeleteBucketAnalyticsConfiguration",
	{http.MethodGet, bucket, "cors"}:                     "GetBucketCors",
	{http.MethodPut, bucket, "cors"}:                     "PutBucketCors",
	{http.MethodDelete, bucket, "cors"}:                  "DeleteBucketCors",
	{http.MethodPost, bucket, "delete"}:                  "DeleteObjects",
	{http.MethodGet, bucket, "encryption"}:               "GetBucketEncryption",
	{http.MethodPut, bucket, "encryption"}:               "PutBucketEncryption",
	{http.MethodDelete, bucket, "encryption"}:            "DeleteBucketEncryption",
	{http.MethodGet, bucket, "intelligent-tiering"}:      "ListBucketIntelligentTieringConfigurations",
	{http.MethodPut, bucket, "intelligent-tiering"}:      "PutBucketIntelligentTieringConfiguration",
	{http.MethodDelete, bucket, "intelligent-tiering"}:   "DeleteBucketIntelligentTieringConfiguration",
	{http.MethodGet, bucket, "inventory"}:                "ListBucketInventoryConfigurations",
	{http.MethodPut, bucket, "inventory"}:                "PutBucketInventoryConfiguration",
	{http.MethodDelete, bucket, "inventory"}:             "DeleteBucketInventoryConfiguration",
	{http.MethodGet, bucket, "lifecycle"}:                "GetBucketLifecycleConfiguration",
	{http.MethodPut, bucket, "lifecycle"}:                "PutBucketLifecycleConfiguration",
	{http.MethodDelete, bucket, "lifecycle"}:             "DeleteBucketLifecycle",
	{http.MethodGet, bucket, "location"}:                 "GetBucketLocation",
	{http.MethodGet, bucket, "logging"}:                  "GetBucketLogging",
	{http.MethodPut, bucket, "logging"}:                  "PutBucketLogging",
	{http.MethodGet, bucket, "metadataConfiguration"}:    "GetBucketMetadataConfiguration",
	{http.MethodPost, bucket, "metadataConfiguration"}:   "CreateBucketMetadataConfiguration",
	{http.MethodDelete, bucket, "metadataConfiguration"}: "DeleteBucketMetadataConfiguration",
	{http.MethodPut, bucket, "metadataAnnotationTable"}:  "UpdateBucketMetadataAnnotationTableConfiguration",
	{http.MethodPut, bucket, "metadataInventoryTable"}:   "UpdateBucketMetadataInventoryTableConfiguration",
	{http.MethodPut, bucket, "metadataJournalTable"}:     "UpdateBucketMetadataJournalTableConfiguration",
	{http.MethodGet, bucket, "metadataTable"}:            "GetBucketMetadataTableConfiguration",
	{http.MethodPost, bucket, "metadataTable"}:           "CreateBucketMetadataTableConfiguration",
	{http.MethodDelete, bucket, "metadataTable"}:         "DeleteBucketMetadataTableConfiguration",
	{http.MethodGet, bucket, "metrics"}:                  "ListBucketMetricsConfigurations",
	{http.MethodPut, bucket, "metrics"}:                  "PutBucketMetricsConfiguration",
	{http.MethodDelete, bucket, "metrics"}:               "DeleteBucketMetricsConfiguration",
	{http.MethodGet, bucket, "notification"}:             "GetBucketNotificationConfiguration",
	{http.MethodPut, bucket, "notification"}:             "PutBucketNotificationConfiguration",
	{http.MethodGet, bucket, "object-lock"}:              "GetObjectLockConfiguration",
	{http.MethodPut, bucket, "object-lock"}:              "PutObjectLockConfiguration",
	{http.MethodGet, bucket, "ownershipControls"}:        "GetBucketOwnershipControls",
	{http.MethodPut, bucket, "ownershipControls"}:        "PutBucketOwnershipControls",
	{http.MethodDelete, bucket, "ownershipControls"}:     "DeleteBucketOwnershipControls",
	{http.MethodGet, bucket, "policy"}:                   "GetBucketPolicy",
	{http.MethodPut, bucket, "policy"}:                   "PutBucketPolicy",
	{http.MethodDelete, bucket, "policy"}:                "DeleteBucketPolicy",
	{http.MethodGet, bucket, "policyStatus"}:             "GetBucketPolicyStatus",
	{http.MethodGet, bucket, "publicAccessBlock"}:        "GetPublicAccessBlock",
	{http.MethodPut, bucket, "publicAccessBlock"}:        "PutPublicAccessBlock",
	{http.MethodDelete, bucket, "publicAccessBlock"}:     "DeletePublicAccessBlock",
	{http.MethodGet, bucket, "replication"}:              "GetBucketReplication",
	{http.MethodPut, bucket, "replication"}:              "PutBucketReplication",
	{http.MethodDelete, bucket, "replication"}:           "DeleteBucketReplication",
	{http.MethodGet, bucket, "requestPayment"}:           "GetBucketRequestPayment",
	{http.MethodPut, bucket, "requestPayment"}:           "PutBucketRequestPayment",
	{http.MethodGet, bucket, "session"}:                  "CreateSession",
	{http.MethodGet, bucket, "tagging"}:                  "GetBucketTagging",
	{http.MethodPut, bucket, "tagging"}:                  "PutBucketTagging",
	{http.MethodDelete, bucket, "tagging"}:               "DeleteBucketTagging",
	{http.MethodGet, bucket, "uploads"}:                  "ListMultipartUploads",
	{http.MethodGet, bucket, "versioning"}:               "GetBucketVersioning",
	{http.MethodPut, bucket, "versioning"}:               "PutBucketVersioning",
	{http.MethodGet, bucket, "versions"}:                 "ListObjectVersions",
	{http.MethodGet, bucket, "website"}:                  "GetBucketWebsite",
	{http.MethodPut, bucket, "website"}:                  "PutBucketWebsite",
	{http.MethodDelete, bucket, "website"}:               "DeleteBucketWebsite",

	{http.MethodGet, object, "annotation"}:    "ListObjectAnnotations", // and GetObjectAnnotation
	{http.MethodPut, object, "annotation"}:    "PutObjectAnnotation",
	{http.MethodDelete, object, "annotation"}: "DeleteObjectAnnotation",

	{http.MethodGet, object, "attributes"}:   "GetObjectAttributes",
	{http.MethodPut, object, "encryption"}:   "UpdateObjectEncryption",
	{http.MethodGet, object, "legal-hold"}:   "GetObjectLegalHold",
	{http.MethodPut, object, "legal-hold"}:   "PutObjectLegalHold",
	{http.MethodPut, object, "renameObject"}: "RenameObject",
	{http.MethodPost, object, "restore"}:     "RestoreObject",
	{http.MethodGet, object, "retention"}:    "GetObjectRetention",
	{http.MethodPut, object, "retention"}:    "PutObjectRetention",
	{http.MethodPost, object, "select"}:      "SelectObjectContent",
	{http.MethodGet, object, "tagging"}:      "GetObjectTagging",
	{http.MethodPut, object, "tagging"}:      "PutObjectTagging",
	{http.MethodDelete, object, "tagging"}:   "DeleteObjectTagging",
	{http.MethodGet, object, "torrent"}:      "GetObjectTorrent",
	{http.MethodGet, object, "uploadId"}:     "ListParts",
	{http.MethodPut, object, "uploadId"}:     "UploadPart",
	{http.MethodPost, object, "uploadId"}:    "CompleteMultipartUpload",
	{http.MethodDelete, object, "uploadId"}:  "AbortMultipartUpload",
	{http.MethodPost, object, "uploads"}:     "CreateMultipartUpload",
}

// listing maps what lists all configurations of a kind to what gets the one
// that the parameter "id" names.
var listing = map[string]string{
	"ListBucketAnalyticsConfigurations":          "GetBucketAnalyticsConfiguration",
	"ListBucketIntelligentTieringConfigurations": "GetBucketIntelligentTieringConfiguration",
	"ListBucketInventoryConfigurations":          "GetBucketInventoryConfiguration",
	"ListBucketMetricsConfigurations":            "GetBucketMetricsConfiguration",
}

// subResource reports whether a query parameter chooses an operation. Such a
// parameter is never ignored: on a method or level where it chooses nothing the
// request is refused, so that DELETE /bucket/key?policy cannot become DeleteObject.
func subResource(name string) bool {
	switch name {
	case "abac", "accelerate", "acl", "analytics", "annotation", "attributes", "cors", "delete", "encryption", "intelligent-tiering",
		"inventory", "legal-hold", "lifecycle", "location", "logging", "metadataAnnotationTable", "metadataConfiguration", "metadataInventoryTable",
		"metadataJournalTable", "metadataTable", "metrics", "notification", "object-lock", "ownershipControls", "policy",
		"policyStatus", "publicAccessBlock", "renameObject", "replication", "requestPayment", "restore", "retention",
		"select", "session", "tagging", "torrent", "uploadId", "uploads", "versioning", "versions", "website":
		return true
	}
	return false
}
