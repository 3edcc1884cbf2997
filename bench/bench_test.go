package bench_test

import (
	"testing"

	"rolecall.dev/rolecall/bench"
)

func TestEnginesDecideAlike(t *testing.T) {
	t.Parallel()
	for _, c := range bench.Cases() {
		if err := bench.Alike(c); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, c := range bench.Cases() {
		for _, e := range bench.Engines() {
			b.Run(c.Name+"/"+e.Name, func(b *testing.B) {
				prepare, err := e.Compile(c)
				if err != nil {
					b.Fatal(err)
				}
				decide := prepare(c.Allowed)
				b.ReportAllocs()
				for b.Loop() {
					if !decide() {
						b.Fatal("denied")
					}
				}
			})
		}
	}
}
