package iam_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"testing"
	"time"

	"rolecall.dev/rolecall/arn"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/iam/iamtest"
	"rolecall.dev/rolecall/internal/store"
)

const manyRoles = 100_000

// roleRecord is the i-th of many roles, with an inline policy of 5 statements.
func roleRecord(b *testing.B, i int) (key string, value []byte) {
	b.Helper()
	statements := ""
	for s := range 5 {
		statements += fmt.Sprintf(`{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"arn:aws:s3:::bucket-%d-%d/home/*"},`, i, s)
	}
	role := &iam.Role{
		Name: iam.Name{
			ID: fmt.Sprintf("AROA%017d", i), Account: iamtest.Account, Name: fmt.Sprintf("Team-%d", i), Path: "/teams/",
			Created: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		},
		Permissions: iam.Permissions{
			Inline: map[string]*iam.Document{
				"inline": iam.NewDocument(`{"Version":"2012-10-17","Statement":[` + statements[:len(statements)-1] + `]}`),
			},
			Attached: []string{readOnlyARN},
		},
		Trust: iam.NewDocument(trustDoc), MaxSessionDuration: 3600, Tags: []iam.Tag{{Key: "team", Value: "blue"}},
	}
	value, err := json.Marshal(role)
	if err != nil {
		b.Fatal(err)
	}
	return fmt.Sprintf("%srole/%s/%s", iam.Root, iamtest.Account, role.ID), value
}

// BenchmarkRestart opens a store with 100,000 roles and reads them into memory,
// as a start does. No policy is compiled.
func BenchmarkRestart(b *testing.B) {
	dir := b.TempDir()
	open := func() *store.Store {
		s, err := store.OpenEmbedded(b.Context(), store.Options{Dir: dir, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	s := open()
	for i := 0; i < manyRoles; i += 100 {
		var t store.Txn
		for j := i; j < i+100; j++ {
			t.Put(roleRecord(b, j))
		}
		if _, err := s.Commit(b.Context(), &t); err != nil {
			b.Fatal(err)
		}
	}
	closeStore(b, s)
	var before, after runtime.MemStats
	for b.Loop() {
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		s := open()
		opened := time.Now()
		mirror := store.NewMirror(s, iam.Root)
		x, err := iam.New(s, mirror, nil, time.Now)
		if err != nil {
			b.Fatal(err)
		}
		if err := mirror.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(opened).Seconds(), "s/load")
		b.StopTimer()
		last := arn.Role(iam.Partition, iamtest.Account, "/teams/", fmt.Sprintf("Team-%d", manyRoles-1))
		if _, ok := x.Role(last); !ok {
			b.Fatalf("%s is not there", last)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
		mirror.Stop()
		closeStore(b, s)
		b.StartTimer()
	}
}

func closeStore(b *testing.B, s *store.Store) {
	b.Helper()
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
