package conformance

import (
	"encoding/json"
	"errors"
	"fmt"

	"rolecall.dev/rolecall/policy"
)

// Case is one line of a case file. Cases of the group "validate" have Kind and
// Policy or Text; the others have Request and Policies.
type Case struct {
	ID     string   `json:"id"`
	Group  string   `json:"group"`
	Note   string   `json:"note"`
	Want   string   `json:"want"`
	Why    []string `json:"why"`
	Source string   `json:"source"`
	Reason string   `json:"reason"`

	Request  *Request  `json:"request"`
	Policies *Policies `json:"policies"`

	Kind   string          `json:"kind"`
	Policy json.RawMessage `json:"policy"`
	Text   *string         `json:"text"`
}

// Request is what is asked.
type Request struct {
	Principal       Principal           `json:"principal"`
	Action          string              `json:"action"`
	Resource        string              `json:"resource"`
	ResourceAccount string              `json:"resourceAccount"`
	Context         map[string][]string `json:"context"`
}

// Principal is the caller.
type Principal struct {
	Type    string `json:"type"`
	ARN     string `json:"arn"`
	Account string `json:"account"`
	Role    string `json:"role"`
	User    string `json:"user"`
}

// Policies are the documents that apply.
type Policies struct {
	Identity []json.RawMessage   `json:"identity"`
	Boundary json.RawMessage     `json:"boundary"`
	Session  []json.RawMessage   `json:"session"`
	Resource json.RawMessage     `json:"resource"`
	SCPs     [][]json.RawMessage `json:"scps"`
	RCPs     [][]json.RawMessage `json:"rcps"`
	Endpoint json.RawMessage     `json:"endpoint"`
}

// checkForm reports whether the case has the fields of its form and only those.
func (c *Case) checkForm() error {
	if c.Group == "validate" {
		if _, ok := policy.ParseKind(c.Kind); !ok {
			return fmt.Errorf("kind %q", c.Kind)
		}
		if (c.Policy == nil) == (c.Text == nil) || c.Request != nil || c.Policies != nil {
			return errors.New("a validation case has policy or text, and nothing else")
		}
		return nil
	}
	if c.Request == nil || c.Policies == nil || c.Kind != "" || c.Policy != nil || c.Text != nil {
		return errors.New("a decision case has request and policies, and nothing else")
	}
	if _, ok := policy.ParsePrincipalType(c.Request.Principal.Type); !ok {
		return fmt.Errorf("principal type %q", c.Request.Principal.Type)
	}
	return nil
}

func (c *Case) checkWant() error {
	if c.Group == "validate" {
		return oneOf(c.Want, "valid", "invalid")
	}
	return oneOf(c.Want, policy.Allow.String(), policy.ExplicitDeny.String(), policy.ImplicitDeny.String())
}

func oneOf(got string, want ...string) error {
	for _, w := range want {
		if got == w {
			return nil
		}
	}
	return fmt.Errorf("want is %q, not one of %q", got, want)
}
