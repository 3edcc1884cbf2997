package catalog

import "testing"

// BenchmarkFirst is what the first question in a process costs: the index, the
// shared dictionary and one service.
func BenchmarkFirst(b *testing.B) {
	for _, prefix := range []string{"ec2", "s3", "sts"} {
		b.Run(prefix, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				readIndex().load[prefix]()
			}
		})
	}
}

// BenchmarkWhole unpacks every service.
func BenchmarkWhole(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		t := readIndex()
		for _, prefix := range t.prefixes {
			t.load[prefix]()
		}
	}
}
