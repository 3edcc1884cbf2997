package api

import (
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/policy"
)

// key is a condition key with its values. No values means that the request does
// not have the key.
type key struct {
	name   string
	values []string
}

// oneKey is a key with one value.
func oneKey(name, value string) key { return key{name, []string{value}} }

// optionalKey is a key that is there if the member is.
func optionalKey(name string, value *string) key {
	if value == nil {
		return key{}
	}
	return oneKey(name, *value)
}

// on is the check of an action upon an entity of the caller's account. The tags
// of the entity stand in aws:ResourceTag and iam:ResourceTag.
func on(r *gate.Request, action string, entity iam.Resource, keys ...key) []iam.Check {
	v := &policy.Values{}
	for _, t := range entity.Tags {
		v.Set("aws:ResourceTag/"+t.Key, t.Value)
		v.Set("iam:ResourceTag/"+t.Key, t.Value)
	}
	for _, k := range keys {
		if k.values != nil {
			v.Set(k.name, k.values...)
		}
	}
	return []iam.Check{{Action: action, Resource: entity.ARN, Owner: r.Caller.Account(), Context: v}}
}

// onNothing is the check of an action without resources.
func onNothing(r *gate.Request, action string) []iam.Check {
	return []iam.Check{{Action: action, Resource: "*", Owner: r.Caller.Account()}}
}

// requestTags are aws:RequestTag/… and aws:TagKeys of tags that a request sets.
func requestTags(tags []iamwire.Tag) []key {
	if len(tags) == 0 {
		return nil
	}
	keys := make([]key, 0, len(tags)+1)
	names := make([]string, len(tags))
	for i, t := range tags {
		names[i] = t.Key
		keys = append(keys, oneKey("aws:RequestTag/"+t.Key, t.Value))
	}
	return append(keys, key{"aws:TagKeys", names})
}

// tagKeys is aws:TagKeys of tags that a request removes.
func tagKeys(names []string) key { return key{"aws:TagKeys", names} }

// boundaryOf is iam:PermissionsBoundary of a principal that has one.
func boundaryOf(entity iam.Resource) key {
	if entity.Boundary == "" {
		return key{}
	}
	return oneKey("iam:PermissionsBoundary", entity.Boundary)
}

// pathOr is the path of a request, "/" when there is none.
func pathOr(path *string) string {
	if path == nil || *path == "" {
		return "/"
	}
	return *path
}
