package bench

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"rolecall.dev/rolecall/policy"
)

// Figure is one line of the table: what was measured, in which unit, beside
// what it is held against and how it may stand to that.
type Figure struct {
	Name         string
	Ours, Theirs float64
	Unit         string
	Than         string  // what Theirs is
	Target       float64 // Ours is to be at most Target × Theirs; 0: no target
	Allocations  int64   // of ours, for each operation
	NoAllocation bool    // Allocations is to be 0
}

// Met reports whether the figure is within its target.
func (f Figure) Met() bool {
	return (f.Target == 0 || f.Ours <= f.Target*f.Theirs) && (!f.NoAllocation || f.Allocations == 0)
}

// Decisions measures the cases beside the other engines, which must decide
// alike. It takes the best of some rounds, in which all take their turns.
func Decisions(rounds int) ([]Figure, error) {
	targets := map[string]float64{
		Wildcards(1).Name: 1. / 6, Wildcards(10).Name: 1. / 10, Wildcards(100).Name: 1. / 15, Conditions(10).Name: 1. / 6,
	}
	var list []Figure
	for _, c := range Cases() {
		if err := Alike(c); err != nil {
			return nil, err
		}
		var decide []func()
		for _, e := range Engines() {
			prepare, err := e.Compile(c)
			if err != nil {
				return nil, err
			}
			d := prepare(c.Allowed)
			decide = append(decide, func() { d() })
		}
		best := turns(rounds, decide...)
		for i, other := range Engines()[1:] {
			f := Figure{
				Name: c.Name, Unit: "ns", Than: other.Name, Allocations: best[0].allocations, NoAllocation: true,
				Ours: best[0].ns, Theirs: best[i+1].ns,
			}
			if other.Name == "minio" {
				f.Target = targets[c.Name]
			}
			list = append(list, f)
		}
	}
	return list, nil
}

// Growth compares 10,000 statements over 500 actions with 1,000: less than
// linear means less than ten times.
func Growth(rounds int) (Figure, error) {
	var decide []func()
	for _, n := range []int{10_000, 1_000} {
		prepare, err := rolecall(Case{Document: ManyActions(n)})
		if err != nil {
			return Figure{}, err
		}
		d := prepare(Wildcards(1).Allowed)
		if !d() {
			return Figure{}, fmt.Errorf("denied among %d statements", n)
		}
		decide = append(decide, func() { d() })
	}
	best := turns(rounds, decide...)
	return Figure{
		Name: "actions=500/statements=10000", Unit: "ns", Than: "1000 statements", Target: 10,
		Ours: best[0].ns, Theirs: best[1].ns, Allocations: best[0].allocations, NoAllocation: true,
	}, nil
}

// Parsing compares parsing and compiling 10 statements with reading their JSON.
func Parsing(rounds int) ([]Figure, error) {
	var list []Figure
	for _, c := range []Case{Wildcards(10), Conditions(10)} {
		var failed error
		best := turns(rounds,
			func() { _, failed = policy.Parse(policy.Identity, c.Document) },
			func() {
				var v any
				failed = json.Unmarshal([]byte(c.Document), &v)
			})
		if failed != nil {
			return nil, failed
		}
		list = append(list, Figure{
			Name: "parse/" + c.Name, Unit: "ns", Than: "encoding/json", Target: 3,
			Ours: best[0].ns, Theirs: best[1].ns, Allocations: best[0].allocations,
		})
	}
	return list, nil
}

// Memory compiles 100,000 distinct policies of 5 statements, documents included,
// and says what they keep in memory, in MB, against the 400 that they may.
func Memory() ([]Figure, error) {
	const policies = 100_000
	var list []Figure
	for _, c := range []Case{Wildcards(5), Conditions(5)} {
		kept := make([]*policy.Policy, policies)
		before := heap()
		for i := range kept {
			var err error
			if kept[i], err = policy.Parse(policy.Identity, Distinct(c, i)); err != nil {
				return nil, err
			}
		}
		list = append(list, Figure{
			Name: "memory/" + c.Name + "/policies=100000", Unit: "MB", Than: "MB allowed", Target: 1,
			Ours: float64(heap()-before) / 1e6, Theirs: 400,
		})
		runtime.KeepAlive(kept)
	}
	return list, nil
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

type timing struct {
	ns          float64
	allocations int64
}

// turns times each function in every round and returns the best of each.
func turns(rounds int, functions ...func()) []timing {
	best := make([]timing, len(functions))
	for range rounds {
		for i, f := range functions {
			r := testing.Benchmark(func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
			ns := float64(r.T.Nanoseconds()) / float64(r.N)
			if best[i].ns == 0 || ns < best[i].ns {
				best[i] = timing{ns, r.AllocsPerOp()}
			}
		}
	}
	return best
}
