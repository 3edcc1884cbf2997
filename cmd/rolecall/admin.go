package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/server"
)

func (p *program) adminCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "admin",
		Short: "Regain access to a server that is stopped",
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.resetCommand(), p.rootKeyCommand())
	return c
}

func (p *program) resetCommand() *cobra.Command {
	config := server.Config{}
	c := &cobra.Command{
		Use:   "reset --data-dir DIR",
		Short: "Make a new key for the administrator and delete the old ones",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withState(c, config, func(st *server.State) error {
				key, err := st.IAM.ResetAdmin(c.Context())
				if err != nil {
					return err
				}
				return p.handOver(st, "credentials", key)
			})
		},
	}
	addStateFlags(c, &config)
	return c
}

func (p *program) rootKeyCommand() *cobra.Command {
	config := server.Config{}
	var remove bool
	c := &cobra.Command{
		Use:   "root-key --data-dir DIR",
		Short: "Make an access key of the account's root user, or delete all of them",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withState(c, config, func(st *server.State) error {
				if remove {
					return st.IAM.DeleteRootKeys(c.Context())
				}
				key, err := st.IAM.MakeRootKey(c.Context())
				switch {
				case errors.Is(err, apierr.LimitExceeded):
					return errors.New("the root user has as many access keys as it can have: delete them with --delete first")
				case err != nil:
					return err
				}
				return p.handOver(st, "root-credentials", key)
			})
		},
	}
	addStateFlags(c, &config)
	c.Flags().BoolVar(&remove, "delete", false, "delete the root user's access keys")
	return c
}

func addStateFlags(c *cobra.Command, config *server.Config) {
	c.Flags().StringVar(&config.DataDir, "data-dir", "", "the server's data directory (required)")
	c.Flags().StringVar(&config.MasterKeyFile, "master-key-file", "", "file with the master key (default DIR/master.key)")
}

// withState opens the data directory of a server that is stopped.
func (p *program) withState(c *cobra.Command, config server.Config, work func(*server.State) error) error {
	if config.DataDir == "" {
		return usageError{fmt.Errorf("no data directory: set --data-dir")}
	}
	if _, err := os.Stat(filepath.Join(config.DataDir, "store")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not the data directory of a server: set --data-dir to the one that rolecall serve was given", config.DataDir)
	}
	p.configFromEnvironment(&config)
	config.Now, config.ClockControl, config.Log = time.Now, true, slog.New(slog.DiscardHandler)
	st, err := server.OpenState(c.Context(), config)
	if err != nil {
		return err
	}
	if err := work(st); err != nil {
		_ = st.Close()
		return err
	}
	return st.Close()
}

// handOver writes a key to a file and tells where.
func (p *program) handOver(st *server.State, name string, key iam.FirstAccount) error {
	path := filepath.Join(st.Dir, name)
	if err := server.WriteCredentials(path, "us-east-1", key); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "rolecall: the new access key is in %s\n", path)
	return nil
}
