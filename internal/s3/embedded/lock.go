package embedded

import (
	"context"
	"sync"
)

// keyedLock is a lock for each key. The zero value is ready.
type keyedLock struct {
	// mu guards held; a key is present while it is locked.
	mu   sync.Mutex
	held map[string]chan struct{}
}

// lock waits for key and returns what unlocks it, or ctx's error.
func (k *keyedLock) lock(ctx context.Context, key string) (func(), error) {
	for {
		k.mu.Lock()
		busy, ok := k.held[key]
		if !ok {
			if k.held == nil {
				k.held = map[string]chan struct{}{}
			}
			k.held[key] = make(chan struct{})
			k.mu.Unlock()
			return func() { k.unlock(key) }, nil
		}
		k.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (k *keyedLock) unlock(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.held[key])
	delete(k.held, key)
}
