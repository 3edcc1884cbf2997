package sigv4

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strings"
)

const (
	trailerSignature = "x-amz-trailer-signature"
	// maxTrailers bounds the number of trailing headers, maxTrailerLine each line.
	maxTrailers    = 8
	maxTrailerLine = 512
)

// crc64NVME is the reversed polynomial of CRC-64/NVME.
const crc64NVME = 0x9a6c9329ac4bc9b5

// newChecksum returns the hash that a trailing header carries in base64, and
// nil for a name that S3 does not define or that the standard library does not
// compute (the XXHASH family).
func newChecksum(name string) hash.Hash {
	switch name {
	case "x-amz-checksum-crc32":
		return crc32.NewIEEE()
	case "x-amz-checksum-crc32c":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "x-amz-checksum-crc64nvme":
		return crc64.New(crc64.MakeTable(crc64NVME))
	case "x-amz-checksum-sha1":
		return sha1.New()
	case "x-amz-checksum-sha256":
		return sha256.New()
	case "x-amz-checksum-sha512":
		return sha512.New()
	case "x-amz-checksum-md5":
		return md5.New()
	}
	return nil
}

// trailerNames are the trailing headers that x-amz-trailer announces, each with
// the checksum of the content so far.
type trailerNames map[string]hash.Hash

// declaredTrailers reads x-amz-trailer. Only checksums may be announced, as S3
// has it, and only in the modes that have a trailer.
func declaredTrailers(s *Signature) (trailerNames, error) {
	names := trailerNames{}
	for _, line := range s.req.Header["X-Amz-Trailer"] {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.ToLower(strings.Trim(name, " \t"))
			if name == "" {
				continue
			}
			sum := newChecksum(name)
			switch {
			case sum == nil:
				return nil, fmt.Errorf("%w: %q", ErrUnsupportedTrailer, name)
			case names[name] != nil || len(names) == maxTrailers:
				return nil, fmt.Errorf("%w: x-amz-trailer", ErrMalformedTrailer)
			}
			names[name] = sum
		}
	}
	if len(names) > 0 && s.Payload == PayloadStreaming {
		return nil, fmt.Errorf("%w: x-amz-trailer without a trailer in x-amz-content-sha256", ErrMalformedTrailer)
	}
	return names, nil
}

func (t trailerNames) write(p []byte) {
	for _, sum := range t {
		sum.Write(p)
	}
}

// check compares one trailing header with the content. It must be called once
// for each name.
func (t trailerNames) check(name, value string) error {
	sum := t[name]
	if sum == nil {
		return fmt.Errorf("%w: %q is not announced", ErrMalformedTrailer, name)
	}
	delete(t, name)
	given, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(given) != sum.Size() {
		return fmt.Errorf("%w: value of %q", ErrMalformedTrailer, name)
	}
	if !bytes.Equal(sum.Sum(nil), given) {
		return fmt.Errorf("%w: %s", ErrChecksumMismatch, name)
	}
	return nil
}

// readTrailer reads from behind the last chunk's header to the final empty
// line. Signature first, then what the checksums say.
func (c *chunkReader) readTrailer() error {
	fields, canonical, signature, err := c.readTrailerLines()
	if err != nil {
		return err
	}
	if err := c.checkTrailerSignature(canonical, signature); err != nil {
		return err
	}
	for _, f := range fields {
		if err := c.declare.check(f.name, f.value); err != nil {
			return err
		}
		c.trailer.Set(f.name, f.value)
	}
	for name := range c.declare {
		return fmt.Errorf("%w: %q is missing", ErrMalformedTrailer, name)
	}
	return nil
}

// readTrailerLines returns the fields, the form that is signed ("name:value\n"
// in the order sent), and the trailer's signature, "" when it is absent.
func (c *chunkReader) readTrailerLines() (fields []param, canonical []byte, signature string, err error) {
	for {
		line, err := c.readLine(maxTrailerLine)
		if err != nil {
			return nil, nil, "", err
		}
		if line == "" {
			return fields, canonical, signature, nil
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.ToLower(name), strings.Trim(value, " \t")
		switch {
		case !ok || signature != "" || len(fields) == maxTrailers:
			return nil, nil, "", ErrMalformedTrailer
		case name == trailerSignature && isHex(value, sha256.Size):
			signature = value
		default:
			fields = append(fields, param{name, value})
			canonical = append(canonical, name+":"+value+"\n"...)
		}
	}
}

// checkTrailerSignature verifies the trailer's signature, which has to be there
// when chunks are signed and there is something to sign, and must not be
// there when they are not.
func (c *chunkReader) checkTrailerSignature(canonical []byte, signature string) error {
	signed := c.signer != nil
	if signed && canonical != nil && signature == "" || !signed && signature != "" {
		return fmt.Errorf("%w: %s", ErrMalformedTrailer, trailerSignature)
	}
	if signature != "" && !c.signer.trailer(canonical, signature) {
		return ErrChunkSignatureMismatch
	}
	return nil
}
