package policy

import (
	"strings"

	"rolecall.dev/rolecall/arn"
)

// maxAction is the longest action, in bytes, that is decided on.
const maxAction = 128

// action compiles an Action value: all in lower case, because actions compare
// without regard to case.
//
//   - matchAll
//     s3:*         matchPrefix "s3:"
//     s3:GetObject matchLiteral
//     s3:*Tagging  matchWild
func (p *parser) action(v *node) pattern {
	if v.text == "*" || v.text == "*:*" {
		return pattern{class: matchAll}
	}
	text := strings.ToLower(v.text)
	switch i := strings.IndexAny(text, "*?"); {
	case i < 0:
		return pattern{class: matchLiteral, text: p.add(text)}
	case i == len(text)-1 && text[i] == '*':
		return pattern{class: matchPrefix, text: p.add(text[:i])}
	}
	return pattern{class: matchWild, text: p.add(text)}
}

// matchAction compares with an action in lower case.
func (t *texts) matchAction(pat *pattern, action []byte) bool {
	text := t.text(pat.text)
	switch pat.class {
	case matchAll:
		return true
	case matchLiteral:
		return string(action) == text
	case matchPrefix:
		return len(action) >= len(text) && string(action[:len(text)]) == text
	case matchWild:
		return arn.Wildcard(text, action)
	}
	return false
}

// checkAction returns AWS's complaint about an Action value, or "".
func checkAction(text string) string {
	if text == "*" || text == "*:*" {
		return ""
	}
	service, name, found := strings.Cut(text, ":")
	switch {
	case !found || service == "" || name == "":
		return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	case strings.Contains(name, ":"):
		return "Actions/Condition can contain only one colon."
	case !isVendor(service):
		return "Vendor " + service + " is not valid"
	case !isActionName(name):
		return "The policy failed legacy parsing"
	}
	return ""
}

func isVendor(s string) bool {
	for i := range len(s) {
		if !isAlnum(s[i]) && s[i] != '-' && s[i] != '.' {
			return false
		}
	}
	return true
}

func isActionName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && c != '*' && c != '?' && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
