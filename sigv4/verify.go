package sigv4

import "time"

// VerifyOptions are what Verify needs beside the secret.
type VerifyOptions struct {
	// Now is the server's clock. The zero time fails every request.
	Now time.Time
	// Body is the whole body of a request to a general service. It is not used
	// for S3, whose payload is checked by (*Signature).Body.
	Body []byte
}

// Verify recomputes the signature with secret and compares in constant time. It
// returns nil, ErrSignatureMismatch, ErrContentSHA256Mismatch, a *TimeError, or
// an error that wraps ErrMissingSignedHeader. The date is checked first. keys may
// be nil. An empty secret never matches.
func (s *Signature) Verify(secret Secret, keys *KeyCache, o VerifyOptions) error {
	s.verified = false
	if err := s.CheckTime(o.Now); err != nil {
		return err
	}
	if secret == "" {
		return ErrSignatureMismatch
	}
	if s.Version == V2 {
		return s.verifyV2(secret)
	}
	return s.verifyV4(secret, keys, o.Body)
}

func (s *Signature) verifyV4(secret Secret, keys *KeyCache, body []byte) error {
	payload, err := s.payloadLine(body)
	if err != nil {
		return err
	}
	key, known, d := lookUp(secret, s.Scope, keys)
	if err := s.compare(&key, payload); err != nil {
		return err
	}
	if keys != nil && !known {
		keys.add(d, key)
	}
	s.key, s.ContentSHA256, s.verified = key, payload, true
	return nil
}

func lookUp(secret Secret, scope Scope, keys *KeyCache) (key signingKey, known bool, d cacheDigest) {
	if keys == nil {
		return deriveKey(secret, scope), false, d
	}
	d = digest(secret, scope)
	if key, known = keys.get(d); !known {
		key = deriveKey(secret, scope)
	}
	return key, known, d
}

// payloadLine returns the last line of the canonical request. For general
// services it is the hash of the body, and a header that says otherwise is
// refused here.
func (s *Signature) payloadLine(body []byte) (string, error) {
	if s.S3() {
		return s.ContentSHA256, nil
	}
	line := EmptySHA256
	if len(body) > 0 {
		line = HashPayload(body)
	}
	if s.Payload == PayloadHash && s.ContentSHA256 != line {
		return "", ErrContentSHA256Mismatch
	}
	return line, nil
}

// compare tries the canonical path and, at S3, then the path as it was sent:
// clients differ in which characters they leave unsent, and both forms decode
// to the same key.
func (s *Signature) compare(key *signingKey, payload string) error {
	c := canonicalRequest{req: s.req, query: s.query, headers: s.headers, names: s.SignedHeaders, payload: payload}
	var space [512]byte
	sent := sentPath(s.req.URL)
	if !s.S3() {
		return s.compareWith(key, &c, appendGeneralPath(space[:0], sent))
	}
	path := appendS3Path(space[:0], s.req.URL.Path)
	err := s.compareWith(key, &c, path)
	if err == ErrSignatureMismatch && sent != "" && string(path) != sent {
		return s.compareWith(key, &c, []byte(sent))
	}
	return err
}

func (s *Signature) compareWith(key *signingKey, c *canonicalRequest, path []byte) error {
	var space [2048]byte
	canonical, err := c.append(space[:0], path)
	if err != nil {
		return err
	}
	var text [256]byte
	want := key.sign(appendStringToSign(text[:0], s.Time, s.Scope, canonical))
	if !want.is(s.given) {
		return ErrSignatureMismatch
	}
	return nil
}
