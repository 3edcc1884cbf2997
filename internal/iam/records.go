package iam

import (
	"time"

	"rolecall.dev/rolecall/arn"
)

// The records below are what the store holds, as JSON. In memory they are
// immutable: a change stores a new one and the index swaps the pointer, so a
// handler may keep what it looked up for as long as it likes.

// Account is a container of everything else, and what a root user is root of.
type Account struct {
	ID      arn.AccountID `json:"id"`
	Name    string        `json:"name,omitempty"`
	Email   string        `json:"email,omitempty"`
	Created time.Time     `json:"created"`
	// CreateStatus is the request that made the account through Organizations,
	// empty for the first account.
	CreateStatus string `json:"createStatus,omitempty"`
	Tags         []Tag  `json:"tags,omitempty"`
}

// Organization is the one organization of an installation.
type Organization struct {
	ID         string        `json:"id"`     // o-…
	RootID     string        `json:"rootId"` // r-…
	Management arn.AccountID `json:"management"`
	FeatureSet string        `json:"featureSet"`
	Created    time.Time     `json:"created"`
}

// Tag is a key with a value; keys are unique without regard to case.
type Tag struct {
	Key   string `json:"k"`
	Value string `json:"v"`
}

// Name is what every entity has: unique id, friendly name, path and birth.
type Name struct {
	ID      string        `json:"id"`
	Account arn.AccountID `json:"account"`
	Name    string        `json:"name"`
	Path    string        `json:"path"`
	Created time.Time     `json:"created"`
}

// Permissions is what users, groups and roles have alike: inline policies by
// name and the ARNs of attached managed policies, in the order of attachment.
type Permissions struct {
	Inline   map[string]*Document `json:"inline,omitempty"`
	Attached []string             `json:"attached,omitempty"`
}

// User is an IAM user.
type User struct {
	Name
	Permissions
	Groups   []string `json:"groups,omitempty"` // unique ids
	Boundary string   `json:"boundary,omitempty"`
	Tags     []Tag    `json:"tags,omitempty"`

	applied *appliedDocuments
}

// Group is a set of users; membership stands in the user.
type Group struct {
	Name
	Permissions
}

// Role is an identity that others assume. Trust names principals by unique id.
type Role struct {
	Name
	Permissions
	Trust              *Document `json:"trust"`
	Description        string    `json:"description,omitempty"`
	MaxSessionDuration int64     `json:"maxSession"` // seconds
	Boundary           string    `json:"boundary,omitempty"`
	Tags               []Tag     `json:"tags,omitempty"`

	applied *appliedDocuments
}

// ManagedPolicy is a policy with an ARN and up to five versions.
type ManagedPolicy struct {
	Name
	Description string           `json:"description,omitempty"`
	Updated     time.Time        `json:"updated"`
	Versions    []*PolicyVersion `json:"versions"` // oldest first
	Default     string           `json:"default"`  // v1, v2 …
	Next        int              `json:"next"`     // number of the next version; numbers are never used again
	Tags        []Tag            `json:"tags,omitempty"`
}

// PolicyVersion is one version of a managed policy.
type PolicyVersion struct {
	ID       string    `json:"id"`
	Document *Document `json:"document"`
	Created  time.Time `json:"created"`
}

// InstanceProfile holds at most one role.
type InstanceProfile struct {
	Name
	RoleID string `json:"role,omitempty"`
	Tags   []Tag  `json:"tags,omitempty"`
}

// AccessKey is a long-term key of a user, or of the root user if User is empty.
type AccessKey struct {
	ID      string        `json:"id"`
	Account arn.AccountID `json:"account"`
	User    string        `json:"user,omitempty"` // unique id
	Active  bool          `json:"active"`
	Created time.Time     `json:"created"`
	// Sealed is the secret under the master key, bound to the id of the key.
	Sealed []byte `json:"sealed"`

	opened *openedSecret
}

// Use is when and where an access key or a role was last used, and a key for
// which service.
type Use struct {
	At      time.Time `json:"at"`
	Service string    `json:"service,omitempty"`
	Region  string    `json:"region"`
}
