package findings

// check is one row of the table: a code, its type and the form of its message.
type check struct {
	code   string
	kind   Type
	format string
}

// id names a row of the table.
type id int

const (
	jsonSyntaxError id = iota
	malformedPolicyDocument
	dataTypeMismatch
	invalidPolicyElement
	invalidVersion
	missingStatement
	missingEffect
	invalidEffect
	missingAction
	missingResource
	missingPrincipal
	unsupportedElementCombination
	uniqueSidsRequired
	unsupportedSid
	policySizeExceedsSCPQuota
	policySizeExceedsRCPQuota

	invalidAction
	invalidServiceInAction
	unsupportedActionInPolicy
	mismatchedActionForPrincipal

	invalidARNPrefix
	missingARNField
	invalidPartition
	invalidARNServiceCase
	invalidARNAccount
	arnAccountNotAllowed
	arnRegionNotAllowed
	missingARNRegion
	invalidARNResource
	unsupportedResourceARNInPolicy

	unsupportedPrincipal
	scpSyntaxErrorPrincipal
	invalidPrincipalFormat
	invalidPrincipalKey
	unsupportedWildcardInPrincipal
	invalidServicePrincipalFormat

	invalidConditionOperator
	nullWithIfExists
	duplicateKeysWithDifferentCase
	invalidConditionKeyFormat
	invalidGlobalConditionKey
	unsupportedGlobalConditionKey
	invalidServiceConditionKey
	invalidService
	missingTagKeyInCondition
	missingQualifier
	invalidConditionDataType
	invalidConditionMultipleBoolean

	invalidVariableForOperator
	variableUnsupportedInElement
	variableUnsupportedInVersion
	missingBraceInVariable
	emptyVariable
	unsupportedSpaceInVariable
	unsupportedSymbolInVariable
	missingQuoteInVariable

	allowWithNotPrincipal
	passRoleWithStarInResource
	passRoleWithStarInActionAndResource
	passRoleWithStarInResourceAndNotAction
	passRoleWithNotResource
	passRoleWithStarInActionAndNotResource
	passRoleWithNotActionAndNotResource
	forAllValuesWithSingleValuedKey
	denyWithUnsupportedTagKey
	denyNotActionWithUnsupportedTagKey
	restrictAccessToServicePrincipal
	missingConditionKeyForOIDCPrincipal
	missingGithubRepoConditionKey

	missingVersion
	createSLRWithStarInResource
	createSLRWithStarInActionAndResource
	createSLRWithStarInResourceAndNotAction
	createSLRWithNotResource
	createSLRWithStarInActionAndNotResource
	createSLRWithNotActionAndNotResource
	invalidDateValue
	invalidRoleReference
	invalidUserReference
	wildcardWithoutLikeOperator
	policySizeExceedsIdentityQuota
	policySizeExceedsResourceQuota
	typeMismatch
	typeMismatchBoolean
	typeMismatchDate
	typeMismatchIPRange
	typeMismatchNumber
	typeMismatchString
	missingActionForConditionKey
	specificGithubRepoRecommended
	mismatchedActionResource

	emptyArrayAction
	emptyArrayResource
	emptyArrayPrincipal
	emptyObjectPrincipal
	emptyObjectCondition
	emptyArrayCondition
	emptyArrayConditionForAllValues
	emptyArrayConditionForAnyValue
	emptyArrayConditionIfExists
	emptySidValue
	nullWithQualifier
	improveIPRange
	redundantAction
	redundantResource
	redundantStatement
	redundantConditionValueNum
	redundantPrincipalInTrust
	allowWithUnsupportedTagKey
	allowNotActionWithUnsupportedTagKey
	recommendedConditionKeyForServicePrincipal

	checkCount
)

// specifyARNs ends several messages.
const specifyARNs = " We recommend that you specify resource ARNs instead."

