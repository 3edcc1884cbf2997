package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// model is a service model in botocore's format, as far as it is used. Traits
// that would change a codec and are not here make parsing fail.
type model struct {
	Metadata   metadata
	Operations map[string]operation
	Shapes     map[string]*shape
}

type metadata struct {
	APIVersion     string
	EndpointPrefix string
	SigningName    string
	Protocol       string
	TargetPrefix   string
	XMLNamespace   string
}

type operation struct {
	Name     string
	Input    *ref
	Output   *output
	AuthType string
}

type output struct {
	Shape         string
	ResultWrapper string
}

// ref names the shape of a member or element.
type ref struct {
	Shape string
}

// refTraits are the keys that a reference may have: anything else, such as
// locationName or flattened, changes how it is spelled.
var refTraits = []string{"shape"}

func (r *ref) UnmarshalJSON(data []byte) error {
	var traits map[string]json.RawMessage
	if err := json.Unmarshal(data, &traits); err != nil {
		return err
	}
	for name := range traits {
		if !slices.Contains(refTraits, name) {
			return fmt.Errorf("reference %s: unsupported trait %q", data, name)
		}
	}
	return json.Unmarshal(traits["shape"], &r.Shape)
}

type shape struct {
	Name      string `json:"-"`
	Type      string
	Members   members
	Required  []string
	Member    *ref
	Key       *ref
	Value     *ref
	Min, Max  *int64
	Pattern   string
	Enum      []string
	Box       bool
	Sensitive bool
	Exception bool
	Fault     bool
	Error     struct {
		Code           string
		HTTPStatusCode int
		SenderFault    *bool
	}
}

// shapeTraits are the keys that a shape may have; see refTraits.
var shapeTraits = []string{
	"type", "members", "required", "member", "key", "value", "min", "max", "pattern", "enum", "box",
	"sensitive", "exception", "fault", "error",
}

// members keeps the order of the model, which is the order on the wire.
type members []member

type member struct {
	Name string
	ref
}

func (m *members) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var r ref
		if err := d.Decode(&r); err != nil {
			return err
		}
		*m = append(*m, member{name.(string), r})
	}
	return nil
}

func parseModel(data []byte) (*model, error) {
	var m model
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, err
	}
	var raw struct {
		Shapes map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	for name, s := range m.Shapes {
		s.Name = name
		for trait := range raw.Shapes[name] {
			if !slices.Contains(shapeTraits, trait) {
				return nil, fmt.Errorf("shape %s: unsupported trait %q", name, trait)
			}
		}
	}
	return &m, nil
}

// markSecrets gives the trait "sensitive" to shapes that are secrets although
// the model does not say so. A name that the model lacks is an error.
func (m *model) markSecrets(names []string) error {
	for _, name := range names {
		s, ok := m.Shapes[name]
		if !ok {
			return fmt.Errorf("no shape %s to mark as sensitive", name)
		}
		s.Sensitive = true
	}
	return nil
}

// parts returns the references that a shape makes.
func (s *shape) parts() []string {
	var names []string
	for _, m := range s.Members {
		names = append(names, m.Shape)
	}
	for _, r := range []*ref{s.Member, s.Key, s.Value} {
		if r != nil {
			names = append(names, r.Shape)
		}
	}
	return names
}

// reach adds the shape called name and all that it refers to.
func (m *model) reach(name string, into map[string]bool) {
	if into[name] {
		return
	}
	into[name] = true
	for _, part := range m.Shapes[name].parts() {
		m.reach(part, into)
	}
}

// inputs and outputs return the names of the shapes of each direction.
func (m *model) inputs() map[string]bool {
	names := map[string]bool{}
	for _, op := range m.Operations {
		if op.Input != nil {
			m.reach(op.Input.Shape, names)
		}
	}
	return names
}

func (m *model) outputs() map[string]bool {
	names := map[string]bool{}
	for _, op := range m.Operations {
		if op.Output != nil {
			m.reach(op.Output.Shape, names)
		}
	}
	return names
}
