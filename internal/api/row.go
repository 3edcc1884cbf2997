package api

import (
	"context"

	"rolecall.dev/rolecall/internal/gate"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/orgwire"
	"rolecall.dev/rolecall/internal/wire/rolecallwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

// The services of this package. IAM and Organizations are global: whatever
// region a client signs for, they are asked in us-east-1.
var (
	stsService      = &gate.Service{Name: "sts", Model: &stswire.Service}
	iamService      = &gate.Service{Name: "iam", Region: "us-east-1", Model: &iamwire.Service}
	orgService      = &gate.Service{Name: "organizations", Region: "us-east-1", Model: &orgwire.Service}
	rolecallService = &gate.Service{Name: "rolecall", Model: &rolecallwire.Service}
)

// checks lists what must be allowed for an input.
type checks[In any] func(*gate.Request, In) ([]iam.Check, error)

// handler is an operation of iam: it needs the caller and the input.
type handler[In any, Out wire.Output] func(context.Context, *iam.Caller, In) (Out, error)

// reads is the row of an operation that changes nothing.
func reads[In any, Out wire.Output](service *gate.Service, name string, c checks[In], run handler[In, Out]) gate.Row {
	return gate.Row{
		Service: service, Name: name,
		Checks: func(_ context.Context, r *gate.Request) ([]iam.Check, error) { return c(r, r.Input.(In)) },
		Run: func(ctx context.Context, r *gate.Request) (any, error) {
			out, err := run(ctx, r.Caller, r.Input.(In))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// changes is the row of an operation that changes state.
func changes[In any, Out wire.Output](service *gate.Service, name string, c checks[In], run handler[In, Out]) gate.Row {
	row := reads(service, name, c, run)
	row.Changes = true
	return row
}

// deletes is the row of an operation that makes state smaller, which may run
// while only the reserve of the disk is left.
func deletes[In any, Out wire.Output](service *gate.Service, name string, c checks[In], run handler[In, Out]) gate.Row {
	row := changes(service, name, c, run)
	row.Frees = true
	return row
}

// free is the check of an operation that needs no permission.
func free[In any](*gate.Request, In) ([]iam.Check, error) { return nil, nil }
