//go:build !linux

package audit

import (
	"math"
	"os"
)

func allocate(f *os.File, size int64) error { return writeZeros(f, size) }

// free does not know; making the reserve anew is then simply tried.
func (d directory) free() (int64, error) { return math.MaxInt64, nil }
