package sts

import (
	"strings"

	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/stswire"
	"rolecall.dev/rolecall/policy"
)

// assumeRoleKeys are the condition keys of AssumeRole; see "Condition keys for
// AWS STS" in the Service Authorization Reference. The tags of the role are
// looked at only when a policy asks: a role that has fifty is then refused as
// fast as one that is missing.
type assumeRoleKeys struct {
	policy.Values
	roleTags []iam.Tag
}

func newAssumeRoleKeys(in *stswire.AssumeRoleRequest, tags []iam.Tag, transitive []string, identity string, roleTags []iam.Tag) *assumeRoleKeys {
	k := &assumeRoleKeys{roleTags: roleTags}
	k.Set("sts:RoleSessionName", in.RoleSessionName)
	if in.ExternalId != nil {
		k.Set("sts:ExternalId", *in.ExternalId)
	}
	if identity != "" {
		k.Set("sts:SourceIdentity", identity)
	}
	if len(tags) > 0 {
		keys := make([]string, len(tags))
		for i, t := range tags {
			keys[i] = t.Key
			k.Set("aws:RequestTag/"+t.Key, t.Value)
		}
		k.Set("aws:TagKeys", keys...)
	}
	if len(transitive) > 0 {
		k.Set("sts:TransitiveTagKeys", transitive...)
	}
	return k
}

// Lookup implements policy.Context.
func (k *assumeRoleKeys) Lookup(key string) ([]string, bool) {
	for _, prefix := range [...]string{"aws:resourcetag/", "iam:resourcetag/"} {
		tag, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		for i := range k.roleTags {
			if iam.SameTagKey(k.roleTags[i].Key, tag) {
				return []string{k.roleTags[i].Value}, true
			}
		}
		return nil, false
	}
	return k.Values.Lookup(key)
}
