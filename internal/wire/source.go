package wire

import (
	"time"

	"rolecall.dev/rolecall/internal/apierr"
)

// A source is one protocol's way of spelling structures, lists and scalars. It
// is a cursor: nextMember and nextElement move to a value, which the caller
// then takes with exactly one of the other methods.
//
// The first failure sticks: after it nothing more is found and every scalar is
// zero, so that all loops end.
type source interface {
	openStruct()
	// nextMember moves to the next member of the innermost open structure and
	// returns its name; at its end it closes it and returns false.
	nextMember() (string, bool)
	openList()
	// nextElement moves to the next element of the innermost open list; at
	// its end it closes it and returns false.
	nextElement() bool
	// null takes the value if it says that the member is absent.
	null() bool
	text() string
	integer(bits int) int64
	boolean() bool
	timestamp() time.Time
	// unknown fails for a member with a name that the model does not have.
	unknown(name string)
	// repeated fails for a member that was there before.
	repeated(name string)
	failure() *apierr.Error
}
