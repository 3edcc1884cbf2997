package findings_test

import (
	"os"
	"testing"

	"rolecall.dev/rolecall/policy"
	"rolecall.dev/rolecall/policy/findings"
)

// BenchmarkValidate judges a document with many faults, and one with none. The
// services that they name are unpacked already.
func BenchmarkValidate(b *testing.B) {
	for _, name := range []string{"identity_many", "identity_clean"} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				findings.Validate(policy.Identity, string(text))
			}
		})
	}
}
