package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/findings"
)

// maxDocument is the longest policy or case that is read, in bytes.
const maxDocument = 4 << 20

func (p *program) policyValidateCommand() *cobra.Command {
	var kind string
	var advice, asJSON bool
	c := &cobra.Command{
		Use:   "validate FILE",
		Short: "Tell whether a file is a policy, and what is wrong or unwise about it",
		Long: `Tell whether FILE ("-" for standard input) is a policy of a kind: identity, resource, trust, boundary, session, scp, rcp or
endpoint. Prints "FILE:LINE:COLUMN: message" for what makes it none, in the words IAM uses, and its size if that is over AWS's
quota. With --findings also what AWS's IAM Access Analyzer finds: errors, security warnings, warnings and suggestions.

Exit codes: 0 it is a policy, and no finding is an error; 1 it is not, or there is such a finding; 2 the command line was not
understood.`,
		Args: oneFile("which policy? give one file"),
		RunE: func(_ *cobra.Command, args []string) error {
			k, ok := policy.ParseKind(kind)
			if !ok {
				return usageError{fmt.Errorf("unknown kind %q", kind)}
			}
			r, err := p.validation(args[0], k, advice)
			if err != nil {
				return err
			}
			if asJSON {
				err = p.printJSON(r)
			} else {
				r.print(p.stdout)
			}
			if err == nil && !r.Valid {
				return exitCode(1)
			}
			return err
		},
	}
	c.Flags().StringVar(&kind, "kind", policy.Identity.String(), "what the policy is for")
	c.Flags().BoolVar(&advice, "findings", false, "look for what is unwise, too")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// oneFile wants one argument.
func oneFile(question string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{errors.New(question)}
		}
		return nil
	}
}

// validation is the outcome of policy validate, as --json prints it.
type validation struct {
	File     string              `json:"file"`
	Kind     string              `json:"kind"`
	Valid    bool                `json:"valid"`
	Size     int                 `json:"size"`
	Quota    int                 `json:"quota"`
	Error    *validationError    `json:"error,omitempty"`
	Findings []validationFinding `json:"findings,omitempty"`
}

type validationError struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Detail  string `json:"detail,omitempty"`
}

type validationFinding struct {
	Type      string               `json:"type"`
	Code      string               `json:"code"`
	Message   string               `json:"message"`
	Locations []validationLocation `json:"locations"`
}

type validationLocation struct {
	Path      string `json:"path"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
}

func (p *program) validation(file string, kind policy.Kind, advice bool) (*validation, error) {
	document, err := p.readFile(file)
	if err != nil {
		return nil, err
	}
	r := &validation{File: file, Kind: kind.String(), Size: policy.QuotaSize(kind, document), Quota: policy.Quota(kind)}
	_, err = policy.Parse(kind, document)
	var e *policy.Error
	if errors.As(err, &e) {
		r.Error = &validationError{Line: e.Line, Column: e.Column, Path: e.Path, Message: e.Message, Detail: e.Detail}
	}
	r.Valid = err == nil && r.Size <= r.Quota
	if !advice {
		return r, nil
	}
	for _, f := range findings.Validate(kind, document) {
		r.Valid = r.Valid && f.Type != findings.Error
		r.Findings = append(r.Findings, describeFinding(f))
	}
	return r, nil
}

func describeFinding(f findings.Finding) validationFinding {
	out := validationFinding{Type: f.Type.String(), Code: f.Code, Message: f.Message}
	for _, l := range f.Locations {
		out.Locations = append(out.Locations, validationLocation{l.Path, l.Start.Line, l.Start.Column, l.End.Line, l.End.Column})
	}
	return out
}

// print writes a line for each thing that is wrong.
func (r *validation) print(w io.Writer) {
	if e := r.Error; e != nil {
		text := e.Message
		if e.Path != "" {
			text = e.Path + ": " + text
		}
		if e.Detail != "" {
			text += " (" + e.Detail + ")"
		}
		fmt.Fprintf(w, "%s:%d:%d: %s\n", r.File, e.Line, e.Column, text)
	}
	if r.Size > r.Quota {
		fmt.Fprintf(w, "%s: %d characters, the quota for %s policies is %d\n", r.File, r.Size, r.Kind, r.Quota)
	}
	for _, f := range r.Findings {
		at := f.Locations[0]
		fmt.Fprintf(w, "%s:%d:%d: %s %s: %s\n", r.File, at.Line, at.Column, f.Type, f.Code, f.Message)
	}
}

// open opens a file to be read, or standard input for "-".
func (p *program) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(p.stdin), nil
	}
	return os.Open(name)
}

// readFile reads a file, or standard input for "-".
func (p *program) readFile(name string) (string, error) {
	in, err := p.open(name)
	if err != nil {
		return "", err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err == nil && len(text) > maxDocument {
		err = fmt.Errorf("%s: longer than %d bytes", name, maxDocument)
	}
	return string(text), err
}

// printJSON writes a value as indented JSON, with &, < and > as they are.
func (p *program) printJSON(v any) error {
	enc := json.NewEncoder(p.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
