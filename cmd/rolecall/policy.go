package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/internal/conformance"
)

func (p *program) policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "Try policies without a server",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use:   "test FILE",
		Short: "Decide the cases of a file and tell which come out differently",
		Long: `Decide the cases of FILE ("-" for standard input), one JSON object to a line: a request, the policies that apply, and the
answer that is wanted. Prints a line for each case that comes out differently, then "N passed, M failed".

Exit codes: 0 all passed; 1 some failed, or the file is not understood or has no case; 2 the command line was not understood.`,
		Args: oneFile("which cases? give one file"),
		RunE: func(_ *cobra.Command, args []string) error { return p.policyTest(args[0]) },
	}, p.policyValidateCommand(), p.policyDecideCommand())
	return c
}

func (p *program) policyTest(file string) error {
	in, err := p.open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	cases, err := conformance.Read(file, in)
	if err != nil {
		return err
	}
	passed, failed := conformance.RunAll(cases, func(r conformance.Result) {
		if !r.Passed() {
			fmt.Fprintln(p.stdout, r)
		}
	})
	fmt.Fprintf(p.stdout, "%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		return exitCode(1)
	}
	return nil
}
