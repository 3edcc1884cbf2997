package main

import (
	"bytes"
	"fmt"
	"strings"
)

func (g *generator) decoders(b *bytes.Buffer) error {
	for _, s := range g.structures(g.inputs) {
		fmt.Fprintf(b, "// Decode reads and checks the members of %s.\nfunc (v *%s) Decode(d *wire.Decoder) {\n\tfor d.Next() {\n",
			goName(s.Name), goName(s.Name))
		if len(s.Members) == 0 {
			b.WriteString("\t\td.Unknown()\n\t}\n}\n\n")
			continue
		}
		b.WriteString("\t\tswitch d.Name() {\n")
		for _, m := range s.Members {
			expr, err := g.decodeExpr(g.m.Shapes[m.Shape], s.requires(m.Name))
			if err != nil {
				return fmt.Errorf("%s.%s: %w", s.Name, m.Name, err)
			}
			fmt.Fprintf(b, "\t\tcase %q:\n\t\t\tv.%s = %s\n", m.Name, goName(m.Name), expr)
		}
		b.WriteString("\t\tdefault:\n\t\t\td.Unknown()\n\t\t}\n\t}\n")
		if len(s.Required) > 0 {
			fmt.Fprintf(b, "\td.Require(%s)\n", g.requiredInOrder(s))
		}
		b.WriteString("}\n\n")
	}
	return nil
}

// requiredInOrder lists the required members in the order of the members.
func (g *generator) requiredInOrder(s *shape) string {
	var names []string
	for _, m := range s.Members {
		if s.requires(m.Name) {
			names = append(names, fmt.Sprintf("%q", m.Name))
		}
	}
	return strings.Join(names, ", ")
}

func (g *generator) decodeExpr(s *shape, required bool) (string, error) {
	switch s.Type {
	case "structure":
		return fmt.Sprintf("wire.DecodeStruct[%s](d)", goName(s.Name)), nil
	case "list":
		element := g.m.Shapes[s.Member.Shape]
		if element.Type == "structure" {
			return fmt.Sprintf("wire.DecodeList[%s](d, &%s)", goName(element.Name), ruleName(s)), nil
		}
		return fmt.Sprintf("d.Strings(&%s, &%s)", ruleName(s), ruleName(element)), nil
	case "string", "integer", "long":
		return fmt.Sprintf("d.%s(&%s)", verb(s, required), ruleName(s)), nil
	case "boolean", "timestamp":
		return fmt.Sprintf("d.%s()", verb(s, required)), nil
	}
	return "", fmt.Errorf("shape %s of type %s is not supported in inputs", s.Name, s.Type)
}

func (g *generator) encoders(b *bytes.Buffer) error {
	for _, s := range g.structures(g.outputs) {
		if len(s.Members) == 0 {
			fmt.Fprintf(b, "// Encode writes nothing: %s has no members.\nfunc (*%s) Encode(*wire.Encoder) {}\n\n",
				goName(s.Name), goName(s.Name))
			continue
		}
		fmt.Fprintf(b, "// Encode writes the members of %s.\nfunc (v *%s) Encode(e *wire.Encoder) {\n", goName(s.Name), goName(s.Name))
		for _, m := range s.Members {
			fmt.Fprintf(b, "\t%s\n", g.encodeCall(m, s.requires(m.Name)))
		}
		b.WriteString("}\n\n")
	}
	return nil
}

func (g *generator) encodeCall(m member, required bool) string {
	s := g.m.Shapes[m.Shape]
	args := fmt.Sprintf("%q, v.%s, %t", m.Name, goName(m.Name), required)
	switch s.Type {
	case "structure":
		return "wire.EncodeStruct(e, " + args + ")"
	case "list":
		if g.m.Shapes[s.Member.Shape].Type == "structure" {
			return "wire.EncodeList(e, " + args + ")"
		}
		return "e.Strings(" + args + ")"
	case "map":
		if g.m.Shapes[s.Value.Shape].Type == "integer" {
			return "e.Int32Map(" + args + ")"
		}
		return "e.StringMap(" + args + ")"
	case "blob":
		return "e.Blob(" + args + ")"
	}
	return fmt.Sprintf("e.%s(%q, v.%s)", verb(s, required), m.Name, goName(m.Name))
}
