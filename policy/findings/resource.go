package findings

import (
	"slices"
	"strings"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/catalog"
)

func (v *validator) resources(s *statement) {
	trust := v.kind == policy.Trust
	if !s.resource.exists() && !s.notResource.exists() && !trust && (v.kind != policy.Session || s.deny) {
		v.report(missingResource, s.value)
	}
	for _, element := range []value{s.resource, s.notResource} {
		if !element.exists() {
			continue
		}
		if trust {
			v.reportName(unsupportedResourceARNInPolicy, element)
			continue
		}
		v.texts(element, emptyArrayResource)
		for _, r := range element.strings() {
			v.resource(r)
		}
	}
}

// The fields of an ARN.
const (
	partitionField = 1
	serviceField   = 2
	regionField    = 3
	accountField   = 4
	resourceField  = 5
)

// splitARN divides an ARN of a policy at its first five colons, passing over
// those in policy variables, which it turns into stars.
func splitARN(text string) []string {
	return strings.SplitN(withoutVariables(text, "*"), ":", resourceField+1)
}

// withoutVariables puts something else in place of each well-formed ${…}.
func withoutVariables(text, instead string) string {
	var b strings.Builder
	for {
		start := strings.Index(text, "${")
		end := -1
		if start >= 0 {
			end = strings.IndexByte(text[start:], '}')
		}
		if end < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:start])
		b.WriteString(instead)
		text = text[start+end+1:]
	}
}

func (v *validator) resource(r value) {
	text := r.Text()
	v.placeholders(r)
	if text == "*" || !v.arnForm(r) {
		return
	}
	fields := splitARN(text)
	if len(fields) <= resourceField {
		return // "arn:aws:s3:*"
	}
	service := fields[serviceField]
	if service != strings.ToLower(service) {
		v.report(invalidARNServiceCase, r, service)
		return
	}
	if s := catalog.Lookup(service); s != nil {
		v.fields(r, fields, typesOf(s))
	} else if !isAccount(fields[accountField]) {
		v.report(invalidARNAccount, r, fields[accountField])
	}
}

// arnForm reports whether r is an ARN of enough fields in a known partition.
func (v *validator) arnForm(r value) bool {
	text := r.Text()
	fields := splitARN(text)
	switch {
	case fields[0] != "arn":
		v.report(invalidARNPrefix, r)
	case len(fields) <= resourceField && (len(fields) < 3 || fields[len(fields)-1] != "*"):
		v.report(missingARNField, r)
	case !isPartition(fields[partitionField]):
		v.report(invalidPartition, r, fields[serviceField], fields[partitionField])
	default:
		return true
	}
	return false
}

func isPartition(text string) bool {
	return hasWildcard(text) || text == "aws" || text == "aws-cn" || text == "aws-us-gov" || strings.HasPrefix(text, "aws-iso") || text == "aws-eusc"
}

// isAccount reports whether text can stand in an ARN's account field.
func isAccount(text string) bool {
	return text == "" || text == "aws" || hasWildcard(text) || arn.IsAccountID(text)
}

// typesOf are the patterns of a service's ARNs, divided, of those types whose
// ARNs name the service.
func typesOf(s *catalog.Service) [][]string {
	var types [][]string
	for i := range s.Resources {
		if fields := templateFields(&s.Resources[i]); fields[serviceField] == s.Prefix {
			types = append(types, fields)
		}
	}
	return types
}

// templateFields divides a type's ARN pattern, with stars for its placeholders.
// A bucket's name is the one placeholder that is known to hold no slash, which
// tells buckets from objects.
func templateFields(t *catalog.ResourceType) []string {
	text := strings.ReplaceAll(t.ARN, "${BucketName}", noSlash)
	return splitARN(text)
}

// fields compares an ARN with the patterns of its service.
func (v *validator) fields(r value, fields []string, types [][]string) {
	if len(types) == 0 {
		return
	}
	resource := fields[resourceField]
	if !v.spend(len(types) * (20 + len(resource)) * 40) {
		return
	}
	fitting := slices.DeleteFunc(slices.Clone(types), func(t []string) bool { return !overlap(resource, t[resourceField]) })
	if len(fitting) == 0 {
		v.report(invalidARNResource, r)
		return
	}
	if check := misfit(fields, fitting); check != checkCount {
		v.report(check, r, fields[serviceField])
		return
	}
	account := fields[accountField]
	literal := func(t []string) bool { return t[accountField] == account }
	if !isAccount(account) && !slices.ContainsFunc(types, literal) {
		v.report(invalidARNAccount, r, account)
	}
}

// misfit says what is wrong with the region or the account of an ARN whose
// resource fits these types, or checkCount.
func misfit(fields []string, types [][]string) id {
	every := func(field int, empty bool) bool {
		return !slices.ContainsFunc(types, func(t []string) bool { return (t[field] == "") != empty })
	}
	given := func(field int) bool { return fields[field] != "" && !strings.HasPrefix(fields[field], "*") }
	switch {
	case given(regionField) && every(regionField, true):
		return arnRegionNotAllowed
	case given(accountField) && every(accountField, true):
		return arnAccountNotAllowed
	case fields[regionField] == "" && every(regionField, false):
		return missingARNRegion
	}
	return checkCount
}

// pairs notes actions that apply to none of the statement's resources.
func (v *validator) pairs(s *statement) {
	if len(s.resources) == 0 || !s.resource.exists() || len(s.actions) > maxCompared || len(s.resources) > maxCompared {
		return
	}
	var given [][]string
	for _, r := range s.resources {
		fields := splitARN(r.Text())
		if len(fields) <= resourceField || strings.Contains(r.Text(), "${") {
			return // "*", an ARN cut short, or one that nobody can judge
		}
		given = append(given, fields)
	}
	for _, a := range s.action.strings() {
		if wanted, ok := v.unmatched(a.Text(), given); ok {
			v.reportAll(mismatchedActionResource, []value{a, s.resource}, a.Text(), wanted)
		}
	}
}

// unmatched reports whether none of the actions that text stands for applies to
// a given ARN, and lists the ARNs that they do apply to.
func (v *validator) unmatched(text string, given [][]string) (wanted string, ok bool) {
	if isEveryName(text) {
		return "", false
	}
	names := v.expandFew(text)
	if len(names) == 0 {
		return "", false
	}
	var patterns []string
	for _, name := range names {
		_, action := catalog.FindAction(name)
		if len(action.Resources) == 0 {
			patterns = append(patterns, "*")
		}
		for i := range action.Resources {
			t := action.Resources[i].Type
			template := templateFields(t)
			if slices.ContainsFunc(given, func(g []string) bool { return v.overlapARN(g, template) }) {
				return "", false
			}
			patterns = append(patterns, t.ARN)
		}
	}
	slices.Sort(patterns)
	return strings.Join(slices.Compact(patterns), ", "), true
}

// isEveryName reports whether the value stands for all of a service's actions.
func isEveryName(text string) bool { return strings.HasSuffix(text, ":*") }

// overlapARN reports whether two ARNs, divided, can mean the same resource. It
// says so, too, when finding out is too much work.
func (v *validator) overlapARN(a, b []string) bool {
	for i := range a {
		if v.spend((len(a[i])+1)*(len(b[i])+1)) && !overlap(a[i], b[i]) {
			return false
		}
	}
	return true
}
