package audit

import (
	"context"
	"testing"
)

func BenchmarkEncode(b *testing.B) {
	ev := sampleAssumeRole()
	var line []byte
	b.ReportAllocs()
	for b.Loop() {
		line = appendEvent(line[:0], ev)
	}
	b.SetBytes(int64(len(line)))
}

func BenchmarkRecord(b *testing.B) {
	l := openBench(b)
	ev := sampleAssumeRole()
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Record(context.Background(), ev); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRecordParallel has 64 callers on any number of cores.
func BenchmarkRecordParallel(b *testing.B) {
	l := openBench(b)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		ev := sampleAssumeRole()
		for pb.Next() {
			if err := l.Record(context.Background(), ev); err != nil {
				b.Error(err)
				return
			}
		}
	})
	stats := l.Stats()
	b.ReportMetric(float64(stats.Events)/float64(stats.Writes), "events/write")
}

func openBench(b *testing.B) *Log {
	l, err := Open(Options{Dir: b.TempDir(), Reserve: -1, Keep: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	return l
}
