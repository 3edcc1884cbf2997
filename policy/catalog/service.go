package catalog

import (
	"slices"
	"strings"
)

// Service is one service. It belongs to the catalog and must not be changed.
type Service struct {
	Prefix string // before the colon of its actions: "s3"
	Name   string // "Amazon S3"

	// RCP is set if resource control policies reach the service's resources.
	RCP bool

	Actions   []Action       // by name, without regard to case
	Resources []ResourceType // the same
	Keys      []Key          // the same; the global keys that it documents are among them
}

// AccessLevel is AWS's classification of actions.
type AccessLevel uint8

// The access levels. Tagging and PermissionsManagement actions write, too.
const (
	_ AccessLevel = iota
	List
	Read
	Write
	Tagging
	PermissionsManagement
)

var accessLevels = [...]string{"", "List", "Read", "Write", "Tagging", "Permissions management"}

// String is the level as AWS writes it, or "" for none.
func (l AccessLevel) String() string {
	if int(l) < len(accessLevels) {
		return accessLevels[l]
	}
	return ""
}

// Action is what a principal can be allowed to do.
type Action struct {
	Name   string // without the prefix: "GetObject"
	Access AccessLevel

	// Keys are the condition keys that the action has for every resource type.
	Keys []*Key

	// Resources are the resource types it can be limited to. If there are none
	// a policy has to name all resources, "*".
	Resources []ActionResource
}

// ActionResource is a resource type as one action uses it.
type ActionResource struct {
	Type     *ResourceType
	Required bool
	Keys     []*Key // besides those of the action and of the type
}

// ResourceType is a sort of resource.
type ResourceType struct {
	Name string // "object"

	// ARN is the pattern of its names, in AWS's notation:
	// "arn:${Partition}:s3:::${BucketName}/${ObjectName}".
	ARN string

	Keys []*Key
}

// Action finds an action by its name without the prefix, in any case. It
// returns nil if there is none.
func (s *Service) Action(name string) *Action {
	i, found := slices.BinarySearchFunc(s.Actions, strings.ToLower(name), func(a Action, name string) int {
		return strings.Compare(strings.ToLower(a.Name), name)
	})
	if !found {
		return nil
	}
	return &s.Actions[i]
}

// Has reports whether a request for the action can carry the condition key, by
// the action itself or by one of its resource types. Global keys count only
// where AWS documents them; see FindKey.
func (a *Action) Has(key string) bool {
	if hasKey(a.Keys, key) {
		return true
	}
	for i := range a.Resources {
		r := &a.Resources[i]
		if hasKey(r.Keys, key) || hasKey(r.Type.Keys, key) {
			return true
		}
	}
	return false
}

func hasKey(keys []*Key, name string) bool {
	return slices.ContainsFunc(keys, func(k *Key) bool { return k.Matches(name) })
}
