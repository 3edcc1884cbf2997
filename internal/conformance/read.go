package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxLine is the longest case, in bytes.
const maxLine = 4 << 20

// ReadFile reads all cases of a file.
func ReadFile(name string) ([]Case, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(name, f)
}

// Read reads cases, one to a line; empty lines are passed over. A key that is
// not part of the format, a missing id, a repeated id and a file without a case
// are errors. They begin with name, line and, where it is known, column.
func Read(name string, r io.Reader) ([]Case, error) {
	var cases []Case
	seen := map[string]bool{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n := 1
	for ; lines.Scan(); n++ {
		line := lines.Bytes()
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		c, err := parseCase(line)
		if err == nil && seen[c.ID] {
			err = fmt.Errorf("id %q repeats", c.ID)
		}
		if err != nil {
			return nil, placed(name, n, line, err)
		}
		seen[c.ID] = true
		cases = append(cases, c)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: longer than %d bytes", name, n, maxLine)
	case err != nil:
		return nil, err
	case len(cases) == 0:
		return nil, fmt.Errorf("%s: no case in it", name)
	}
	return cases, nil
}

// ReadQuestion reads one decision case, on any number of lines. It need not
// have an id, nor what is wanted; all else is as strict as in Read.
func ReadQuestion(name string, r io.Reader) (Case, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxLine+1))
	if err != nil {
		return Case{}, err
	}
	if len(text) > maxLine {
		return Case{}, fmt.Errorf("%s: longer than %d bytes", name, maxLine)
	}
	c, err := parseQuestion(text)
	if err != nil {
		return c, placed(name, 1, text, err)
	}
	return c, nil
}

func parseQuestion(text []byte) (Case, error) {
	c, err := decodeCase(text)
	switch {
	case err != nil:
		return c, err
	case c.Group == "validate":
		return c, errors.New("the case asks for no decision")
	}
	if err := c.checkForm(); err != nil || c.Want == "" {
		return c, err
	}
	return c, c.checkWant()
}

func parseCase(line []byte) (Case, error) {
	c, err := decodeCase(line)
	if err != nil {
		return c, err
	}
	if c.ID == "" {
		return c, errors.New("no id")
	}
	if err := c.checkForm(); err != nil {
		return c, err
	}
	return c, c.checkWant()
}

func decodeCase(text []byte) (Case, error) {
	var c Case
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err := dec.Decode(&c)
	switch {
	case errors.Is(err, io.EOF):
		return c, errors.New("no case in it")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return c, errors.New("the case breaks off")
	case err != nil:
		return c, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return c, errors.New("text after the case")
	}
	return c, nil
}

// placed puts name, line and column before an error about text, whose first
// line has the given number. Where the place in text is not known, the line
// stands alone.
func placed(name string, line int, text []byte, err error) error {
	at := offset(err)
	if at < 0 || at > len(text) {
		return fmt.Errorf("%s:%d: %w", name, line, err)
	}
	before := text[:at]
	line += bytes.Count(before, []byte("\n"))
	return fmt.Errorf("%s:%d:%d: %w", name, line, at-bytes.LastIndexByte(before, '\n'), err)
}

// offset is where in its text an error of encoding/json arose, or -1.
func offset(err error) int {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return int(syntax.Offset) - 1
	case errors.As(err, &wrong):
		return int(wrong.Offset) - 1
	}
	return -1
}
