package apierr

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestFromKeepsOurErrorsAndHidesOthers(t *testing.T) {
	t.Parallel()
	ours := NoSuchEntity.New("The role with name %s cannot be found.", "r")
	if got := From(fmt.Errorf("get role: %w", ours)); got != ours {
		t.Errorf("From(wrapped) = %v, want the same error", got)
	}
	secret := errors.New("disk sda1 is on fire")
	got := From(secret)
	if !errors.Is(got, InternalFailure) || strings.Contains(got.Message, "sda1") {
		t.Errorf("From(%v) = %+v, want an InternalFailure without detail", secret, got)
	}
	if !errors.Is(got, secret) {
		t.Errorf("From(%v) lost its cause", secret)
	}
}

func TestIsTellsKindsApart(t *testing.T) {
	t.Parallel()
	err := error(AccessDenied.New("no"))
	if !errors.Is(err, AccessDenied) || errors.Is(err, NoSuchEntity) {
		t.Errorf("errors.Is confuses kinds for %v", err)
	}
}

func TestWithDoesNotChangeTheOriginal(t *testing.T) {
	t.Parallel()
	e := AccessDenied.New("no")
	f := e.With("BucketName", "b")
	if len(e.Fields) != 0 || len(f.Fields) != 1 {
		t.Errorf("With: original has %d fields, copy %d; want 0 and 1", len(e.Fields), len(f.Fields))
	}
}
