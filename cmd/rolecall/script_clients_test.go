package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// clients are the programs that a condition asks for, with a command that
// shows that they work: a name on PATH may be a stub.
var clients = map[string]func() bool{
	"aws": works("aws", "--version"),
	"trailers": func() bool { // the CLI sends checksums as trailers by default
		major, minor := releaseOf("aws", "--version")
		return major == 2 && minor >= 23 || major == 1 && minor >= 37
	},
	"boto3": works("python3", "-c", "import boto3"),
	"node": func() bool {
		return nodeModules() != "" && works("node", "--version")()
	},
	"terraform": func() bool {
		return terraformProviders() != "" && works("terraform", "version")()
	},
}

func works(name string, args ...string) func() bool {
	return sync.OnceValue(func() bool { return exec.Command(name, args...).Run() == nil })
}

func installed(condition string) (bool, error) {
	works, known := clients[condition]
	if !known {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	return works(), nil
}

// nodeModules is where scripts/clients puts the AWS SDK for JavaScript, or
// nothing if it is not there.
func nodeModules() string {
	return firstWith("@aws-sdk/client-s3", filepath.Join("..", "..", ".cache", "js", "node_modules"))
}

// terraformProviders is a mirror that has the AWS provider of Terraform, or
// nothing: one that TERRAFORM_PROVIDERS names, one of the directories where
// Terraform looks by itself, or one that was installed as an add-on.
func terraformProviders() string {
	addOns, _ := filepath.Glob("/opt/*") // the pattern is well-formed
	places := append([]string{os.Getenv("TERRAFORM_PROVIDERS"), "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"}, addOns...)
	return firstWith("registry.terraform.io/hashicorp/aws", places...)
}

// firstWith is the absolute name of the first directory that holds a file.
func firstWith(file string, places ...string) string {
	for _, place := range places {
		if place == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(place, file)); err == nil {
			absolute, _ := filepath.Abs(place) // fails only where there is no working directory
			return absolute
		}
	}
	return ""
}
