package findings

// noSlash is a wildcard of the patterns that overlap reads, besides "*" and
// "?": any run of bytes without a slash.
const noSlash = "\x00"

// overlap reports whether some text is covered by both patterns, in which "*"
// stands for any run of bytes and "?" for one byte. The time is at most the
// product of the lengths.
func overlap(a, b string) bool {
	// row[j] tells whether a[:i] and b[:j] can cover the same text.
	row := make([]bool, len(b)+1)
	row[0] = true
	for j := range len(b) {
		row[j+1] = row[j] && isRun(b[j])
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = row[0] && isRun(a[i])
		for j := range len(b) {
			above := row[j+1]
			row[j+1] = step(a[i], b[j], diagonal, above, row[j])
			diagonal = above
		}
	}
	return row[len(b)]
}

func isRun(c byte) bool { return c == '*' || c == noSlash[0] }

// step is whether patterns ending in x and y overlap: both given that those
// without x and y do, lessX and lessY that those without x, or y, do.
func step(x, y byte, both, lessX, lessY bool) bool {
	switch {
	case isRun(x):
		return lessX || lessY && fits(x, y)
	case isRun(y):
		return lessY || lessX && fits(y, x)
	case x == '?' || y == '?' || x == y:
		return both
	}
	return false
}

// fits reports whether a run can take what c stands for.
func fits(run, c byte) bool { return run == '*' || c != '/' }
