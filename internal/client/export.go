package client

import (
	"fmt"
	"io"
	"strings"
)

// Variable is a variable of a process's environment.
type Variable struct{ Name, Value string }

// WriteExports writes lines that set the variables in any POSIX shell.
func WriteExports(w io.Writer, variables []Variable) error {
	for _, v := range variables {
		if _, err := fmt.Fprintf(w, "export %s=%s\n", v.Name, quote(v.Value)); err != nil {
			return err
		}
	}
	return nil
}

// quote makes one word of s for a POSIX shell (section 2.2.2 of its language).
// What a shell reads as it stands stays as it is.
func quote(s string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("_@%+=:,./-", c)
	}
	if s != "" && strings.IndexFunc(s, func(c rune) bool { return !plain(c) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
