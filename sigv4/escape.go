package sigv4

import "strings"

const upperHex = "0123456789ABCDEF"

// unreserved reports whether AWS's URI encoding leaves c alone: the unreserved
// characters of RFC 3986, section 2.3.
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '_' || c == '.' || c == '~'
}

// appendEscaped appends s in AWS's URI encoding: every byte except the
// unreserved ones becomes %XX in upper case. Slashes stay when keepSlash is set.
func appendEscaped(dst []byte, s string, keepSlash bool) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if unreserved(c) || c == '/' && keepSlash {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

// escape is appendEscaped for a query component; it returns s itself when there
// is nothing to encode.
func escape(s string) string {
	for i := 0; i < len(s); i++ {
		if !unreserved(s[i]) {
			return string(appendEscaped(make([]byte, 0, len(s)+16), s, false))
		}
	}
	return s
}

// normalizePath resolves ".", ".." and empty segments of an absolute path the
// way RFC 3986, section 5.2.4, and AWS's general rule ask for. A trailing slash
// stays. The escaped form is not decoded.
//
//	""          → "/"
//	"//"        → "/"
//	"/a/./b//c" → "/a/b/c"
//	"/a/../b/"  → "/b/"
func normalizePath(path string) string {
	if path == "" || path == "/" {
		return "/"
	}
	if !strings.Contains(path, "//") && !strings.Contains(path, "/.") && path[0] == '/' {
		return path
	}
	var kept []string
	segments := strings.Split(path, "/")
	for _, s := range segments {
		switch s {
		case "", ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, s)
		}
	}
	last := segments[len(segments)-1]
	if len(kept) == 0 {
		return "/"
	}
	out := "/" + strings.Join(kept, "/")
	if last == "" || last == "." || last == ".." {
		out += "/"
	}
	return out
}
