package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
)

// Debian carries releases of the AWS CLI and of boto3 from before AWS_ENDPOINT_URL
// (CLI 2.13, CLI 1.29, botocore 1.31). They are the same clients otherwise, so
// the stories run with them too: the CLI is told with --endpoint-url, and
// botocore by a default (testdata/older).

// olderClients returns what must be added to the surroundings of clients that do
// not read AWS_ENDPOINT_URL: a directory for the front of PATH, made below dir,
// and one for PYTHONPATH. Both are empty where clients are new enough or absent.
func olderClients(dir string) (path, pythonPath string, err error) {
	if olderBotocore() {
		if pythonPath, err = filepath.Abs(filepath.Join("testdata", "older")); err != nil {
			return "", "", err
		}
	}
	if !olderCLI() {
		return "", pythonPath, nil
	}
	real, err := exec.LookPath("aws")
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(dir, "older")
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", "", err
	}
	script := fmt.Sprintf("#!/bin/sh\nunset PYTHONPATH\nexec '%s' ${AWS_ENDPOINT_URL:+--endpoint-url \"$AWS_ENDPOINT_URL\"} \"$@\"\n", real)
	return path, pythonPath, os.WriteFile(filepath.Join(path, "aws"), []byte(script), 0o700)
}

var olderCLI = sync.OnceValue(func() bool {
	major, minor := releaseOf("aws", "--version")
	return major == 2 && minor < 13 || major == 1 && minor < 29
})

var olderBotocore = sync.OnceValue(func() bool {
	major, minor := releaseOf("python3", "-c", "import botocore; print('/' + botocore.__version__)")
	return major == 1 && minor < 31
})

var release = regexp.MustCompile(`/(\d+)\.(\d+)\.`)

// releaseOf reads a release such as aws-cli/2.9.19 from what a program prints;
// zeros if there is none.
func releaseOf(name string, args ...string) (major, minor int) {
	out, err := exec.Command(name, args...).CombinedOutput()
	if m := release.FindSubmatch(out); err == nil && m != nil {
		major, _ = strconv.Atoi(string(m[1]))
		minor, _ = strconv.Atoi(string(m[2]))
	}
	return major, minor
}
