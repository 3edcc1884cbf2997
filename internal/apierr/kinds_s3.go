package apierr

// The codes of S3, with the statuses of "Error responses" in the Amazon S3 API
// reference: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
// Some share their code with a kind of STS and IAM and differ in status; such
// a kind has the prefix S3. Where code and status agree, the one kind serves
// all: AccessDenied, NotImplemented, ServiceUnavailable, SignatureDoesNotMatch.
var (
	AccessControlListNotSupported       = Kind{"AccessControlListNotSupported", 400, Sender}
	AccessForbidden                     = Kind{"AccessForbidden", 403, Sender}
	AuthorizationHeaderMalformed        = Kind{"AuthorizationHeaderMalformed", 400, Sender}
	AuthorizationQueryParametersError   = Kind{"AuthorizationQueryParametersError", 400, Sender}
	BadRequest                          = Kind{"BadRequest", 400, Sender}
	BadDigest                           = Kind{"BadDigest", 400, Sender}
	BucketAlreadyExists                 = Kind{"BucketAlreadyExists", 409, Sender}
	BucketAlreadyOwnedByYou             = Kind{"BucketAlreadyOwnedByYou", 409, Sender}
	BucketNotEmpty                      = Kind{"BucketNotEmpty", 409, Sender}
	EntityTooLarge                      = Kind{"EntityTooLarge", 400, Sender}
	EntityTooSmall                      = Kind{"EntityTooSmall", 400, Sender}
	IllegalLocationConstraint           = Kind{"IllegalLocationConstraintException", 400, Sender}
	IncompleteBody                      = Kind{"IncompleteBody", 400, Sender}
	InternalError                       = Kind{"InternalError", 500, Receiver}
	InvalidAccessKeyID                  = Kind{"InvalidAccessKeyId", 403, Sender}
	InvalidArgument                     = Kind{"InvalidArgument", 400, Sender}
	InvalidBucketACLWithObjectOwnership = Kind{"InvalidBucketAclWithObjectOwnership", 400, Sender}
	InvalidBucketName                   = Kind{"InvalidBucketName", 400, Sender}
	InvalidBucketState                  = Kind{"InvalidBucketState", 409, Sender}
	InvalidChunkSize                    = Kind{"InvalidChunkSizeError", 403, Sender}
	InvalidDigest                       = Kind{"InvalidDigest", 400, Sender}
	InvalidLocationConstraint           = Kind{"InvalidLocationConstraint", 400, Sender}
	InvalidObjectState                  = Kind{"InvalidObjectState", 403, Sender}
	InvalidPart                         = Kind{"InvalidPart", 400, Sender}
	InvalidPartNumber                   = Kind{"InvalidPartNumber", 416, Sender}
	InvalidPartOrder                    = Kind{"InvalidPartOrder", 400, Sender}
	InvalidRange                        = Kind{"InvalidRange", 416, Sender}
	InvalidRedirectLocation             = Kind{"InvalidRedirectLocation", 400, Sender}
	InvalidRequest                      = Kind{"InvalidRequest", 400, Sender}
	InvalidStorageClass                 = Kind{"InvalidStorageClass", 400, Sender}
	InvalidTag                          = Kind{"InvalidTag", 400, Sender}
	InvalidToken                        = Kind{"InvalidToken", 400, Sender}
	InvalidURI                          = Kind{"InvalidURI", 400, Sender}
	KeyTooLong                          = Kind{"KeyTooLongError", 400, Sender}
	MalformedPolicy                     = Kind{"MalformedPolicy", 400, Sender}
	MalformedPOSTRequest                = Kind{"MalformedPOSTRequest", 400, Sender}
	MalformedTrailer                    = Kind{"MalformedTrailerError", 400, Sender}
	MalformedXML                        = Kind{"MalformedXML", 400, Sender}
	MaxMessageLengthExceeded            = Kind{"MaxMessageLengthExceeded", 400, Sender}
	MetadataTooLarge                    = Kind{"MetadataTooLarge", 400, Sender}
	MethodNotAllowed                    = Kind{"MethodNotAllowed", 405, Sender}
	MissingContentLength                = Kind{"MissingContentLength", 411, Sender}
	MissingRequestBody                  = Kind{"MissingRequestBodyError", 400, Sender}
	MissingSecurityHeader               = Kind{"MissingSecurityHeader", 400, Sender}
	NoSuchBucket                        = Kind{"NoSuchBucket", 404, Sender}
	NoSuchBucketPolicy                  = Kind{"NoSuchBucketPolicy", 404, Sender}
	NoSuchKey                           = Kind{"NoSuchKey", 404, Sender}
	NoSuchTagSet                        = Kind{"NoSuchTagSet", 404, Sender}
	NoSuchUpload                        = Kind{"NoSuchUpload", 404, Sender}
	NoSuchVersion                       = Kind{"NoSuchVersion", 404, Sender}
	NotModified                         = Kind{"NotModified", 304, Sender}
	ObjectLockConfigurationNotFound     = Kind{"ObjectLockConfigurationNotFoundError", 404, Sender}
	OperationAborted                    = Kind{"OperationAborted", 409, Sender}
	PreconditionFailed                  = Kind{"PreconditionFailed", 412, Sender}
	RequestHeaderSectionTooLarge        = Kind{"RequestHeaderSectionTooLarge", 400, Sender}
	RequestTimeout                      = Kind{"RequestTimeout", 400, Sender}
	RequestTimeTooSkewed                = Kind{"RequestTimeTooSkewed", 403, Sender}
	S3ExpiredToken                      = Kind{"ExpiredToken", 400, Sender}
	SlowDown                            = Kind{"SlowDown", 503, Receiver}
	TooManyBuckets                      = Kind{"TooManyBuckets", 400, Sender}
	XAmzContentSHA256Mismatch           = Kind{"XAmzContentSHA256Mismatch", 400, Sender}
)

// UpstreamFailure is S3's InternalError with the status of a gateway whose
// upstream refused it: the caller can do nothing about it, the operator can.
var UpstreamFailure = Kind{"InternalError", 502, Receiver}

// KeyConflict is what a store that keeps keys as paths answers when one key
// would have to be a file and a directory at once. AWS has no such code.
var KeyConflict = Kind{"InvalidRequest", 409, Sender}
