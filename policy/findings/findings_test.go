package findings_test

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/findings"
)

const version = `"Version": "2012-10-17"`

// statement is a document with one statement of these members.
func statement(members string) string {
	return `{` + version + `, "Statement": [{` + members + `}]}`
}

// allow and deny are a statement with an effect, an action and a resource, each
// as JSON, and more members.
func allow(action, resource string, more ...string) string {
	return statement(`"Effect": "Allow", "Action": ` + action + `, "Resource": ` + resource + rest(more))
}

func deny(action, resource string, more ...string) string {
	return statement(`"Effect": "Deny", "Action": ` + action + `, "Resource": ` + resource + rest(more))
}

func rest(more []string) string {
	if len(more) == 0 {
		return ""
	}
	return ", " + strings.Join(more, ", ")
}

// when is a Condition for an Allow of s3:GetObject.
func when(condition string) string {
	return allow(`"s3:GetObject"`, `"arn:aws:s3:::b/*"`, `"Condition": `+condition)
}

// trust is a role's trust policy.
func trust(principal, action string, more ...string) string {
	return statement(`"Effect": "Allow", "Principal": ` + principal + `, "Action": ` + action + rest(more))
}

const (
	alice  = `{"AWS": "arn:aws:iam::111122223333:user/alice"}`
	github = `{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`
	object = `"arn:aws:s3:::b/*"`
	get    = `"s3:GetObject"`
)

