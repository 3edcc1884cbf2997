package main

import (
	"context"
	"errors"
	"testing"

	"rolecall.dev/rolecall/internal/apierr"
)

func TestStepCompares(t *testing.T) {
	t.Parallel()
	expired := apierr.S3ExpiredToken.New("The provided token has expired.")
	for name, c := range map[string]struct {
		want *apierr.Kind
		err  error
		ok   bool
	}{
		"allowed":                        {nil, nil, true},
		"denied for the right reason":    {&apierr.S3ExpiredToken, expired, true},
		"denied, but should be allowed":  {nil, expired, false},
		"allowed, but should be denied":  {&apierr.AccessDenied, nil, false},
		"denied for another reason":      {&apierr.AccessDenied, expired, false},
		"the same code, another status":  {&apierr.ExpiredToken, expired, false},
		"no answer":                      {nil, errors.New("connection reset"), false},
		"no answer, should be denied":    {&apierr.AccessDenied, errors.New("connection reset"), false},
		"not what was expected to be in": {nil, errors.New("2 buckets"), false},
	} {
		s := step{row{Step: 1, Result: "as told"}, c.want, func(context.Context) (string, error) { return "output", c.err }}
		got := s.play(t.Context())
		if got.OK != c.ok || (got.Result == "as told") != c.ok || got.Output == "" {
			t.Errorf("%s: %+v, want OK %v", name, got, c.ok)
		}
	}
}
