package store_test

import (
	"fmt"
	"testing"

	"rolecall.dev/rolecall/internal/store"
)

func BenchmarkFirstStart(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		b.StartTimer()
		s, err := store.OpenEmbedded(b.Context(), store.Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkClose(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s, err := store.OpenEmbedded(b.Context(), store.Options{Dir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCommit is one durable put by one caller.
func BenchmarkCommit(b *testing.B) {
	s := open(b, b.TempDir())
	value := make([]byte, 1024)
	for i := 0; b.Loop(); i++ {
		if _, err := s.Commit(b.Context(), new(store.Txn).Put(fmt.Sprintf("k/%d", i%1000), value)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	s := open(b, b.TempDir())
	if _, err := s.Commit(b.Context(), new(store.Txn).Put("k", make([]byte, 1024))); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := s.Get(b.Context(), "k"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRevision(b *testing.B) {
	s := open(b, b.TempDir())
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.Revision(b.Context()); err != nil {
				b.Error(err)
			}
		}
	})
}

const manyKeys = 100_000

// filled returns a directory with manyKeys keys of 1 KiB.
func filled(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	s := open(b, dir)
	value := make([]byte, 1024)
	for i := 0; i < manyKeys; i += 100 {
		var t store.Txn
		for j := i; j < i+100; j++ {
			t.Put(fmt.Sprintf("role/%08d", j), value)
		}
		if _, err := s.Commit(b.Context(), &t); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkRestart opens a store that holds 100,000 keys, without reading them.
func BenchmarkRestart(b *testing.B) {
	dir := filled(b)
	for b.Loop() {
		s, err := store.OpenEmbedded(b.Context(), store.Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkLoad reads 100,000 keys.
func BenchmarkLoad(b *testing.B) {
	s := open(b, filled(b))
	for b.Loop() {
		n := 0
		if _, err := s.Load(b.Context(), "role/", func(store.KV) error { n++; return nil }); err != nil || n != manyKeys {
			b.Fatalf("%d keys, %v; want %d", n, err, manyKeys)
		}
	}
}
