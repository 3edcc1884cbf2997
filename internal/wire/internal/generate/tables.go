package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func (g *generator) service(b *bytes.Buffer) error {
	meta := g.m.Metadata
	name := meta.SigningName
	if name == "" {
		name = meta.EndpointPrefix
	}
	protocol, ok := map[string]string{"query": "wire.Query", "json": "wire.JSON11"}[meta.Protocol]
	if !ok {
		return fmt.Errorf("unsupported protocol %q", meta.Protocol)
	}
	fmt.Fprintf(b, "// Service is the table of %s, API version %s. It must not be changed.\n", name, meta.APIVersion)
	fmt.Fprintf(b, "var Service = wire.Service{\nName: %q,\nVersion: %q,\nProtocol: %s,\n", name, meta.APIVersion, protocol)
	if meta.XMLNamespace != "" {
		fmt.Fprintf(b, "Namespace: %q,\n", meta.XMLNamespace)
	}
	if meta.TargetPrefix != "" {
		fmt.Fprintf(b, "Target: %q,\n", meta.TargetPrefix)
	}
	b.WriteString("Operations: []wire.Operation{\n")
	for _, name := range slices.Sorted(maps.Keys(g.m.Operations)) {
		g.operation(b, name, g.m.Operations[name])
	}
	b.WriteString("},\n")
	g.errors(b)
	b.WriteString("}\n")
	return nil
}

func (g *generator) operation(b *bytes.Buffer, name string, op operation) {
	fmt.Fprintf(b, "{Name: %q, ", name)
	if op.Output != nil && op.Output.ResultWrapper != "" {
		fmt.Fprintf(b, "Result: %q, ", op.Output.ResultWrapper)
	}
	if op.AuthType == "none" {
		b.WriteString("Unsigned: true, ")
	}
	input := "wire.Empty"
	if op.Input != nil {
		input = goName(op.Input.Shape)
		if names := g.sensitive(op.Input.Shape); len(names) > 0 {
			fmt.Fprintf(b, "Sensitive: %#v, ", names)
		}
	}
	fmt.Fprintf(b, "New: func() wire.Input { return new(%s) }},\n", input)
}