// rows has at least one document for every check: the code that must be found,
// and one that must not be when the fault is mended. An empty mended document
// is not tried.
var rows = []struct {
	code           string
	kind           policy.Kind
	faulty, mended string
}{
	{"JSON_SYNTAX_ERROR", policy.Identity, `{"Version": }`, allow(get, object)},
	{"MALFORMED_POLICY_DOCUMENT", policy.RCP, statement(`"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"`), statement(`"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"`)},
	{"DATA_TYPE_MISMATCH", policy.Identity, allow(`7`, object), allow(get, object)},
	{"INVALID_POLICY_ELEMENT", policy.Identity, allow(get, object, `"Actions": "*"`), allow(get, object)},
	{"INVALID_VERSION", policy.Identity, `{"Version": "2012-10-18"}`, `{"Version": "2008-10-17"}`},
	{"MISSING_STATEMENT", policy.Identity, `{` + version + `}`, allow(get, object)},
	{"MISSING_EFFECT", policy.Identity, statement(`"Action": "*", "Resource": "*"`), allow(get, object)},
	{"INVALID_EFFECT", policy.Identity, statement(`"Effect": "allow", "Action": "*", "Resource": "*"`), allow(get, object)},
	{"MISSING_ACTION", policy.Identity, statement(`"Effect": "Allow", "Resource": "*"`), allow(get, object)},
	{"MISSING_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "Action": "s3:*"`), allow(get, object)},
	{"MISSING_PRINCIPAL", policy.Resource, allow(get, object), allow(get, object, `"Principal": "*"`)},
	{"UNSUPPORTED_ELEMENT_COMBINATION", policy.Identity, allow(get, object, `"NotAction": "s3:PutObject"`), allow(get, object)},
	{"UNIQUE_SIDS_REQUIRED", policy.Identity, `{"Statement": [{"Sid": "A"}, {"Sid": "A"}]}`, `{"Statement": [{"Sid": "A"}, {"Sid": "B"}]}`},
	{"UNSUPPORTED_SID", policy.Identity, allow(get, object, `"Sid": "a b"`), allow(get, object, `"Sid": "aB1"`)},
	{"POLICY_SIZE_EXCEEDS_SCP_QUOTA", policy.SCP, large(5121), large(5120)},
	{"POLICY_SIZE_EXCEEDS_RCP_QUOTA", policy.RCP, large(5121), large(5120)},

	{"INVALID_ACTION", policy.Identity, allow(`"s3:GetObjects"`, object), allow(get, object)},
	{"INVALID_ACTION", policy.Identity, allow(`"s3:Fetch*"`, object), allow(`"s3:Get*"`, object)},
	{"INVALID_SERVICE_IN_ACTION", policy.Identity, allow(`"s4:GetObject"`, object), allow(`"rolecall:RevokeSessions"`, `"*"`)},
	{"UNSUPPORTED_ACTION_IN_POLICY", policy.Trust, trust(alice, get), trust(alice, `"sts:AssumeRole"`)},
	{"MISMATCHED_ACTION_FOR_PRINCIPAL", policy.Trust, trust(github, `"sts:AssumeRole"`), trust(github, `"sts:AssumeRoleWithWebIdentity"`)},
	{"MISMATCHED_ACTION_FOR_PRINCIPAL", policy.Trust, trust(alice, `"sts:AssumeRoleWithSAML"`), trust(`{"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}`, `"sts:AssumeRoleWithSAML"`)},

	{"INVALID_ARN_PREFIX", policy.Identity, allow(get, `"b/*"`), allow(get, object)},
	{"MISSING_ARN_FIELD", policy.Identity, allow(get, `"arn:aws:s3:b"`), allow(get, `"arn:aws:s3:*"`)},
	{"INVALID_PARTITION", policy.Identity, allow(get, `"arn:asw:s3:::b/*"`), allow(get, object)},
	{"INVALID_ARN_SERVICE_CASE", policy.Identity, allow(get, `"arn:aws:S3:::b/*"`), allow(get, object)},
	{"INVALID_ARN_ACCOUNT", policy.Identity, allow(`"sqs:SendMessage"`, `"arn:aws:sqs:eu-west-1:1234:q"`), allow(`"sqs:SendMessage"`, `"arn:aws:sqs:eu-west-1:111122223333:q"`)},
	{"ARN_ACCOUNT_NOT_ALLOWED", policy.Identity, allow(`"s3:ListBucket"`, `"arn:aws:s3::111122223333:b"`), allow(`"s3:ListBucket"`, `"arn:aws:s3:::b"`)},
	{"ARN_REGION_NOT_ALLOWED", policy.Identity, allow(`"iam:GetUser"`, `"arn:aws:iam:us-east-1:111122223333:user/a"`), allow(`"iam:GetUser"`, `"arn:aws:iam::111122223333:user/a"`)},
	{"MISSING_ARN_REGION", policy.Identity, allow(`"sqs:SendMessage"`, `"arn:aws:sqs::111122223333:q"`), allow(`"sqs:SendMessage"`, `"arn:aws:sqs:*:111122223333:q"`)},
	{"INVALID_ARN_RESOURCE", policy.Identity, allow(`"iam:GetUser"`, `"arn:aws:iam::111122223333:usr/a"`), allow(`"iam:GetUser"`, `"arn:aws:iam::111122223333:user/a"`)},
	{"UNSUPPORTED_RESOURCE_ARN_IN_POLICY", policy.Trust, trust(alice, `"sts:AssumeRole"`, `"Resource": "*"`), trust(alice, `"sts:AssumeRole"`)},
	{"MISMATCHED_ACTION_RESOURCE", policy.Identity, allow(get, `"arn:aws:s3:::b"`), allow(get, `"arn:aws:s3:::b*"`)},
	{"MISMATCHED_ACTION_RESOURCE", policy.Identity, allow(`"s3:ListBucket"`, object), allow(`["s3:ListBucket", "s3:GetObject"]`, `["arn:aws:s3:::b", "arn:aws:s3:::b/*"]`)},
	{"MISMATCHED_ACTION_RESOURCE", policy.Identity, allow(`"s3:ListAllMyBuckets"`, object), allow(`"s3:ListAllMyBuckets"`, `"*"`)},

	{"UNSUPPORTED_PRINCIPAL", policy.Identity, allow(get, object, `"Principal": "*"`), allow(get, object)},
	{"SCP_SYNTAX_ERROR_PRINCIPAL", policy.SCP, allow(get, object, `"Principal": "*"`), allow(get, object)},
	{"INVALID_PRINCIPAL_FORMAT", policy.Trust, trust(`"arn:aws:iam::111122223333:user/alice"`, `"sts:AssumeRole"`), trust(`"*"`, `"sts:AssumeRole"`)},
	{"INVALID_PRINCIPAL_KEY", policy.Trust, trust(`{"User": "alice"}`, `"sts:AssumeRole"`), trust(alice, `"sts:AssumeRole"`)},
	{"UNSUPPORTED_WILDCARD_IN_PRINCIPAL", policy.Trust, trust(`{"AWS": "arn:aws:iam::111122223333:user/*"}`, `"sts:AssumeRole"`), trust(`{"AWS": "*"}`, `"sts:AssumeRole"`)},
	{"INVALID_SERVICE_PRINCIPAL_FORMAT", policy.Trust, trust(`{"Service": "lambda"}`, `"sts:AssumeRole"`), trust(`{"Service": "lambda.amazonaws.com"}`, `"sts:AssumeRole"`)},
	{"INVALID_SERVICE_PRINCIPAL_FORMAT", policy.Identity, when(`{"StringEquals": {"iam:PassedToService": "ec2"}}`), when(`{"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}`)},

	{"INVALID_CONDITION_OPERATOR", policy.Identity, when(`{"StringEqual": {"aws:username": "a"}}`), when(`{"StringEqualsIfExists": {"aws:username": "a"}}`)},
	{"NULL_WITH_IF_EXISTS", policy.Identity, when(`{"NullIfExists": {"aws:username": "true"}}`), when(`{"Null": {"aws:username": "true"}}`)},
	{"DUPLICATE_KEYS_WITH_DIFFERENT_CASE", policy.Identity, when(`{"StringLike": {"aws:username": "a", "aws:UserName": "b"}}`), when(`{"StringLike": {"aws:username": ["a", "b"]}}`)},
	{"INVALID_CONDITION_KEY_FORMAT", policy.Identity, when(`{"StringLike": {"username": "a"}}`), when(`{"StringLike": {"aws:username": "a"}}`)},
	{"INVALID_GLOBAL_CONDITION_KEY", policy.Identity, when(`{"StringLike": {"aws:PrincipleArn": "a"}}`), when(`{"StringLike": {"aws:PrincipalArn": "a"}}`)},
	{"UNSUPPORTED_GLOBAL_CONDITION_KEY", policy.Identity, when(`{"ArnLike": {"aws:ARN": "*"}}`), when(`{"ArnLike": {"aws:SourceArn": "*"}}`)},
	{"INVALID_SERVICE_CONDITION_KEY", policy.Identity, when(`{"StringLike": {"s3:prefixes": "a"}}`), when(`{"StringLike": {"s3:prefix": "a"}}`)},
	{"INVALID_SERVICE_CONDITION_KEY", policy.Trust, trust(`"*"`, `"sts:AssumeRole"`, `"Condition": {"StringLike": {"saml:nothing": "a"}}`), trust(`"*"`, `"sts:AssumeRole"`, `"Condition": {"StringLike": {"saml:aud": "a"}}`)},
	{"INVALID_SERVICE", policy.Identity, when(`{"StringLike": {"s4:prefix": "a"}}`), when(`{"StringLike": {"idp.example.com:8443:sub": "a"}}`)},
	{"MISSING_TAG_KEY_IN_CONDITION", policy.Identity, when(`{"StringLike": {"aws:PrincipalTag": "a"}}`), when(`{"StringLike": {"aws:PrincipalTag/team": "a"}}`)},
	{"MISSING_TAG_KEY_IN_CONDITION", policy.Identity, when(`{"StringLike": {"aws:ResourceTag/": "a"}}`), ""},
	{"MISSING_QUALIFIER", policy.Identity, when(`{"StringLike": {"aws:TagKeys": "a"}}`), when(`{"ForAnyValue:StringLike": {"aws:TagKeys": "a"}}`)},
	{"INVALID_CONDITION_DATA_TYPE", policy.Identity, when(`{"NumericEquals": {"s3:max-keys": ["1", 2]}}`), when(`{"NumericEquals": {"s3:max-keys": [1, 2]}}`)},
	{"INVALID_CONDITION_MULTIPLE_BOOLEAN", policy.Identity, when(`{"Bool": {"aws:SecureTransport": [true, false]}}`), when(`{"Bool": {"aws:SecureTransport": true}}`)},

	{"INVALID_VARIABLE_FOR_OPERATOR", policy.Identity, when(`{"NumericEquals": {"s3:max-keys": "${aws:username}"}}`), when(`{"StringEquals": {"s3:prefix": "${aws:username}"}}`)},
	{"VARIABLE_UNSUPPORTED_IN_ELEMENT", policy.Identity, allow(`"s3:${aws:username}"`, object), allow(get, object)},
	{"VARIABLE_UNSUPPORTED_IN_ELEMENT", policy.Trust, trust(`{"AWS": "arn:aws:iam::111122223333:user/${aws:username}"}`, `"sts:AssumeRole"`), ""},
	{"VARIABLE_UNSUPPORTED_IN_VERSION", policy.Identity, strings.Replace(allow(get, `"arn:aws:s3:::b/${aws:username}"`), "2012", "2008", 1), allow(get, `"arn:aws:s3:::b/${aws:username}"`)},
	{"MISSING_BRACE_IN_VARIABLE", policy.Identity, allow(get, `"arn:aws:s3:::b/${aws:username"`), allow(get, `"arn:aws:s3:::b/${aws:username}"`)},
	{"EMPTY_VARIABLE", policy.Identity, allow(get, `"arn:aws:s3:::b/${}"`), allow(get, `"arn:aws:s3:::b/${*}"`)},
	{"UNSUPPORTED_SPACE_IN_VARIABLE", policy.Identity, allow(get, `"arn:aws:s3:::b/${aws: username}"`), allow(get, `"arn:aws:s3:::b/${aws:username, 'x y'}"`)},
	{"UNSUPPORTED_SYMBOL_IN_VARIABLE", policy.Identity, allow(get, `"arn:aws:s3:::b/${aws:user*}"`), allow(get, `"arn:aws:s3:::b/${aws:username}"`)},
	{"MISSING_QUOTE_IN_VARIABLE", policy.Identity, allow(get, `"arn:aws:s3:::b/${aws:username, x}"`), allow(get, `"arn:aws:s3:::b/${aws:username, 'x'}"`)},

	{"ALLOW_WITH_NOT_PRINCIPAL", policy.Resource, allow(get, object, `"NotPrincipal": `+alice), deny(get, object, `"NotPrincipal": `+alice)},
	{"PASS_ROLE_WITH_STAR_IN_RESOURCE", policy.Identity, allow(`"iam:PassRole"`, `"*"`), allow(`"iam:PassRole"`, `"arn:aws:iam::111122223333:role/team-*"`)},
	{"PASS_ROLE_WITH_STAR_IN_RESOURCE", policy.Identity, allow(`"iam:passrole"`, `"arn:aws:iam::111122223333:role/*"`), allow(`"iam:PassRole"`, `"*"`, `"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}`)},
	{"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", policy.Identity, allow(`"iam:*"`, `"*"`), allow(`"iam:Get*"`, `"*"`)},
	{"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", policy.Identity, allow(`"*"`, `"*"`), deny(`"*"`, `"*"`)},
	{"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", policy.Identity, statement(`"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"`), statement(`"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"`)},
	{"PASS_ROLE_WITH_NOT_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::111122223333:role/a"`), allow(`"iam:PassRole"`, `"arn:aws:iam::111122223333:role/a"`)},
	{"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "Action": "iam:Pass*", "NotResource": "arn:aws:iam::111122223333:role/a"`), ""},
	{"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:aws:iam::111122223333:role/a"`), ""},
	{"FORALLVALUES_WITH_SINGLE_VALUED_KEY", policy.Identity, when(`{"ForAllValues:StringEquals": {"aws:username": "a"}}`), when(`{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}`)},
	{"DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", policy.Identity, deny(`"sts:GetServiceBearerToken"`, `"*"`, tagged), deny(`"iam:DeleteRole"`, `"*"`, tagged)},
	{"DENY_NOT_ACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", policy.Identity, statement(`"Effect": "Deny", "NotAction": "s3:*", "Resource": "*", ` + tagged), ""},
	{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", policy.Resource, allow(get, object, `"Principal": {"Service": "cloudtrail.amazonaws.com"}`), allow(get, object, `"Principal": {"Service": "cloudtrail.amazonaws.com"}`, `"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}`)},
	{"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", policy.Trust, trust(github, `"sts:AssumeRoleWithWebIdentity"`), fromGithub("repo:acme/app:ref:refs/heads/main")},
	{"MISSING_GITHUB_REPO_CONDITION_KEY", policy.Trust, trust(github, `"sts:AssumeRoleWithWebIdentity"`), fromGithub("repo:acme/app:ref:refs/heads/main")},

	{"MISSING_VERSION", policy.Identity, `{"Statement": []}`, allow(get, object)},
	{"CREATE_SLR_WITH_STAR_IN_RESOURCE", policy.Identity, allow(`"iam:CreateServiceLinkedRole"`, `"*"`), allow(`"iam:CreateServiceLinkedRole"`, `"*"`, `"Condition": {"StringEquals": {"iam:AWSServiceName": "x.amazonaws.com"}}`)},
	{"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", policy.Identity, allow(`"iam:Create*"`, `"*"`), allow(`"iam:CreateUser"`, `"*"`)},
	{"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", policy.Identity, statement(`"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"`), ""},
	{"CREATE_SLR_WITH_NOT_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "NotResource": "arn:aws:iam::111122223333:role/a"`), ""},
	{"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::111122223333:role/a"`), ""},
	{"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", policy.Identity, statement(`"Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:aws:iam::111122223333:role/a"`), ""},
	{"INVALID_DATE_VALUE", policy.Identity, when(`{"DateLessThan": {"aws:CurrentTime": "1893456000"}}`), when(`{"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}`)},
	{"INVALID_ROLE_REFERENCE", policy.Trust, trust(`{"AWS": "AROAEXAMPLEEXAMPLE123"}`, `"sts:AssumeRole"`), trust(alice, `"sts:AssumeRole"`)},
	{"INVALID_USER_REFERENCE", policy.Trust, trust(`{"AWS": "AIDAEXAMPLEEXAMPLE123"}`, `"sts:AssumeRole"`), trust(alice, `"sts:AssumeRole"`)},
	{"WILDCARD_WITHOUT_LIKE_OPERATOR", policy.Identity, when(`{"StringEquals": {"aws:username": "a*"}}`), when(`{"StringEquals": {"aws:username": "a${*}"}}`)},
	{"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", policy.Identity, large(6145), large(6144)},
	{"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", policy.Trust, large(2049), large(2048)},
	{"TYPE_MISMATCH", policy.Identity, when(`{"StringEquals": {"aws:SecureTransport": "true"}}`), when(`{"Bool": {"aws:SecureTransport": "true"}}`)},
	{"TYPE_MISMATCH_BOOLEAN", policy.Identity, when(`{"Bool": {"aws:SecureTransport": "yes"}}`), when(`{"Bool": {"aws:SecureTransport": "True"}}`)},
	{"TYPE_MISMATCH_DATE", policy.Identity, when(`{"DateLessThan": {"aws:CurrentTime": "tomorrow"}}`), when(`{"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}`)},
	{"TYPE_MISMATCH_IP_RANGE", policy.Identity, when(`{"IpAddress": {"aws:SourceIp": "10.0.0.256"}}`), when(`{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`)},
	{"TYPE_MISMATCH_NUMBER", policy.Identity, when(`{"NumericEquals": {"s3:max-keys": "ten"}}`), when(`{"NumericEquals": {"s3:max-keys": 10}}`)},
	{"TYPE_MISMATCH_STRING", policy.Identity, when(`{"BinaryEquals": {"aws:username": "?"}}`), when(`{"BinaryEquals": {"aws:username": "QmFzZTY0"}}`)},
	{"MISSING_ACTION_FOR_CONDITION_KEY", policy.Trust, trust(alice, `"sts:AssumeRole"`, `"Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}`), trust(alice, `["sts:AssumeRole", "sts:TagSession"]`, `"Condition": {"StringEquals": {"aws:RequestTag/team": "a"}}`)},
	{"SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", policy.Trust, fromGithub("repo:*"), fromGithub("repo:acme/*")},

	{"EMPTY_ARRAY_ACTION", policy.Identity, allow(`[]`, object), allow(get, object)},
	{"EMPTY_ARRAY_RESOURCE", policy.Identity, allow(get, `[]`), allow(get, object)},
	{"EMPTY_ARRAY_PRINCIPAL", policy.Trust, trust(`{"AWS": []}`, `"sts:AssumeRole"`), trust(alice, `"sts:AssumeRole"`)},
	{"EMPTY_OBJECT_PRINCIPAL", policy.Trust, trust(`{}`, `"sts:AssumeRole"`), trust(alice, `"sts:AssumeRole"`)},
	{"EMPTY_OBJECT_CONDITION", policy.Identity, when(`{}`), when(`{"StringLike": {"aws:username": "a"}}`)},
	{"EMPTY_ARRAY_CONDITION", policy.Identity, when(`{"StringLike": {"aws:username": []}}`), when(`{"StringLike": {"aws:username": ["a"]}}`)},
	{"EMPTY_ARRAY_CONDITION_FORALLVALUES", policy.Identity, when(`{"ForAllValues:StringLike": {"aws:TagKeys": []}}`), ""},
	{"EMPTY_ARRAY_CONDITION_FORANYVALUE", policy.Identity, when(`{"ForAnyValue:StringLike": {"aws:TagKeys": []}}`), ""},
	{"EMPTY_ARRAY_CONDITION_IFEXISTS", policy.Identity, when(`{"StringLikeIfExists": {"aws:username": []}}`), ""},
	{"EMPTY_SID_VALUE", policy.Identity, allow(get, object, `"Sid": ""`), allow(get, object)},
	{"NULL_WITH_QUALIFIER", policy.Identity, when(`{"ForAllValues:Null": {"aws:TagKeys": "true"}}`), when(`{"Null": {"aws:TagKeys": "true"}}`)},
	{"IMPROVE_IP_RANGE", policy.Identity, when(`{"IpAddress": {"aws:SourceIp": "10.1.2.3/8"}}`), when(`{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`)},
	{"REDUNDANT_ACTION", policy.Identity, allow(`["iam:Get*", "iam:getuser"]`, `"*"`), allow(`["iam:Get*", "iam:*CredentialReport"]`, `"*"`)},
	{"REDUNDANT_RESOURCE", policy.Identity, allow(get, `["arn:aws:s3:::b/*", "arn:aws:s3:::b/x"]`), allow(get, `["arn:aws:s3:::b/*", "arn:aws:s3:::c/x"]`)},
	{"REDUNDANT_STATEMENT", policy.Identity, `{"Statement": [{"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}, {"Effect": "Allow", "Resource": "*", "Action": "s3:GetObject"}]}`, `{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, {"Effect": "Deny", "Resource": "*", "Action": "s3:GetObject"}]}`},
	{"REDUNDANT_CONDITION_VALUE_NUM", policy.Identity, when(`{"NumericLessThan": {"aws:MultiFactorAuthAge": ["2700", "3600"]}}`), when(`{"NumericEquals": {"aws:MultiFactorAuthAge": ["2700", "3600"]}}`)},
	{"REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", policy.Trust, trust(`{"AWS": ["arn:aws:iam::111122223333:role/r", "arn:aws:sts::111122223333:assumed-role/r/s"]}`, `"sts:AssumeRole"`), trust(`{"AWS": "arn:aws:sts::111122223333:assumed-role/r/s"}`, `"sts:AssumeRole"`)},
	{"ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", policy.Identity, allow(`"sts:GetServiceBearerToken"`, `"*"`, tagged), allow(`"iam:DeleteRole"`, `"*"`, tagged)},
	{"ALLOW_NOT_ACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE", policy.Identity, statement(`"Effect": "Allow", "NotAction": "iam:*", "Resource": "*", ` + tagged), ""},
	{"RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", policy.Trust, trust(`{"Service": "lambda.amazonaws.com"}`, `"sts:AssumeRole"`), trust(`{"Service": "ec2.amazonaws.com"}`, `"sts:AssumeRole"`)},
}

const tagged = `"Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}`

func fromGithub(subject string) string {
	return trust(github, `"sts:AssumeRoleWithWebIdentity"`, `"Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "`+subject+`"}}`)
}

// large is a document of n characters without white space.
func large(n int) string {
	text := `{"Version":"2012-10-17","Id":"","Statement":[]}`
	return strings.Replace(text, `"Id":"`, `"Id":"`+strings.Repeat("x", n-len(text)), 1)
}

func TestChecks(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, row := range rows {
		tried[row.code] = true
		if !has(row.kind, row.faulty, row.code) {
			t.Errorf("%s is not found in %s policy %s\ngot %s", row.code, row.kind, short(row.faulty), codes(row.kind, row.faulty))
		}
		if row.mended != "" && has(row.kind, row.mended, row.code) {
			t.Errorf("%s is found in %s policy %s", row.code, row.kind, short(row.mended))
		}
	}
	for _, c := range findings.Checks() {
		if c.Code == "" || !tried[c.Code] {
			t.Errorf("check %q has no row here", c.Code)
		}
		delete(tried, c.Code)
	}
	for code := range tried {
		t.Errorf("there is no check %s", code)
	}
	t.Logf("%d checks, %d rows", len(findings.Checks()), len(rows))
}

func has(kind policy.Kind, document, code string) bool {
	return strings.Contains(" "+codes(kind, document)+" ", " "+code+" ")
}

func codes(kind policy.Kind, document string) string {
	var list []string
	for _, f := range findings.Validate(kind, document) {
		list = append(list, f.Code)
	}
	return strings.Join(list, " ")
}

func short(document string) string {
	if len(document) > 400 {
		return document[:400] + "…"
	}
	return document
}
