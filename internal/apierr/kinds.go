package apierr

// The codes of STS and IAM, with the statuses of their service models and of
// the page "Common errors" in the IAM and STS API references.
var (
	AccessDenied                = Kind{"AccessDenied", 403, Sender}
	ConcurrentModification      = Kind{"ConcurrentModification", 409, Sender}
	DeleteConflict              = Kind{"DeleteConflict", 409, Sender}
	EntityAlreadyExists         = Kind{"EntityAlreadyExists", 409, Sender}
	ExpiredToken                = Kind{"ExpiredToken", 403, Sender}
	InternalFailure             = Kind{"InternalFailure", 500, Receiver}
	InvalidAction               = Kind{"InvalidAction", 400, Sender}
	InvalidClientTokenID        = Kind{"InvalidClientTokenId", 403, Sender}
	InvalidInput                = Kind{"InvalidInput", 400, Sender}
	InvalidParameterCombination = Kind{"InvalidParameterCombination", 400, Sender}
	InvalidParameterValue       = Kind{"InvalidParameterValue", 400, Sender}
	InvalidQueryParameter       = Kind{"InvalidQueryParameter", 400, Sender}
	IncompleteSignature         = Kind{"IncompleteSignature", 400, Sender}
	LimitExceeded               = Kind{"LimitExceeded", 409, Sender}
	MalformedInput              = Kind{"MalformedInput", 400, Sender}
	MalformedPolicyDocument     = Kind{"MalformedPolicyDocument", 400, Sender}
	MalformedQueryString        = Kind{"MalformedQueryString", 404, Sender}
	MissingAction               = Kind{"MissingAction", 400, Sender}
	MissingAuthenticationToken  = Kind{"MissingAuthenticationToken", 403, Sender}
	MissingParameter            = Kind{"MissingParameter", 400, Sender}
	NoSuchEntity                = Kind{"NoSuchEntity", 404, Sender}
	NotImplemented              = Kind{"NotImplemented", 501, Receiver}
	PackedPolicyTooLarge        = Kind{"PackedPolicyTooLarge", 400, Sender}
	PolicyNotAttachable         = Kind{"PolicyNotAttachable", 400, Sender}
	RequestEntityTooLarge       = Kind{"RequestEntityTooLarge", 413, Sender}
	ServiceUnavailable          = Kind{"ServiceUnavailable", 503, Receiver}
	SignatureDoesNotMatch       = Kind{"SignatureDoesNotMatch", 403, Sender}
	UnmodifiableEntity          = Kind{"UnmodifiableEntity", 400, Sender}
	ValidationError             = Kind{"ValidationError", 400, Sender}
)

// The codes of JSON services (Organizations and our own).
var (
	AccessDeniedException          = Kind{"AccessDeniedException", 400, Sender}
	AlreadyInOrganizationException = Kind{"AlreadyInOrganizationException", 400, Sender}
	AccountNotFoundException       = Kind{"AccountNotFoundException", 400, Sender}
	AWSOrganizationsNotInUse       = Kind{"AWSOrganizationsNotInUseException", 400, Sender}
	CreateAccountStatusNotFound    = Kind{"CreateAccountStatusNotFoundException", 400, Sender}
	ExpiredTokenException          = Kind{"ExpiredTokenException", 400, Sender}
	IncompleteSignatureException   = Kind{"IncompleteSignatureException", 400, Sender}
	InvalidInputException          = Kind{"InvalidInputException", 400, Sender}
	InvalidSignatureException      = Kind{"InvalidSignatureException", 400, Sender}
	SerializationException         = Kind{"SerializationException", 400, Sender}
	UnknownOperationException      = Kind{"UnknownOperationException", 400, Sender}
	UnrecognizedClientException    = Kind{"UnrecognizedClientException", 400, Sender}
	ValidationException            = Kind{"ValidationException", 400, Sender}

	MissingAuthenticationTokenException = Kind{"MissingAuthenticationTokenException", 400, Sender}
)
