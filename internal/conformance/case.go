package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"rolecall.dev/rolecall/policy"
)

// maxLine is the longest case, in bytes.
const maxLine = 4 << 20

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

// ReadFile reads all cases of a file. The error names the line.
func ReadFile(name string) ([]Case, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cases, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return cases, nil
}

// Read reads cases, one to a line; empty lines are passed over. A key that is
// not part of the format, a missing id and a repeated id are errors.
func Read(r io.Reader) ([]Case, error) {
	var cases []Case
	seen := map[string]bool{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		c, err := parseCase(line)
		if err == nil && seen[c.ID] {
			err = fmt.Errorf("id %q repeats", c.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
		seen[c.ID] = true
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

// ReadQuestion reads one decision case, on any number of lines. It need not
// have an id, nor what is wanted; all else is as strict as in Read.
func ReadQuestion(r io.Reader) (Case, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxLine+1))
	if err != nil {
		return Case{}, err
	}
	if len(text) > maxLine {
		return Case{}, fmt.Errorf("longer than %d bytes", maxLine)
	}
	c, err := decodeCase(text)
	switch {
	case err != nil:
		return c, err
	case c.Group == "validate":
		return c, fmt.Errorf("the case asks for no decision")
	}
	if err := c.checkForm(); err != nil || c.Want == "" {
		return c, err
	}
	return c, c.checkWant()
}

func parseCase(line []byte) (Case, error) {
	c, err := decodeCase(line)
	if err != nil {
		return c, err
	}
	if c.ID == "" {
		return c, fmt.Errorf("no id")
	}
	if err := c.checkForm(); err != nil {
		return c, err
	}
	return c, c.checkWant()
}

func decodeCase(text []byte) (Case, error) {
	var c Case
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return c, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return c, fmt.Errorf("text after the case")
	}
	return c, nil
}

// checkForm reports whether the case has the fields of its form and only those.
func (c *Case) checkForm() error {
	if c.Group == "validate" {
		if _, ok := policy.ParseKind(c.Kind); !ok {
			return fmt.Errorf("kind %q", c.Kind)
		}
		if (c.Policy == nil) == (c.Text == nil) || c.Request != nil || c.Policies != nil {
			return fmt.Errorf("a validation case has policy or text, and nothing else")
		}
		return nil
	}
	if c.Request == nil || c.Policies == nil || c.Kind != "" || c.Policy != nil || c.Text != nil {
		return fmt.Errorf("a decision case has request and policies, and nothing else")
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
