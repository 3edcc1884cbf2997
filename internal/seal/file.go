package seal

import (
	"errors"
	"fmt"
	"io"
	"os"

	"rolecall.dev/rolecall/internal/durable"
)

// maxKeyFile is far above the size of a keyset with a hundred keys.
const maxKeyFile = 64 << 10

// ErrExposed is returned for a key file that others than its owner can read or
// change. The error says what to do.
var ErrExposed = errors.New("open to other users")

// Load reads the key in the file at path, which must be its owner's alone. A
// file that is missing is fs.ErrNotExist.
func Load(path string) (*MasterKey, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("master key: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("master key: %s is not a file", path)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("master key: %s is %w (mode %04o): run chmod 600 %s", path, ErrExposed, info.Mode().Perm(), path)
	}
	keyJSON, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	if len(keyJSON) > maxKeyFile {
		return nil, fmt.Errorf("master key: %s: %w", path, ErrMalformed)
	}
	key, err := Parse(keyJSON)
	if err != nil {
		return nil, fmt.Errorf("master key: %s: %w", path, err)
	}
	return key, nil
}

// Create makes a fresh key and writes it to path (0600) so that no crash takes
// it back. A file that is there is left alone: the error is fs.ErrExist. Call it
// only when nothing has been sealed yet, never because Load found no file: a
// new key does not open old data.
func Create(path string) (*MasterKey, error) {
	keyJSON, err := New()
	if err != nil {
		return nil, err
	}
	if err := durable.CreateFile(path, keyJSON, 0o600); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return Load(path)
}
