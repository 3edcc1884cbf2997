package arn

import (
	"errors"
	"fmt"
	"strings"
)

// ErrInvalid is the error that every failed Parse and ParseAccountID wraps.
var ErrInvalid = errors.New("invalid name")

// ARN is a parsed Amazon Resource Name. The zero value is no name at all.
type ARN struct {
	Partition string // aws, aws-cn, aws-us-gov
	Service   string // the service's namespace: iam, s3, sts
	Region    string // empty for services without regions
	Account   string // twelve digits, or empty where the service leaves it out
	Resource  string // all that follows the fifth colon
}

// Parse divides s into its six parts. It asks that s starts with "arn:", that
// partition, service and resource are there, and that no part holds a control
// character; it does not ask whether the parts exist or are well formed, so
// patterns parse too. The error wraps ErrInvalid.
func Parse(s string) (ARN, error) {
	a, ok := split(s)
	if !ok || a.Partition == "" || a.Service == "" || a.Resource == "" || hasControl(s) {
		return ARN{}, fmt.Errorf("arn %q: %w", s, ErrInvalid)
	}
	return a, nil
}

// IsARN reports whether s parses as an ARN.
func IsARN(s string) bool {
	_, err := Parse(s)
	return err == nil
}

// String joins the parts again: Parse(s) followed by String gives s.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// Match reports whether a names something that pattern covers, part by part:
// in each of the pattern's parts "*" stands for any run of characters and "?"
// for one, and neither reaches over into the next part. This is how the ArnLike
// condition compares.
func (a ARN) Match(pattern ARN) bool {
	return Wildcard(pattern.Partition, a.Partition) &&
		Wildcard(pattern.Service, a.Service) &&
		Wildcard(pattern.Region, a.Region) &&
		Wildcard(pattern.Account, a.Account) &&
		Wildcard(pattern.Resource, a.Resource)
}

// ResourceType is the resource up to its first slash or colon ("role" in
// "role/team/x"), or all of it when there is neither.
func (a ARN) ResourceType() string {
	if i := strings.IndexAny(a.Resource, "/:"); i >= 0 {
		return a.Resource[:i]
	}
	return a.Resource
}

// Name is the resource's last segment: "x" in "role/team/x".
func (a ARN) Name() string {
	return a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
}

// Path is what lies between the type and the name, with both slashes, as IAM
// shows it: "/team/" in "role/team/x" and "/" in "role/x". It is empty when
// the resource has no slash.
func (a ARN) Path() string {
	first := strings.IndexByte(a.Resource, '/')
	if first < 0 {
		return ""
	}
	return a.Resource[first : strings.LastIndexByte(a.Resource, '/')+1]
}

func split(s string) (ARN, bool) {
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return ARN{}, false
	}
	var a ARN
	for _, part := range []*string{&a.Partition, &a.Service, &a.Region, &a.Account} {
		if *part, rest, ok = strings.Cut(rest, ":"); !ok {
			return ARN{}, false
		}
	}
	a.Resource = rest
	return a, true
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
