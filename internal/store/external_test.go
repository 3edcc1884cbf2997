package store_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"

	"rolecall.dev/rolecall/internal/store"
	"rolecall.dev/rolecall/internal/store/storetest"
)

// startCluster runs an etcd server as an operator runs it, with listeners, and
// returns its address.
func startCluster(t *testing.T) string {
	t.Helper()
	config := embed.NewConfig()
	config.Dir = t.TempDir()
	config.TickMs, config.ElectionMs = 10, 100
	config.ZapLoggerBuilder = embed.NewZapLoggerBuilder(zap.NewNop())
	anyPort := url.URL{Scheme: "http", Host: "127.0.0.1:0"}
	config.ListenClientUrls, config.ListenPeerUrls = []url.URL{anyPort}, []url.URL{anyPort}
	server, err := embed.StartEtcd(config)
	if err != nil {
		t.Fatalf("start etcd: %v", err)
	}
	t.Cleanup(server.Close)
	<-server.Server.ReadyNotify()
	return server.Clients[0].Addr().String()
}

func openExternal(t *testing.T, address string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), clientv3.Config{Endpoints: []string{address}, Logger: zap.NewNop()})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// relay passes connections on to a server, and cuts them when told to.
type relay struct {
	listener net.Listener
	to       string

	mu    sync.Mutex // guards conns
	conns []net.Conn // both ends of every connection so far
}

func startRelay(t *testing.T, to string) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: listener, to: to}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { r.pass(client) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		r.cut()
		running.Wait()
	})
	return r
}

func (r *relay) pass(client net.Conn) {
	server, err := net.Dial("tcp", r.to)
	if err != nil {
		_ = client.Close()
		return
	}
	r.mu.Lock()
	r.conns = append(r.conns, client, server)
	r.mu.Unlock()
	var copies sync.WaitGroup
	copies.Go(func() { _, _ = io.Copy(server, client); _ = server.Close() })
	copies.Go(func() { _, _ = io.Copy(client, server); _ = client.Close() })
	copies.Wait()
}

func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conn := range r.conns {
		_ = conn.Close()
	}
}

func TestExternal(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) (*store.Store, func() *store.Store) {
		address := startCluster(t)
		s := openExternal(t, address)
		return s, func() *store.Store {
			if err := s.Close(); err != nil {
				t.Fatalf("Close: %v", err)
			}
			return openExternal(t, address)
		}
	})
}

// TestWatchSurvivesReconnects cuts the connection of a watch, again and again,
// while another client writes.
func TestWatchSurvivesReconnects(t *testing.T) {
	t.Parallel()
	address := startCluster(t)
	writer, relay := openExternal(t, address), startRelay(t, address)
	watcher := openExternal(t, relay.listener.Addr().String())
	revision, err := watcher.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes, ended := make(chan store.Change, 1), make(chan error, 1)
	go func() {
		ended <- watcher.Watch(t.Context(), "", revision, func(change store.Change) error {
			changes <- change
			return nil
		})
	}()
	const rounds, each = 4, 10
	for i := range rounds * each {
		if i%each == each/2 {
			relay.cut()
		}
		if _, err := writer.Commit(t.Context(), new(store.Txn).Put("k", []byte("v"))); err != nil {
			t.Fatalf("Commit: %v", err)
		}
		if i%each < each/2 {
			continue // let them pile up across the cut
		}
		for range 2 {
			revision++
			select {
			case got := <-changes:
				if got.Revision != revision || len(got.Events) != 1 {
					t.Fatalf("change %+v; want one event at %d", got, revision)
				}
			case err := <-ended:
				t.Fatalf("Watch ended: %v", err)
			}
		}
	}
}

func TestOpenReportsAnAddressWithoutAStore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	s, err := store.Open(ctx, clientv3.Config{
		Endpoints: []string{"unix:" + t.TempDir() + "/absent"},
		Logger:    zap.NewNop(),
	})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Open = %v, %v; want ErrUnavailable", s, err)
	}
}
