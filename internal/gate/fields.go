package gate

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/internal/audit"
	"rolecall.dev/rolecall/internal/wire"
)

// formFields are the parameters of a form that was decoded, with the names in
// CloudTrail's spelling: the first letter in lower case. What authenticates or
// is sensitive is left out, and so are lists deeper than those of tags.
func formFields(params []wire.Param, sensitive []string) []audit.Field {
	var fields []audit.Field
	for len(params) > 0 {
		name, _, ofList := strings.Cut(params[0].Name, ".")
		n := 1
		for ofList && n < len(params) && strings.HasPrefix(params[n].Name, name+".") {
			n++
		}
		switch {
		case strings.HasPrefix(name, "X-Amz-"), unrecorded[name], slices.Contains(sensitive, name):
		case ofList:
			fields = append(fields, listField(lowered(name), params[:n]))
		default:
			fields = append(fields, audit.String(lowered(name), params[0].Value))
		}
		params = params[n:]
	}
	return fields
}

// listField is a list of texts (TagKeys.member.1) or of structures of texts
// (Tags.member.1.Key), whose parts come in order.
func listField(name string, parts []wire.Param) audit.Field {
	var texts []string
	var rows [][]audit.Field
	current := ""
	for _, p := range parts {
		_, place, _ := strings.Cut(p.Name, ".member.")
		number, member, ofStruct := strings.Cut(place, ".")
		switch {
		case !ofStruct:
			texts = append(texts, p.Value)
			continue
		case strings.Contains(member, "."):
			continue
		case number != current:
			rows, current = append(rows, nil), number
		}
		row := &rows[len(rows)-1]
		*row = append(*row, audit.String(lowered(member), p.Value))
	}
	if rows != nil {
		return audit.Objects(name, rows)
	}
	return audit.Strings(name, texts)
}

func lowered(name string) string {
	first := min(1, len(name))
	return strings.ToLower(name[:first]) + name[first:]
}

// unrecorded are parameters that say nothing new, secrets that the models do
// not mark as sensitive, and those of a version 2 signature.
var unrecorded = map[string]bool{
	"Action": true, "Version": true, "TokenCode": true, "AuthenticationCode1": true, "AuthenticationCode2": true,
	"Signature": true, "AWSAccessKeyId": true,
}
