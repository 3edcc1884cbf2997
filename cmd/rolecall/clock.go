package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/internal/client"
)

func (p *program) clockCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "clock",
		Short: "Move the clock of a server that was started with --clock-control",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.advanceCommand())
	return c
}

func (p *program) advanceCommand() *cobra.Command {
	var options client.Options
	c := &cobra.Command{
		Use:   "advance DURATION",
		Short: "Move the clock forward, to see credentials expire without waiting",
		Long: `Move the clock of a server forward, by a duration such as 15m, 1h or 900 (seconds). It cannot be moved back.

The credentials to call with and the server come from the usual profiles and AWS_ variables; the caller needs the action
rolecall:AdvanceClock, which the administrator has. The clock decides when sessions expire and what the time is in
policies; signatures and certificates stay with the real time.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("by how much? give one duration such as 1h")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return p.advance(c.Context(), args[0], options) },
	}
	addClientFlags(c, &options)
	return c
}

func (p *program) advance(ctx context.Context, text string, options client.Options) error {
	by, err := parseDuration(text)
	if err != nil {
		return usageError{fmt.Errorf("%q is not a duration of whole seconds such as 15m, 1h or 900", text)}
	}
	caller, err := p.client(ctx, options)
	if err != nil {
		return err
	}
	moved, err := caller.AdvanceClock(ctx, by)
	if err != nil {
		return failed("advance the clock", err)
	}
	fmt.Fprintf(p.stdout, "rolecall: the server's time is %s, %s ahead of the real time\n", moved.Now.Format(time.RFC3339), moved.Offset)
	return nil
}
