package arn

// Wildcard reports whether all of s is covered by pattern, in which "*" stands
// for any run of bytes, none too, and "?" for exactly one character (one code
// point of UTF-8). Everything else stands for itself, in the same case.
//
// Only the last "*" is ever retried, so the time is at most len(pattern) times
// len(s): no pattern is exponential.
func Wildcard[S ~string | ~[]byte](pattern string, s S) bool {
	p, i := 0, 0
	star, resume := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, i
			p++
		case p < len(pattern) && pattern[p] == '?':
			p++
			i = next(s, i)
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			resume = next(s, resume)
			p, i = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// next is the index after the character at i. A stray continuation byte counts
// as a character of its own.
func next[S ~string | ~[]byte](s S, i int) int {
	i++
	for i < len(s) && s[i]&0xc0 == 0x80 {
		i++
	}
	return i
}
