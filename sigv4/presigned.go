package sigv4

import (
	"fmt"
	"strconv"
	"time"
)

// hasV4Params reports whether a query claims a signature of version 4. One
// parameter is enough: a claim with parts missing must not pass as anonymous.
func hasV4Params(query []param) bool {
	for _, p := range query {
		switch p.name {
		case "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature":
			return true
		}
	}
	return false
}

// parsePresigned reads the query parameters of version 4.
func (s *Signature) parsePresigned() error {
	s.Presigned = true
	values, err := s.presignParams()
	if err != nil {
		return err
	}
	if values["X-Amz-Algorithm"] != algorithm {
		return ErrUnsupportedAlgorithm
	}
	if s.Time, err = parseStamp(values["X-Amz-Date"]); err != nil {
		return err
	}
	if err := s.readQueryToken(); err != nil {
		return err
	}
	if err := s.claim(values["X-Amz-Credential"], values["X-Amz-SignedHeaders"], values["X-Amz-Signature"]); err != nil {
		return err
	}
	if !s.S3() {
		return nil
	}
	return s.readExpires()
}

func (s *Signature) presignParams() (map[string]string, error) {
	names := [...]string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders"}
	values := make(map[string]string, len(names))
	var missing []string
	for _, name := range names {
		value, _, err := find(s.query, name)
		if err != nil {
			return nil, err
		}
		if value == "" {
			missing = append(missing, name)
		}
		values[name] = value
	}
	if missing != nil {
		return nil, &IncompleteError{Presigned: true, Missing: missing}
	}
	return values, nil
}

// readQueryToken takes the session token from the query or, signed, from the header.
func (s *Signature) readQueryToken() error {
	inQuery, ok, err := find(s.query, "X-Amz-Security-Token")
	if err != nil {
		return err
	}
	inHeader, err := single(s.req.Header, "X-Amz-Security-Token")
	if err != nil {
		return err
	}
	if ok && inHeader != "" {
		return ErrMultipleTokens
	}
	s.SessionToken = inQuery + inHeader
	return nil
}

// readExpires reads X-Amz-Expires, which S3 requires.
func (s *Signature) readExpires() error {
	value, _, err := find(s.query, "X-Amz-Expires")
	if err != nil {
		return err
	}
	if value == "" {
		return &IncompleteError{Presigned: true, Missing: []string{"X-Amz-Expires"}}
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return ErrMalformedExpires
	}
	if seconds < 1 || seconds > int64(MaxPresign/time.Second) {
		return fmt.Errorf("%w: %d", ErrExpiresRange, seconds)
	}
	s.Expires = time.Duration(seconds) * time.Second
	s.ExpiresAt = s.Time.Add(s.Expires)
	return nil
}
