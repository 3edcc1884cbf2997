package store_test

import (
	"testing"

	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/store/storetest"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) (*store.Store, func() *store.Store) {
		dir := t.TempDir()
		s := open(t, dir)
		return s, func() *store.Store {
			if err := s.Close(); err != nil {
				t.Fatalf("Close: %v", err)
			}
			return open(t, dir)
		}
	})
}
