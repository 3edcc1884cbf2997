package api

import (
	"context"
	"errors"
	"time"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/clock"
	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire/rolecallwire"
)

// clockRows are the rows of our own service about time.
func clockRows(c *clock.Clock) []gate.Row {
	advance := func(ctx context.Context, _ *iam.Caller, in *rolecallwire.AdvanceClockRequest) (*rolecallwire.AdvanceClockResponse, error) {
		offset, err := c.Advance(ctx, time.Duration(in.Seconds)*time.Second)
		switch {
		case errors.Is(err, clock.ErrFixed):
			return nil, apierr.AccessDeniedException.New("This server does not let its clock be moved: start it with --clock-control.")
		case errors.Is(err, clock.ErrRange):
			return nil, apierr.ValidationException.New("The clock cannot be moved that far.")
		case err != nil:
			return nil, apierr.ServiceUnavailable.Wrap(err, "The clock could not be moved.")
		}
		return &rolecallwire.AdvanceClockResponse{OffsetSeconds: int64(offset / time.Second), Now: c.Now()}, nil
	}
	return []gate.Row{
		withParameters(changes(rolecallService, "AdvanceClock", func(r *gate.Request, _ *rolecallwire.AdvanceClockRequest) ([]iam.Check, error) {
			return onNothing(r, "rolecall:AdvanceClock"), nil
		}, advance), advanceClockParameters),
	}
}
