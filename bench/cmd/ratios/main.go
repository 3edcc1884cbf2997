// Ratios measures the policy package beside others and prints a table of
// targets and figures. It exits with 1 if a target is missed.
//
//	go run ./cmd/ratios [-rounds 20] [-time 15ms]
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"text/tabwriter"
	"time"

	"rolecall.dev/rolecall/bench"
)

func main() {
	testing.Init()
	rounds := flag.Int("rounds", 20, "how often each is timed, taking turns; the best counts, so that many short rounds bear a busy machine")
	length := flag.Duration("time", 15*time.Millisecond, "how long each is timed")
	flag.Parse()
	if err := run(os.Stdout, *rounds, *length); err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, rounds int, length time.Duration) error {
	if err := flag.Set("test.benchtime", length.String()); err != nil {
		return err
	}
	figures, err := measure(rounds)
	if err != nil {
		return err
	}
	return table(w, figures)
}

func measure(rounds int) ([]bench.Figure, error) {
	list, err := bench.Decisions(rounds)
	if err != nil {
		return nil, err
	}
	growth, err := bench.Growth(rounds)
	if err != nil {
		return nil, err
	}
	parsing, err := bench.Parsing(rounds)
	if err != nil {
		return nil, err
	}
	memory, err := bench.Memory()
	if err != nil {
		return nil, err
	}
	list = append(list, growth)
	list = append(list, parsing...)
	return append(list, memory...), nil
}

// table prints the figures, and returns an error if a target is missed.
func table(w io.Writer, figures []bench.Figure) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "what\tours\t\tallocs\tagainst\t\tratio\ttarget\t\t")
	missed := 0
	for _, f := range figures {
		target, verdict := "-", ""
		if f.Target != 0 {
			target, verdict = "<= "+fraction(f.Target), "met"
		}
		if !f.Met() {
			verdict = "MISSED"
			missed++
		}
		fmt.Fprintf(t, "%s\t%.4g\t%s\t%d\t%.4g\t%s\t%s\t%s\t%s\t\n",
			f.Name, f.Ours, f.Unit, f.Allocations, f.Theirs, f.Than, fraction(f.Ours/f.Theirs), target, verdict)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if missed > 0 {
		return fmt.Errorf("%d targets missed", missed)
	}
	return nil
}

// fraction writes a ratio below one half as one over something.
func fraction(r float64) string {
	if r < 0.5 {
		return fmt.Sprintf("1/%.1f", 1/r)
	}
	return fmt.Sprintf("%.2f", r)
}
