package client

import (
	"context"
	"math"
	"time"
)

// ClockTime is the moved clock of a server.
type ClockTime struct {
	Now    time.Time
	Offset time.Duration // ahead of the real time
}

// AdvanceClock moves the clock of a Rolecall server forward by whole seconds.
func (c *Client) AdvanceClock(ctx context.Context, by time.Duration) (ClockTime, error) {
	in := struct{ Seconds int64 }{int64(by / time.Second)}
	var out struct {
		OffsetSeconds int64
		Now           float64 // seconds since 1970
	}
	if err := c.JSON(ctx, "rolecall", "Rolecall_20261101.AdvanceClock", in, &out); err != nil {
		return ClockTime{}, err
	}
	seconds, fraction := math.Modf(out.Now)
	return ClockTime{
		Now:    time.Unix(int64(seconds), int64(fraction*float64(time.Second))).UTC(),
		Offset: time.Duration(out.OffsetSeconds) * time.Second,
	}, nil
}