// sensitive returns the names of the sensitive members below a shape, sorted.
func (g *generator) sensitive(name string) []string {
	reached := map[string]bool{}
	g.m.reach(name, reached)
	names := map[string]bool{}
	for name := range reached {
		for _, m := range g.m.Shapes[name].Members {
			s := g.m.Shapes[m.Shape]
			if s.Member != nil {
				s = g.m.Shapes[s.Member.Shape]
			}
			if s.Sensitive {
				names[m.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// errors writes the errors of the model by their codes. A shape without the
// error trait is a code of its own, answered with 400 or, if the service is
// at fault, 500.
func (g *generator) errors(b *bytes.Buffer) {
	rows := map[string]string{}
	for name, s := range g.m.Shapes {
		if !s.Exception {
			continue
		}
		code, status, sender := s.Error.Code, s.Error.HTTPStatusCode, !s.Fault
		if code == "" {
			code = name
		}
		if status == 0 && sender {
			status = 400
		} else if status == 0 {
			status = 500
		}
		sender = sender && status < 500
		rows[code] = fmt.Sprintf("{Code: %q, Status: %d, Sender: %t},\n", code, status, sender)
	}
	if len(rows) == 0 {
		return
	}
	b.WriteString("Errors: []wire.ErrorCode{\n")
	for _, code := range slices.Sorted(maps.Keys(rows)) {
		b.WriteString(rows[code])
	}
	b.WriteString("},\n")
}

func ruleName(s *shape) string { return lowerFirst(s.Name) + "Rule" }

// rules writes the constraints of every shape that inputs reach, and the
// patterns that they share.
func (g *generator) rules(b *bytes.Buffer) error {
	patterns := map[string]string{}
	b.WriteString("var (\n")
	for _, name := range slices.Sorted(maps.Keys(g.inputs)) {
		s := g.m.Shapes[name]
		switch s.Type {
		case "string":
			if s.Pattern != "" && patterns[s.Pattern] == "" {
				patterns[s.Pattern] = lowerFirst(name) + "Pattern"
			}
			fmt.Fprintf(b, "%s = wire.StringRule{%s}\n", ruleName(s), stringRule(s, patterns[s.Pattern]))
		case "integer", "long":
			fmt.Fprintf(b, "%s = wire.NumberRule{%s}\n", ruleName(s), numberRule(s))
		case "list":
			fmt.Fprintf(b, "%s = wire.ListRule{%s}\n", ruleName(s), strings.Join(bounds(s), ", "))
		}
	}
	b.WriteString(")\n\n")
	if len(patterns) == 0 {
		return nil
	}
	b.WriteString("var (\n")
	names := map[string]string{}
	for source, name := range patterns {
		names[name] = source
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		literal, err := patternLiteral(names[name])
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s = wire.Pattern{%s}\n", name, literal)
	}
	b.WriteString(")\n")
	return nil
}

// bounds spells the lengths that mean something: zero is the default.
func bounds(s *shape) []string {
	var parts []string
	if s.Min != nil && *s.Min > 0 {
		parts = append(parts, fmt.Sprintf("Min: %d", *s.Min))
	}
	if s.Max != nil {
		parts = append(parts, fmt.Sprintf("Max: %d", *s.Max))
	}
	return parts
}

func stringRule(s *shape, pattern string) string {
	parts := bounds(s)
	if pattern != "" {
		parts = append(parts, "Pattern: &"+pattern)
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			values = append(values, strconv.Quote(v))
		}
		parts = append(parts, "Enum: []string{"+strings.Join(values, ", ")+"}")
	}
	if s.Sensitive {
		parts = append(parts, "Sensitive: true")
	}
	return strings.Join(parts, ", ")
}

func numberRule(s *shape) string {
	var parts []string
	if s.Min != nil {
		parts = append(parts, fmt.Sprintf("HasMin: true, Min: %d", *s.Min))
	}
	if s.Max != nil {
		parts = append(parts, fmt.Sprintf("HasMax: true, Max: %d", *s.Max))
	}
	return strings.Join(parts, ", ")
}

func patternLiteral(source string) (string, error) {
	c, nonEmpty, ok := simple(source)
	if !ok {
		expr, err := translate(source)
		return fmt.Sprintf("Source: %q, Expr: %q", source, expr), err
	}
	class, err := classLiteral(c)
	if nonEmpty {
		return fmt.Sprintf("Source: %q, NonEmpty: true, Class: %s", source, class), err
	}
	return fmt.Sprintf("Source: %q, Class: %s", source, class), err
}

func classLiteral(c *charClass) (string, error) {
	var ascii [2]uint64
	var ranges, categories []string
	for _, s := range merged(c.spans) {
		for r := s.lo; r <= s.hi && r < 0x80; r++ {
			ascii[r>>6] |= 1 << (r & 63)
		}
		if s.hi >= 0x80 {
			ranges = append(ranges, fmt.Sprintf("{0x%X, 0x%X}", max(s.lo, 0x80), s.hi))
		}
	}
	for _, name := range c.categories {
		constant, ok := map[string]string{"L": "wire.Letter", "N": "wire.Number", "Z": "wire.Separator"}[name]
		if !ok {
			return "", fmt.Errorf("unsupported category %q", name)
		}
		categories = append(categories, constant)
		ascii = withCategory(ascii, name)
	}
	out := fmt.Sprintf("&wire.Class{ASCII: [2]uint64{0x%x, 0x%x}", ascii[0], ascii[1])
	if len(ranges) > 0 {
		out += ", Ranges: [][2]rune{" + strings.Join(ranges, ", ") + "}"
	}
	if len(categories) > 0 {
		out += ", Categories: " + strings.Join(categories, " | ")
	}
	return out + "}", nil
}

// withCategory adds the ASCII characters of a Unicode category.
func withCategory(ascii [2]uint64, name string) [2]uint64 {
	for r := range rune(0x80) {
		letter := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
		digit := r >= '0' && r <= '9'
		if name == "L" && letter || name == "N" && digit || name == "Z" && r == ' ' {
			ascii[r>>6] |= 1 << (r & 63)
		}
	}
	return ascii
}

// enums writes the values of every enumeration that is reached as constants.
func (g *generator) enums(b *bytes.Buffer) error {
	seen := map[string]string{}
	reached := maps.Clone(g.inputs)
	maps.Copy(reached, g.outputs)
	for _, name := range slices.Sorted(maps.Keys(reached)) {
		s := g.m.Shapes[name]
		if len(s.Enum) == 0 {
			continue
		}
		fmt.Fprintf(b, "// The values of %s.\nconst (\n", name)
		for _, value := range s.Enum {
			constant := goName(name) + constantName(value)
			if other, ok := seen[constant]; ok || g.m.Shapes[constant] != nil {
				return fmt.Errorf("enum %s: %s is %q and %q", name, constant, value, other)
			}
			seen[constant] = value
			fmt.Fprintf(b, "%s = %q\n", constant, value)
		}
		b.WriteString(")\n\n")
	}
	return nil
}

// constantName turns a value into a part of an identifier: PENDING_REPLY and
// pending-reply become PendingReply, mixed case stays as it is.
func constantName(value string) string {
	var out strings.Builder
	for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return r >= 0x80 || !isAlnum(byte(r)) }) {
		if part == strings.ToUpper(part) {
			part = strings.ToLower(part)
		}
		out.WriteString(goName(part))
	}
	return out.String()
}
