package iam

import (
	"cmp"
	"slices"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire/iamwire"
)

// newTags takes the tags of a request, which must differ by more than case and
// must not begin with aws:, a prefix that AWS reserves ("Tags for IAM
// resources" in the IAM User Guide).
func newTags(in []iamwire.Tag) ([]Tag, error) { return withTags(nil, in) }

// withTags returns old with the tags of a request, which win.
func withTags(old []Tag, in []iamwire.Tag) ([]Tag, error) {
	seen := make(map[string]bool, len(in))
	for _, t := range in {
		lower := strings.ToLower(t.Key)
		if seen[lower] {
			return nil, apierr.InvalidInput.New("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if strings.HasPrefix(lower, "aws:") {
			return nil, apierr.InvalidInput.New("Tag keys beginning with 'aws:' are reserved for system use.")
		}
		seen[lower] = true
	}
	var all []Tag
	for _, t := range old {
		if !seen[strings.ToLower(t.Key)] {
			all = append(all, t)
		}
	}
	for _, t := range in {
		all = append(all, Tag(t))
	}
	if len(all) > maxTags {
		return nil, limitExceeded("TagsPerResource", maxTags)
	}
	return all, nil
}

// withoutTags returns old without the tags of these keys.
func withoutTags(old []Tag, keys []string) []Tag {
	var kept []Tag
	for _, t := range old {
		gone := false
		for _, key := range keys {
			gone = gone || SameTagKey(t.Key, key)
		}
		if !gone {
			kept = append(kept, t)
		}
	}
	return kept
}

// SameTagKey reports whether two tag keys are one. Everybody who compares keys
// must find the same: case folding, which takes ſ for s where lower case does
// not, would let one key be set beside another and be read in its place.
func SameTagKey(a, b string) bool {
	lowerA, lowerB := strings.ToLower(a), strings.ToLower(b) // strings.EqualFold folds
	return lowerA == lowerB
}

// wireTags returns tags as answers carry them; nil stays nil, and is left out.
func wireTags(tags []Tag) []iamwire.Tag {
	if tags == nil {
		return nil
	}
	out := make([]iamwire.Tag, len(tags))
	for i, t := range tags {
		out[i] = iamwire.Tag(t)
	}
	return out
}

// tagPage returns one page of tags, sorted by key.
func tagPage(tags []Tag, marker *string, max *int32) ([]iamwire.Tag, *string, error) {
	sorted := slices.SortedFunc(slices.Values(tags), func(a, b Tag) int { return cmp.Compare(a.Key, b.Key) })
	part, next, err := page(sorted, func(t Tag) string { return t.Key }, marker, max)
	if err != nil {
		return nil, nil, err
	}
	out := make([]iamwire.Tag, len(part))
	for i, t := range part {
		out[i] = iamwire.Tag(t)
	}
	return out, next, nil
}
