package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// reporter shows the demonstration while it runs.
type reporter interface {
	begin(*stage)
	row(row)
	end(time.Duration)
}

// jsonLines prints one JSON object for each row.
type jsonLines struct{ w io.Writer }

func (j jsonLines) begin(*stage) {}

func (j jsonLines) row(r row) {
	e := json.NewEncoder(j.w)
	e.SetEscapeHTML(false)
	_ = e.Encode(r) // a reader that is gone needs no rows
}

func (j jsonLines) end(time.Duration) {}

// columns are the table's. With two spaces between them it is 99 wide.
var columns = [...]struct {
	title string
	width int
}{{"step", 4}, {"action", 18}, {"input", 30}, {"output", 31}, {"result", 8}}

// table prints rows for people, each when its step is over.
type table struct {
	w      io.Writer
	colour bool
	fate   []string // what became of the credentials, in order
}

func (t *table) begin(s *stage) {
	fmt.Fprintf(t.w, "Throwaway server %s: account %s has users, %s a bucket.\n\n", s.url, s.team, s.data)
	var titles, rules []string
	for _, c := range columns {
		titles = append(titles, c.title)
		rules = append(rules, strings.Repeat("-", c.width))
	}
	t.line(titles, "")
	t.line(rules, "")
	t.follow(none)
}

func (t *table) row(r row) {
	cells := [len(columns)][]string{}
	for i, text := range []string{fmt.Sprint(r.Step), r.Action, r.Input, r.Output, r.Result} {
		cells[i] = wrap(text, columns[i].width)
	}
	height := 0
	for _, c := range cells {
		height = max(height, len(c))
	}
	for i := range height {
		line := make([]string, len(cells))
		for j, c := range cells {
			if i < len(c) {
				line[j] = c[i]
			}
		}
		t.line(line, colourOf(r))
	}
	t.follow(r.Credentials)
}

// follow prints the status line when something has become of the credentials.
func (t *table) follow(fate string) {
	if n := len(t.fate); n > 0 && t.fate[n-1] == fate {
		return
	}
	t.fate = append(t.fate, fate)
	fmt.Fprintf(t.w, "%s\n", t.paint("      credentials: "+strings.Join(t.fate, " > "), bold))
}

func (t *table) end(took time.Duration) {
	fmt.Fprintf(t.w, "\nEvery step came out as it should, in %.1f s.\n", took.Seconds())
}

// line prints cells, the last of them in a colour.
func (t *table) line(cells []string, colour string) {
	var b strings.Builder
	for i, text := range cells[:len(cells)-1] {
		fmt.Fprintf(&b, "%-*s  ", columns[i].width, text)
	}
	result := cells[len(cells)-1]
	if result == "" {
		fmt.Fprintln(t.w, strings.TrimRight(b.String(), " "))
		return
	}
	fmt.Fprintln(t.w, b.String()+t.paint(result, colour))
}

// Terminal attributes (ECMA-48, SGR).
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func colourOf(r row) string {
	switch {
	case !r.OK:
		return red
	case r.Result == denied:
		return yellow
	}
	return green
}

func (t *table) paint(text, attribute string) string {
	if !t.colour || attribute == "" {
		return text
	}
	return "\x1b[" + attribute + "m" + text + "\x1b[0m"
}

// wrap breaks text into lines of at most width bytes: at spaces, else after a
// colon or slash, as in ARNs, else anywhere.
func wrap(text string, width int) []string {
	var lines []string
	for text = strings.TrimSpace(text); len(text) > width; text = strings.TrimLeft(text, " ") {
		end := width
		if i := strings.LastIndexByte(text[:width+1], ' '); i > 0 {
			end = i
		} else if i := strings.LastIndexAny(text[:width], ":/"); i > 0 {
			end = i + 1
		}
		lines = append(lines, strings.TrimRight(text[:end], " "))
		text = text[end:]
	}
	return append(lines, text)
}
