package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestQuickStart pastes the README's quick start into a shell, in a directory of
// its own and on a free port, with the program under test for what make would
// build.
func TestQuickStart(t *testing.T) {
	t.Parallel()
	for _, client := range []string{"aws", "curl"} {
		if _, err := exec.LookPath(client); err != nil {
			t.Skipf("%s is not installed", client)
		}
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "\n## Quick start\n")
	_, block, _ := strings.Cut(after, "\n```sh\n")
	block, _, found := strings.Cut(block, "\n```\n")
	if !found {
		t.Fatal("README.md has no sh block under Quick start")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", quickStart(t, block))
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	shell.Cancel = func() error { return syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) } // the server too
	shell.Dir = t.TempDir()
	older, _, err := olderClients(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	shell.Env = []string{"PATH=" + older + ":" + os.Getenv("PATH"), "HOME=" + shell.Dir, "AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true"}
	out, err := shell.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("the shell ends with %v", err)
	}
	for _, want := range []string{
		"make_bucket: example-bucket\n",
		`"Arn": "arn:aws:sts::123456789012:assumed-role/example-role/example-session"`,
		"\nhello\n",
		"(AccessDenied) when calling the DeleteBucket operation",
		" example-bucket\n", // aws s3 ls while the session lives
		"1h0m0s ahead of the real time",
	} {
		_, rest, ok := strings.Cut(string(out), want)
		if !ok {
			t.Fatalf("there is no %q in what is left of the output:\n%s", want, out)
		}
		out = []byte("\n" + rest)
	}
	if !strings.Contains(string(out), "(ExpiredToken) when calling the ListBuckets operation") {
		t.Errorf("the last words are %q, want ExpiredToken", out)
	}
}

// quickStart is the block for a test: with another port, with a program that is
// there already, and with an end for the server.
func quickStart(t *testing.T, block string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	program, err := exec.LookPath("rolecall")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"make build\n", "mkdir bin && ln -s " + program + " bin/rolecall\n"},
		{"serve --data-dir ./data", "serve --listen " + free.Addr().String() + " --data-dir ./data"},
		{"127.0.0.1:8420", free.Addr().String()},
	} {
		if !strings.Contains(block, change[0]) {
			t.Fatalf("the quick start has no %q", change[0])
		}
		block = strings.ReplaceAll(block, change[0], change[1])
	}
	return block + "\nkill %1 && wait %1\n"
}
