package s3

import (
	"strings"
	"unicode/utf8"

	"rolecall.dev/rolecall/internal/apierr"
)

// KeyRule says which object keys the upstream may be trusted with.
type KeyRule int

const (
	// PathKeys is the rule for a store that treats keys as paths: a key that
	// such a store would read as the name of another object is refused.
	PathKeys KeyRule = iota
	// ExactKeys is the rule for a store that keeps keys byte for byte.
	ExactKeys
)

const (
	maxKey = 1024
	// maxSegment is the longest file name that file systems take.
	maxSegment = 255
	// stagingDir is where the embedded store keeps parts of unfinished uploads.
	stagingDir = ".sgwtmp"
)

// Check refuses a key that must not reach the upstream, wherever it stood: in a
// path, a copy source, a DeleteObjects body or a form. It must come before
// authorization, which is decided on the key as it is written. The error is a
// KeyTooLong or an InvalidArgument.
//
//	key  = segment *( "/" segment ) [ "/" ]
//	segment = 1*255 bytes, neither "." nor "..", no control characters
//
// No segment is ".sgwtmp": first in a key it is where the embedded store keeps
// uploads, and listings hide it everywhere.
func (k KeyRule) Check(key string) error {
	switch {
	case key == "":
		return refuse(key, "is empty")
	case len(key) > maxKey:
		return apierr.KeyTooLong.New("Your key is too long")
	case !utf8.ValidString(key):
		return refuse(key, "is not valid UTF-8")
	case k == ExactKeys:
		return nil
	}
	for i := range len(key) {
		if key[i] < 0x20 || key[i] == 0x7f {
			return refuse(key, "contains a control character")
		}
	}
	return checkSegments(key)
}

func checkSegments(key string) error {
	for rest := strings.TrimSuffix(key, "/"); ; {
		segment, tail, more := strings.Cut(rest, "/")
		switch {
		case segment == "" || segment == "." || segment == "..":
			return refuse(key, "has a segment that is empty, '.' or '..'")
		case len(segment) > maxSegment:
			return refuse(key, "has a segment of more than 255 bytes")
		case segment == stagingDir:
			return refuse(key, "has a segment that the store keeps for itself")
		case !more:
			return nil
		}
		rest = tail
	}
}

// hides reports whether no key with this prefix may be listed. The embedded
// store looks at the last directory of a prefix only, and would list what it
// keeps further below.
func (k KeyRule) hides(prefix string) bool {
	return k == PathKeys && strings.Contains("/"+prefix, "/"+stagingDir+"/")
}

// CheckPut is Check for a key that is about to get size bytes: in a store that
// treats keys as paths, a key that ends in "/" is a directory and has none.
func (k KeyRule) CheckPut(key string, size int64) error {
	if err := k.Check(key); err != nil {
		return err
	}
	if k == PathKeys && size > 0 && strings.HasSuffix(key, "/") {
		return refuse(key, "ends in '/' and so cannot have a body")
	}
	return nil
}

// refuse names the fault and, unless it could break the answer, the key.
func refuse(key, fault string) error {
	err := apierr.InvalidArgument.New("This store cannot keep the object key: it %s.", fault).With("ArgumentName", "key")
	if len(key) <= maxKey && printable(key) {
		err = err.With("ArgumentValue", key)
	}
	return err
}

// printable reports whether s may stand in an XML 1.0 document.
func printable(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}
