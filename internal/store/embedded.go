package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.etcd.io/etcd/client/pkg/v3/types"
	"go.etcd.io/etcd/server/v3/config"
	"go.etcd.io/etcd/server/v3/etcdserver"
	"go.etcd.io/etcd/server/v3/etcdserver/api/v3client"
	"go.etcd.io/etcd/server/v3/etcdserver/api/v3compactor"
	"go.etcd.io/etcd/server/v3/features"
	"go.uber.org/zap"
)

// Settings of the embedded member.
const (
	// A member that is alone elects itself when an election's time has passed,
	// so the time is as short as the raft library allows: two ticks of 10 ms.
	tick          = 10 * time.Millisecond
	electionTicks = 2

	// Old revisions serve watches that fell behind. Within one process none
	// does for minutes.
	retention = 10 * time.Minute

	// A start reads the log since the last snapshot of it, so snapshots are
	// frequent; no other member has to catch up from the log.
	snapshotEntries = 2_000
	catchUpEntries  = 100

	// quota is a guard against a runaway, far above the size that a million
	// roles take. A member above it answers writes with ErrUnavailable.
	quota = 8 << 30

	// A start returns free pages to the file system when they are worth the
	// time that it takes.
	defragMegabytes = 256

	// A lone member is ready within milliseconds of having read its log. The
	// bound turns whatever keeps it from that into an error.
	startTimeout = time.Minute

	dataName       = "etcd"            // in Options.Dir: the member's data
	unfinishedName = "etcd.unfinished" // the same, until its first start is complete
	memberName     = "embedded"
	// peerURL is a name that etcd demands of every member. Nothing listens on
	// it and nothing calls it. It is kept in the data, so it never changes.
	peerURL = "http://127.0.0.1:0"
)

// Options say how OpenEmbedded opens a store. Only Dir is needed.
type Options struct {
	Dir    string       // created 0700 if missing; a relative path is made absolute at once
	Logger *slog.Logger // where the member's errors go; nil: slog.Default()
	Faults Faults       // for tests; nil: none
}

// OpenEmbedded starts one etcd member in this process, without any listener,
// on the data in o.Dir, and returns when it serves reads and writes. It returns
// ErrLocked at once when the directory is in use. A directory that a crash left
// behind needs no repair: all that was acknowledged is there. ctx bounds the
// start only.
func OpenEmbedded(ctx context.Context, o Options) (*Store, error) {
	dir, err := prepare(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	unlock, err := lock(dir)
	if err != nil {
		return nil, err
	}
	server, err := openMember(ctx, dir, zapTo(o.Logger))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the store: %w", err), unlock())
	}
	return newStore(v3client.New(server), o.Faults, func() error {
		server.Stop()
		return unlock()
	}), nil
}

// prepare makes dir absolute and sees to it that it exists, also after a crash.
func prepare(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no directory given")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return dir, syncDir(filepath.Dir(dir))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// openMember starts the member on the data below dir, which it makes first if
// there is none.
//
// etcd cannot start on data that it was interrupted in making: without the
// record of its own membership a member waits for others for ever. So the first
// data is made under another name and gets its own when it is complete; what an
// interrupted first start left behind, and nothing else, is thrown away.
func openMember(ctx context.Context, dir string, logger *zap.Logger) (*etcdserver.EtcdServer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, errors.New("the member did not become ready"))
	defer cancel()
	data, unfinished := filepath.Join(dir, dataName), filepath.Join(dir, unfinishedName)
	if _, err := os.Stat(data); !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return nil, err
		}
		if err := awaitLog(ctx, data); err != nil {
			return nil, err
		}
		return startMember(ctx, data, logger)
	}
	if err := os.RemoveAll(unfinished); err != nil {
		return nil, err
	}
	server, err := startMember(ctx, unfinished, logger)
	if err != nil {
		return nil, err
	}
	server.Stop()
	if err := os.Rename(unfinished, data); err != nil {
		return nil, err
	}
	if err := syncDir(dir); err != nil {
		return nil, err
	}
	return startMember(ctx, data, logger)
}

// startMember returns when the member has elected itself and applied its log.
func startMember(ctx context.Context, dir string, logger *zap.Logger) (*etcdserver.EtcdServer, error) {
	cfg, err := memberConfig(dir, logger)
	if err != nil {
		return nil, err
	}
	server, err := etcdserver.NewServer(cfg)
	if err != nil {
		return nil, err
	}
	server.Start()
	select {
	case <-server.ReadyNotify():
		return server, nil
	case <-server.StopNotify():
		err = errors.New("the member stopped")
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	server.HardStop()
	return nil, err
}

func memberConfig(dir string, logger *zap.Logger) (config.ServerConfig, error) {
	peers, err := types.NewURLs([]string{peerURL})
	if err != nil {
		return config.ServerConfig{}, err
	}
	return config.ServerConfig{
		Name:                memberName,
		DataDir:             dir,
		PeerURLs:            peers,
		InitialPeerURLsMap:  types.URLsMap{memberName: peers},
		InitialClusterToken: "rolecall",
		NewCluster:          true, // only when there is no data yet

		TickMs:        uint(tick.Milliseconds()),
		ElectionTicks: electionTicks,

		SnapshotCount:                     snapshotEntries,
		SnapshotCatchUpEntries:            catchUpEntries,
		AutoCompactionMode:                v3compactor.ModePeriodic,
		AutoCompactionRetention:           retention,
		QuotaBackendBytes:                 quota,
		BootstrapDefragThresholdMegabytes: defragMegabytes,
		BackendFreelistType:               bolt.FreelistMapType,
		MaxSnapFiles:                      2,
		MaxWALFiles:                       2,

		MaxTxnOps:       MaxOps,
		MaxRequestBytes: MaxBytes + MaxBytes/2,

		WarningApplyDuration:        time.Second,
		WarningUnaryRequestDuration: time.Second,
		WatchProgressNotifyInterval: retention,
		DowngradeCheckTime:          time.Minute,
		AuthToken:                   "simple",
		TokenTTL:                    300,
		BcryptCost:                  10,
		ServerFeatureGate:           features.NewDefaultServerFeatureGate(memberName, logger),
		Logger:                      logger,
	}, nil
}
