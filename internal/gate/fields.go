package gate

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/wire"
)

// formFields are the plain parameters of a form, with the names in CloudTrail's
// spelling: the first letter in lower case. Members of lists and structures are
// left to rows that want them; what authenticates or is sensitive is left out.
func formFields(params []wire.Param, sensitive []string) []audit.Field {
	var fields []audit.Field
	for _, p := range params {
		if strings.Contains(p.Name, ".") || strings.HasPrefix(p.Name, "X-Amz-") ||
			unrecorded[p.Name] || slices.Contains(sensitive, p.Name) {
			continue
		}
		fields = append(fields, audit.String(strings.ToLower(p.Name[:1])+p.Name[1:], p.Value))
	}
	return fields
}

// unrecorded are parameters that say nothing new, secrets that the models do
// not mark as sensitive, and those of a version 2 signature.
var unrecorded = map[string]bool{
	"Action": true, "Version": true, "TokenCode": true, "AuthenticationCode1": true, "AuthenticationCode2": true,
	"Signature": true, "AWSAccessKeyId": true,
}
