package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// target is one model and the package that is written from it.
type target struct {
	model, pkg string
	// secrets are shapes to treat as sensitive besides those of the model.
	secrets []string
}

// targets returns what is generated, by path below internal/wire.
func targets() []target {
	return []target{
		{model: "models/sts.json", pkg: "stswire", secrets: []string{"tokenCodeType", "tokenType"}},
		{model: "models/iam.json", pkg: "iamwire", secrets: []string{"authenticationCodeType"}},
		{model: "models/organizations.json", pkg: "orgwire"},
		{model: "models/rolecall.json", pkg: "rolecallwire"},
	}
}

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run writes all generated files below dir, the folder of package wire.
func run(dir string) error {
	files, err := generateAll(dir)
	if err != nil {
		return err
	}
	for name, source := range files {
		if err := os.WriteFile(filepath.Join(dir, name), source, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generateAll returns the generated files by path below dir.
func generateAll(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, t := range targets() {
		data, err := os.ReadFile(filepath.Join(dir, t.model))
		if err != nil {
			return nil, err
		}
		m, err := parseModel(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.model, err)
		}
		if err := m.markSecrets(t.secrets); err != nil {
			return nil, fmt.Errorf("%s: %w", t.model, err)
		}
		made, err := generate(m, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.model, err)
		}
		for name, source := range made {
			files[filepath.Join(t.pkg, name)] = source
		}
	}
	return files, nil
}