// checks is the table. Codes and messages are AWS's, except for two codes of
// our own: MALFORMED_POLICY_DOCUMENT, for what IAM refuses and no check of
// Access Analyzer names, and MISMATCHED_ACTION_RESOURCE.
var checks = [checkCount]check{
	jsonSyntaxError:               {"JSON_SYNTAX_ERROR", Error, "Fix the JSON syntax error at index %d line %d column %d: %s."},
	malformedPolicyDocument:       {"MALFORMED_POLICY_DOCUMENT", Error, "The document is refused: %s"},
	dataTypeMismatch:              {"DATA_TYPE_MISMATCH", Error, "The text does not match the expected JSON data type %s."},
	invalidPolicyElement:          {"INVALID_POLICY_ELEMENT", Error, "The policy element %s is not valid."},
	invalidVersion:                {"INVALID_VERSION", Error, "The version %s is not valid. Use one of the following versions: 2012-10-17, 2008-10-17"},
	missingStatement:              {"MISSING_STATEMENT", Error, "Add a statement to the policy."},
	missingEffect:                 {"MISSING_EFFECT", Error, "Add an Effect element to the policy statement with a value of Allow or Deny."},
	invalidEffect:                 {"INVALID_EFFECT", Error, "The effect %s is not valid. Use Allow or Deny."},
	missingAction:                 {"MISSING_ACTION", Error, "Add an Action or NotAction element to the policy statement."},
	missingResource:               {"MISSING_RESOURCE", Error, "Add a Resource or NotResource element to the policy statement."},
	missingPrincipal:              {"MISSING_PRINCIPAL", Error, "Add a Principal element to the policy statement."},
	unsupportedElementCombination: {"UNSUPPORTED_ELEMENT_COMBINATION", Error, "The policy elements %s and %s can not be used in the same statement. Remove one of these elements."},
	uniqueSidsRequired:            {"UNIQUE_SIDS_REQUIRED", Error, "Duplicate statement IDs are not supported for this policy type. Update the Sid value."},
	unsupportedSid:                {"UNSUPPORTED_SID", Error, "Update the characters in the Sid element to use one of the following character types: [a-z, A-Z, 0-9]"},
	policySizeExceedsSCPQuota:     {"POLICY_SIZE_EXCEEDS_SCP_QUOTA", Error, "The %d characters in the service control policy (SCP) exceed the %d character maximum for SCPs. We recommend that you use multiple granular policies."},
	policySizeExceedsRCPQuota:     {"POLICY_SIZE_EXCEEDS_RCP_QUOTA", Error, "The %d characters in the resource control policy (RCP) exceed the %d character maximum for RCPs. We recommend that you use multiple granular policies."},

	invalidAction:                {"INVALID_ACTION", Error, "The action %s does not exist.%s"},
	invalidServiceInAction:       {"INVALID_SERVICE_IN_ACTION", Error, "The service %s specified in the action does not exist.%s"},
	unsupportedActionInPolicy:    {"UNSUPPORTED_ACTION_IN_POLICY", Error, "The action %s is not supported for a role's trust policy."},
	mismatchedActionForPrincipal: {"MISMATCHED_ACTION_FOR_PRINCIPAL", Error, "The %s action is invalid with the following principal(s): %s. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action."},

	invalidARNPrefix:               {"INVALID_ARN_PREFIX", Error, "Add the required prefix (arn) to the resource ARN."},
	missingARNField:                {"MISSING_ARN_FIELD", Error, "Resource ARNs must include at least 6 fields in the following structure: arn:partition:service:region:account:resource"},
	invalidPartition:               {"INVALID_PARTITION", Error, "The resource ARN for the service %s does not support the partition %s. Use the supported values: aws, aws-cn, aws-us-gov"},
	invalidARNServiceCase:          {"INVALID_ARN_SERVICE_CASE", Error, "Update the service name %s in the resource ARN to use all lowercase letters."},
	invalidARNAccount:              {"INVALID_ARN_ACCOUNT", Error, "The resource ARN account ID %s is not valid. Provide a 12-digit account ID."},
	arnAccountNotAllowed:           {"ARN_ACCOUNT_NOT_ALLOWED", Error, "The service %s does not support specifying an account ID in the resource ARN."},
	arnRegionNotAllowed:            {"ARN_REGION_NOT_ALLOWED", Error, "The service %s does not support specifying a Region in the resource ARN."},
	missingARNRegion:               {"MISSING_ARN_REGION", Error, "Add a Region to the %s resource ARN."},
	invalidARNResource:             {"INVALID_ARN_RESOURCE", Error, "Resource ARN does not match the expected ARN format. Update the resource portion of the ARN."},
	unsupportedResourceARNInPolicy: {"UNSUPPORTED_RESOURCE_ARN_IN_POLICY", Error, "The resource ARN is not supported for a role's trust policy: the role is the resource."},

	unsupportedPrincipal:           {"UNSUPPORTED_PRINCIPAL", Error, "The policy type %s does not support the %s element. Remove the %[2]s element."},
	scpSyntaxErrorPrincipal:        {"SCP_SYNTAX_ERROR_PRINCIPAL", Error, "SCPs do not support specifying principals. Remove the Principal or NotPrincipal element."},
	invalidPrincipalFormat:         {"INVALID_PRINCIPAL_FORMAT", Error, "The Principal element contents are not valid. Specify a key-value pair in the Principal element."},
	invalidPrincipalKey:            {"INVALID_PRINCIPAL_KEY", Error, "The principal key %s is not valid."},
	unsupportedWildcardInPrincipal: {"UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Error, "Wildcards (*, ?) are not supported with the principal key %s. Replace the wildcard with a valid principal value."},
	invalidServicePrincipalFormat:  {"INVALID_SERVICE_PRINCIPAL_FORMAT", Error, "The service principal %s does not match the expected format. Use the format service-name.amazonaws.com."},

	invalidConditionOperator:        {"INVALID_CONDITION_OPERATOR", Error, "The condition operator %s is not valid. Use a valid condition operator."},
	nullWithIfExists:                {"NULL_WITH_IF_EXISTS", Error, "The Null condition operator cannot be used with the IfExists suffix. Update the operator or the suffix."},
	duplicateKeysWithDifferentCase:  {"DUPLICATE_KEYS_WITH_DIFFERENT_CASE", Error, "The condition key %s appears more than once with different capitalization in the same condition block. Remove the duplicate condition keys."},
	invalidConditionKeyFormat:       {"INVALID_CONDITION_KEY_FORMAT", Error, "The condition key format is not valid. Use the format service:keyname."},
	invalidGlobalConditionKey:       {"INVALID_GLOBAL_CONDITION_KEY", Error, "The condition key %s does not exist. Use a valid condition key."},
	unsupportedGlobalConditionKey:   {"UNSUPPORTED_GLOBAL_CONDITION_KEY", Error, "The condition key %s is not supported. Use aws:PrincipalArn or aws:SourceArn instead."},
	invalidServiceConditionKey:      {"INVALID_SERVICE_CONDITION_KEY", Error, "The condition key %s does not exist in the service %s. Use a valid condition key."},
	invalidService:                  {"INVALID_SERVICE", Error, "The service %s does not exist. Use a valid service name."},
	missingTagKeyInCondition:        {"MISSING_TAG_KEY_IN_CONDITION", Error, "The condition key %s must include a tag key to control access based on tags. Use the format %[1]s/tag-key and specify a key name for tag-key."},
	missingQualifier:                {"MISSING_QUALIFIER", Error, "The request context key %s has multiple values. Use the ForAllValues or ForAnyValue condition key qualifiers in your policy."},
	invalidConditionDataType:        {"INVALID_CONDITION_DATA_TYPE", Error, "The condition value data types do not match. Use condition values of the same JSON data type."},
	invalidConditionMultipleBoolean: {"INVALID_CONDITION_MULTIPLE_BOOLEAN", Error, "The condition key %s does not support multiple Boolean values. Use a single Boolean value."},

	invalidVariableForOperator:   {"INVALID_VARIABLE_FOR_OPERATOR", Error, "Policy variables can only be used with String and ARN operators."},
	variableUnsupportedInElement: {"VARIABLE_UNSUPPORTED_IN_ELEMENT", Error, "Policy variables are supported in the Resource and Condition elements. Remove the policy variable %s from this element."},
	variableUnsupportedInVersion: {"VARIABLE_UNSUPPORTED_IN_VERSION", Error, "To include variables in your policy, use the policy version 2012-10-17 or later."},
	missingBraceInVariable:       {"MISSING_BRACE_IN_VARIABLE", Error, "The policy variable is missing a closing curly brace. Add } after the variable text."},
	emptyVariable:                {"EMPTY_VARIABLE", Error, "Empty policy variable. Remove the ${ } variable structure or provide a variable within the structure."},
	unsupportedSpaceInVariable:   {"UNSUPPORTED_SPACE_IN_VARIABLE", Error, "A space is not supported within the policy variable text. Remove the space."},
	unsupportedSymbolInVariable:  {"UNSUPPORTED_SYMBOL_IN_VARIABLE", Error, "The symbol %s is not supported within the policy variable text. Remove the symbol."},
	missingQuoteInVariable:       {"MISSING_QUOTE_IN_VARIABLE", Error, "The policy variable default value must begin and end with a single quote. Add the missing quote."},

	allowWithNotPrincipal:                  {"ALLOW_WITH_NOT_PRINCIPAL", SecurityWarning, "Using Allow with NotPrincipal can be overly permissive. We recommend that you use Principal instead."},
	passRoleWithStarInResource:             {"PASS_ROLE_WITH_STAR_IN_RESOURCE", SecurityWarning, "Using the iam:PassRole action with wildcards (*) in the resource can be overly permissive because it allows iam:PassRole permissions on multiple resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement."},
	passRoleWithStarInActionAndResource:    {"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", SecurityWarning, "Using wildcards (*) in the action and the resource can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement."},
	passRoleWithStarInResourceAndNotAction: {"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", SecurityWarning, "Using a resource with wildcards (*) and NotAction can be overly permissive because it allows iam:PassRole permissions on all resources. We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement."},
	passRoleWithNotResource:                {"PASS_ROLE_WITH_NOT_RESOURCE", SecurityWarning, "Using the iam:PassRole action with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources." + specifyARNs},
	passRoleWithStarInActionAndNotResource: {"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", SecurityWarning, "Using an action with a wildcard(*) and NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources." + specifyARNs},
	passRoleWithNotActionAndNotResource:    {"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", SecurityWarning, "Using NotAction with NotResource can be overly permissive because it can allow iam:PassRole permissions on multiple resources." + specifyARNs},
	forAllValuesWithSingleValuedKey:        {"FORALLVALUES_WITH_SINGLE_VALUED_KEY", SecurityWarning, "Using ForAllValues qualifier with the single-valued condition key %s can be overly permissive. We recommend that you remove ForAllValues:."},
	denyWithUnsupportedTagKey:              {"DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", SecurityWarning, "Using the effect Deny with the tag condition key %s and actions for services with the following prefixes can be overly permissive: %s. Actions for the listed services are not denied by this statement. We recommend that you move these actions to a different statement without this condition key."},
	denyNotActionWithUnsupportedTagKey:     {"DENY_NOT_ACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", SecurityWarning, "Using the effect Deny with NotAction and the tag condition key %s can be overly permissive because some service actions are not denied by this statement. This is because the condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction."},
	restrictAccessToServicePrincipal:       {"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", SecurityWarning, "Granting access to the service principal %s without specifying a source is overly permissive. Use the aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths condition key to grant fine-grained access."},
	missingConditionKeyForOIDCPrincipal:    {"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", SecurityWarning, "Using the OIDC provider %s as a principal without a condition on its tokens can be overly permissive. Add a condition on the provider's aud or sub key."},
	missingGithubRepoConditionKey:          {"MISSING_GITHUB_REPO_CONDITION_KEY", SecurityWarning, "Any repository of GitHub can use this statement. Add a condition on token.actions.githubusercontent.com:sub that names an organization or a repository."},

	missingVersion:                          {"MISSING_VERSION", Warning, "We recommend that you specify the Version element to help you with debugging permission issues."},
	createSLRWithStarInResource:             {"CREATE_SLR_WITH_STAR_IN_RESOURCE", Warning, "Using the iam:CreateServiceLinkedRole action with wildcards (*) in the resource can allow creation of unintended service-linked roles." + specifyARNs},
	createSLRWithStarInActionAndResource:    {"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", Warning, "Using wildcards (*) in the action and the resource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources." + specifyARNs},
	createSLRWithStarInResourceAndNotAction: {"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Warning, "Using a resource with wildcards (*) and NotAction can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on all resources." + specifyARNs},
	createSLRWithNotResource:                {"CREATE_SLR_WITH_NOT_RESOURCE", Warning, "Using the iam:CreateServiceLinkedRole action with NotResource can allow creation of unintended service-linked roles for multiple resources." + specifyARNs},
	createSLRWithStarInActionAndNotResource: {"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Warning, "Using an action with a wildcard(*) and NotResource can allow creation of unintended service-linked roles because it can allow iam:CreateServiceLinkedRole permissions on multiple resources." + specifyARNs},
	createSLRWithNotActionAndNotResource:    {"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", Warning, "Using NotAction with NotResource can allow creation of unintended service-linked roles because it allows iam:CreateServiceLinkedRole permissions on multiple resources." + specifyARNs},
	invalidDateValue:                        {"INVALID_DATE_VALUE", Warning, "The date %s might not resolve as expected. We recommend that you use the YYYY-MM-DD format."},
	invalidRoleReference:                    {"INVALID_ROLE_REFERENCE", Warning, "The Principal element includes the IAM role ID %s. We recommend that you use a role ARN instead."},
	invalidUserReference:                    {"INVALID_USER_REFERENCE", Warning, "The Principal element includes the IAM user ID %s. We recommend that you use a user ARN instead."},
	wildcardWithoutLikeOperator:             {"WILDCARD_WITHOUT_LIKE_OPERATOR", Warning, "Your condition value includes a * or ? character. If you meant to use a wildcard (*, ?), update the condition operator to include Like."},
	policySizeExceedsIdentityQuota:          {"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Warning, "The %d characters in the identity policy, excluding whitespace, exceed the %d character maximum for managed policies. We recommend that you use multiple granular policies."},
	policySizeExceedsResourceQuota:          {"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Warning, "The %d characters in the resource policy exceed the %d character maximum for resource policies. We recommend that you use multiple granular policies."},
	typeMismatch:                            {"TYPE_MISMATCH", Warning, "Use the operator type %s instead of operator %s for the condition key %s."},
	typeMismatchBoolean:                     {"TYPE_MISMATCH_BOOLEAN", Warning, "Add a valid Boolean value (true or false) for the condition operator %s."},
	typeMismatchDate:                        {"TYPE_MISMATCH_DATE", Warning, "The date condition operator %s is used with an invalid value. Specify a valid date using YYYY-MM-DD or other ISO 8601 date/time format."},
	typeMismatchIPRange:                     {"TYPE_MISMATCH_IP_RANGE", Warning, "The condition operator %s is used with an invalid IP range value. Specify the IP range in standard CIDR format."},
	typeMismatchNumber:                      {"TYPE_MISMATCH_NUMBER", Warning, "Add a valid numeric value for the condition operator %s."},
	typeMismatchString:                      {"TYPE_MISMATCH_STRING", Warning, "Add a valid base64-encoded string value for the condition operator %s."},
	missingActionForConditionKey:            {"MISSING_ACTION_FOR_CONDITION_KEY", Warning, "The %s action must be in the action block to allow setting values for the condition key %s. Add %[1]s to the action block."},
	specificGithubRepoRecommended:           {"SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", Warning, "A wildcard (*) in token.actions.githubusercontent.com:sub can allow requests from repositories that you do not control. We recommend that you name the organization, the repository and the branch."},
	mismatchedActionResource:                {"MISMATCHED_ACTION_RESOURCE", Warning, "The action %s applies to no resource in this statement. Its resources are: %s."},

	emptyArrayAction:                           {"EMPTY_ARRAY_ACTION", Suggestion, "This statement includes no actions and does not affect the policy. Specify actions."},
	emptyArrayResource:                         {"EMPTY_ARRAY_RESOURCE", Suggestion, "This statement includes no resources and does not affect the policy. Specify resources."},
	emptyArrayPrincipal:                        {"EMPTY_ARRAY_PRINCIPAL", Suggestion, "This statement includes no principals and does not affect the policy. Specify principals."},
	emptyObjectPrincipal:                       {"EMPTY_OBJECT_PRINCIPAL", Suggestion, "This statement includes no principals and does not affect the policy. Specify principals."},
	emptyObjectCondition:                       {"EMPTY_OBJECT_CONDITION", Suggestion, "This condition block is empty and it does not affect the policy. Specify conditions."},
	emptyArrayCondition:                        {"EMPTY_ARRAY_CONDITION", Suggestion, "There are no values for the condition key %s and it does not affect the policy. Specify conditions."},
	emptyArrayConditionForAllValues:            {"EMPTY_ARRAY_CONDITION_FORALLVALUES", Suggestion, "The ForAllValues prefix with an empty condition key matches only if the key %s is missing from the request context. To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead."},
	emptyArrayConditionForAnyValue:             {"EMPTY_ARRAY_CONDITION_FORANYVALUE", Suggestion, "The ForAnyValue prefix with an empty condition key %s never matches the request context and it does not affect the policy. Specify conditions."},
	emptyArrayConditionIfExists:                {"EMPTY_ARRAY_CONDITION_IFEXISTS", Suggestion, "The IfExists suffix with an empty condition key matches only if the key %s is missing from the request context. To determine if the request context is empty, we recommend that you use the Null condition operator with the value of true instead."},
	emptySidValue:                              {"EMPTY_SID_VALUE", Suggestion, "Add a value to the empty string in the Sid element."},
	nullWithQualifier:                          {"NULL_WITH_QUALIFIER", Suggestion, "Avoid using the Null condition operator with the ForAllValues or ForAnyValue qualifiers because they always return a true or false respectively."},
	improveIPRange:                             {"IMPROVE_IP_RANGE", Suggestion, "The non-zero bits in the IP address after the masked bits are ignored. Replace address with %s."},
	redundantAction:                            {"REDUNDANT_ACTION", Suggestion, "The %d action(s) are redundant because they provide similar permissions. Update the policy to remove the redundant action such as: %s."},
	redundantResource:                          {"REDUNDANT_RESOURCE", Suggestion, "The %d resource ARN(s) are redundant because they reference the same resource. Review the use of wildcards (*) in %s."},
	redundantStatement:                         {"REDUNDANT_STATEMENT", Suggestion, "The statements are redundant because they provide identical permissions. Update the policy to remove the redundant statement."},
	redundantConditionValueNum:                 {"REDUNDANT_CONDITION_VALUE_NUM", Suggestion, "Multiple values in %s are redundant. Replace with the %s single value for %[1]s."},
	redundantPrincipalInTrust:                  {"REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", Suggestion, "The assumed-role principal %s is redundant with its parent role %s. Remove the assumed-role principal."},
	allowWithUnsupportedTagKey:                 {"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Suggestion, "Using the effect Allow with the tag condition key %s and actions for services with the following prefixes does not affect the policy: %s. Actions for the listed service are not allowed by this statement. We recommend that you move these actions to a different statement without this condition key."},
	allowNotActionWithUnsupportedTagKey:        {"ALLOW_NOT_ACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", Suggestion, "Using the effect Allow with NotAction and the tag condition key %s allows only service actions that support the condition key. The condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction."},
	recommendedConditionKeyForServicePrincipal: {"RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", Suggestion, "To restrict access to the service principal %s operating on your behalf, we recommend aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths instead of no condition on the source."},
}
