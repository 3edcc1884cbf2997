package policy

// Size counts a document's characters without white space, which is what AWS's
// quotas on policies count.
func Size(document string) int {
	n := 0
	for _, r := range document {
		if r != ' ' && r != '\t' && r != '\n' && r != '\r' {
			n++
		}
	}
	return n
}
