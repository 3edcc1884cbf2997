package iam

import (
	"encoding/base64"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
)

// defaultPage is the number of items of a list when the client names none.
const defaultPage = 100

// page cuts one page out of items that are sorted by key. A marker is the key
// of the last item already seen, so a page neither repeats nor skips what was
// there all the time, whatever is made or deleted meanwhile.
func page[T any](items []T, key func(T) string, marker *string, max *int32) (part []T, next *string, err error) {
	after := ""
	if marker != nil {
		b, err := base64.RawURLEncoding.Strict().DecodeString(*marker)
		if err != nil || !strings.HasPrefix(string(b), markerPrefix) {
			return nil, nil, apierr.ValidationError.New("Invalid Marker.")
		}
		after = string(b[len(markerPrefix):])
	}
	size := defaultPage
	if max != nil {
		size = int(*max)
	}
	for _, item := range items {
		if marker != nil && key(item) <= after {
			continue
		}
		if len(part) == size {
			m := base64.RawURLEncoding.EncodeToString([]byte(markerPrefix + key(part[size-1])))
			return part, &m, nil
		}
		part = append(part, item)
	}
	return part, nil, nil
}

// markerPrefix tells markers of this form from any other.
const markerPrefix = "1:"

// underPath keeps the items whose path begins with prefix; nil keeps all.
func underPath[E entity](items []E, prefix *string) []E {
	if prefix == nil || *prefix == "/" || *prefix == "" {
		return items
	}
	var kept []E
	for _, e := range items {
		if strings.HasPrefix(e.name().Path, *prefix) {
			kept = append(kept, e)
		}
	}
	return kept
}

// nameOf is the key by which lists of entities are sorted.
func nameOf[E entity](e E) string { return e.name().Name }

// pathOr returns the path, "/" when there is none.
func pathOr(path *string) string {
	if path == nil || *path == "" {
		return "/"
	}
	return *path
}

// textOf returns a string that may have been left out, and then is empty.
func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
