package client

import (
	"os/exec"
	"strings"
	"testing"
)

func TestWriteExports(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"AKIAIOSFODNN7EXAMPLE":   "export V=AKIAIOSFODNN7EXAMPLE\n",
		"a/b+c=":                 "export V=a/b+c=\n",
		"":                       "export V=''\n",
		"a b":                    "export V='a b'\n",
		"it's":                   `export V='it'\''s'` + "\n",
		"$(reboot)":              "export V='$(reboot)'\n",
		"a\nb":                   "export V='a\nb'\n",
		"~root":                  "export V='~root'\n",
		"http://[::1]:8420/?a&b": "export V='http://[::1]:8420/?a&b'\n",
	} {
		var b strings.Builder
		if err := WriteExports(&b, []Variable{{"V", value}}); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("WriteExports(%q) = %q, want %q", value, b.String(), want)
		}
		out, err := exec.Command("sh", "-c", b.String()+`printf %s "$V"`).Output()
		if err != nil || string(out) != value {
			t.Errorf("a shell reads %q as %q (%v)", b.String(), out, err)
		}
	}
}
