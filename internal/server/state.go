package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"path/filepath"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/clock"
	"rolecall.dev/rolecall/internal/durable"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/s3"
	"rolecall.dev/rolecall/internal/seal"
	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/sts"
)

// State is what a server keeps below its data directory, opened: also by
// commands that work on it while the server is stopped.
type State struct {
	Dir    string
	Store  *store.Store
	Mirror *store.Mirror
	Clock  *clock.Clock
	IAM    *iam.IAM
	Tokens *sts.Keys
	// Buckets are the records of S3's buckets.
	Buckets *s3.Buckets

	started bool
}

// masterCheckKey holds a value that only the right master key opens.
const masterCheckKey = iam.Root + "master-key-check"

// OpenState opens the data directory. A directory that is in use, that others
// can read, or whose master key is missing or wrong is refused.
func OpenState(ctx context.Context, config Config) (*State, error) {
	dir, err := durable.PrepareDir(config.DataDir)
	if err != nil {
		return nil, err
	}
	st := &State{Dir: dir}
	st.Store, err = store.OpenEmbedded(ctx, store.Options{Dir: filepath.Join(dir, "store"), Logger: config.Log})
	if errors.Is(err, store.ErrLocked) {
		return nil, fmt.Errorf("the data directory %s is in use by another process: stop that one, or set another --data-dir", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open the store in %s: %w", dir, err)
	}
	if err := st.read(ctx, config); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

func (st *State) read(ctx context.Context, config Config) error {
	master, err := st.masterKey(ctx, config)
	if err != nil {
		return err
	}
	st.Mirror = store.NewMirror(st.Store, iam.Root)
	st.Clock = clock.New(st.Store, st.Mirror, config.Now, config.ClockControl)
	if st.IAM, err = iam.New(st.Store, st.Mirror, master, st.Clock.Now); err != nil {
		return err
	}
	st.Tokens = sts.NewKeys(st.Store, st.Mirror, master)
	st.Buckets = s3.NewBuckets(st.Store, st.Mirror)
	if err := st.Mirror.Start(ctx); err != nil {
		return err
	}
	st.started = true
	if st.Clock.Offset() > 0 && !config.ClockControl {
		return fmt.Errorf("the clock of %s was moved forward by %s: start with --clock-control, or use another data directory", st.Dir, st.Clock.Offset())
	}
	return st.Tokens.Ensure(ctx)
}

// masterKey finds the key and tries it on the check value. A new key is made
// only where nothing has been sealed yet.
func (st *State) masterKey(ctx context.Context, config Config) (*seal.MasterKey, error) {
	check, found, err := st.Store.Get(ctx, masterCheckKey)
	if err != nil {
		return nil, err
	}
	master, err := loadMasterKey(config, filepath.Join(st.Dir, "master.key"), !found)
	if err != nil {
		return nil, err
	}
	if found {
		return master, master.Verify(check.Value)
	}
	value, err := master.CheckValue()
	if err != nil {
		return nil, err
	}
	_, err = st.Store.Commit(ctx, (&store.Txn{}).Absent(masterCheckKey).Put(masterCheckKey, value))
	return master, err
}

func loadMasterKey(config Config, path string, first bool) (*seal.MasterKey, error) {
	switch {
	case config.MasterKey != "":
		return seal.ParseBase64(string(config.MasterKey))
	case config.MasterKeyFile != "":
		return seal.Load(config.MasterKeyFile)
	}
	master, err := seal.Load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && first:
		return seal.Create(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the master key %s is missing: put it back, or give it with --master-key-file or ROLECALL_MASTER_KEY", path)
	}
	return master, err
}

// ensureFirst makes the first account and its administrator, or checks that
// what is configured agrees with what was made before. The credentials are
// written first, so that a crash in between leaves no account without them.
func (st *State) ensureFirst(ctx context.Context, config Config) error {
	first, ok, err := st.IAM.First(ctx)
	if err != nil {
		return err
	}
	if ok {
		return st.agree(first, config)
	}
	first = iam.FirstAccount{Account: firstAccount(config), AccessKeyID: config.AdminKeyID, SecretAccessKey: string(config.AdminSecret)}
	if first.AccessKeyID == "" {
		first = st.IAM.NewKey(first)
	}
	if err := WriteCredentials(filepath.Join(st.Dir, "credentials"), config.Region, first); err != nil {
		return err
	}
	return st.IAM.Bootstrap(ctx, first)
}

// agree refuses settings that count at the first start only and differ now.
func (st *State) agree(first iam.FirstAccount, config Config) error {
	if config.AccountID != "" && config.AccountID != string(first.Account) {
		return fmt.Errorf("--account-id %s differs from the account %s that %s was made with: leave it out, or use another data directory", config.AccountID, first.Account, st.Dir)
	}
	if config.AdminKeyID != "" && !st.IAM.IsAdminKey(first.Account, config.AdminKeyID, string(config.AdminSecret)) {
		return fmt.Errorf("ROLECALL_ADMIN_ACCESS_KEY_ID and ROLECALL_ADMIN_SECRET_ACCESS_KEY are not the administrator's of %s: unset them, or run rolecall admin reset", st.Dir)
	}
	return nil
}

// firstAccount is the number of the first account.
func firstAccount(config Config) arn.AccountID {
	if config.AccountID != "" {
		return arn.AccountID(config.AccountID)
	}
	if host, _, err := net.SplitHostPort(config.Listen); err == nil && loopback(host) {
		return exampleAccount
	}
	n, err := rand.Int(rand.Reader, big.NewInt(900_000_000_000))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return arn.AccountID(fmt.Sprint(100_000_000_000 + n.Int64()))
}

// WriteCredentials writes a key in the AWS shared credentials format, readable
// by its owner alone.
func WriteCredentials(path, region string, key iam.FirstAccount) error {
	text := fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = %s\nregion = %s\n", key.AccessKeyID, key.SecretAccessKey, region)
	return durable.WriteFile(path, []byte(text), 0o600)
}

// Close closes everything. It may be called on a state that was opened in part.
func (st *State) Close() error {
	if st.started {
		st.Mirror.Stop()
	}
	return st.Store.Close()
}
