package s3

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
)

// digests makes the hash behind each header that a body can be checked with.
var digests = map[string]func() hash.Hash{
	"Content-Md5":              md5.New,
	"X-Amz-Checksum-Crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"X-Amz-Checksum-Crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"X-Amz-Checksum-Crc64nvme": func() hash.Hash { return crc64.New(crc64.MakeTable(nvmePolynomial)) },
	"X-Amz-Checksum-Sha1":      sha1.New,
	"X-Amz-Checksum-Sha256":    sha256.New,
}

// nvmePolynomial is that of CRC-64/NVME, bits reversed as hash/crc64 takes it.
const nvmePolynomial = 0x9a6c9329ac4bc9b5

// readChecked reads a body that is acted upon here, of at most limit bytes, to
// its end, and holds it against every checksum that the headers bring along.
// checked reports whether there was one, in a trailer too.
func readChecked(body gate.Body, h http.Header, limit int64) (raw []byte, checked bool, err error) {
	raw, err = io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, false, err
	}
	if int64(len(raw)) > limit {
		return nil, false, apierr.MaxMessageLengthExceeded.New("Your request was too large.")
	}
	checked = len(body.Trailer()) > 0
	for name, values := range h {
		makeHash, ok := digests[name]
		if !ok {
			if strings.HasPrefix(name, "X-Amz-Checksum-") && name != "X-Amz-Checksum-Algorithm" {
				return nil, false, apierr.InvalidRequest.New("The checksum %s is not supported here.", strings.ToLower(name))
			}
			continue
		}
		if err := compareDigest(name, values[0], makeHash(), raw); err != nil {
			return nil, false, err
		}
		checked = true
	}
	return raw, checked, nil
}

func compareDigest(name, value string, sum hash.Hash, raw []byte) error {
	want, err := base64.StdEncoding.DecodeString(value)
	if err != nil || len(want) != sum.Size() {
		if name == "Content-Md5" {
			return apierr.InvalidDigest.New("The Content-MD5 you specified was invalid.")
		}
		return apierr.InvalidRequest.New("Value for %s header is invalid.", strings.ToLower(name))
	}
	_, _ = sum.Write(raw) // a hash never fails
	if string(sum.Sum(nil)) == string(want) {
		return nil
	}
	if name == "Content-Md5" {
		return apierr.BadDigest.New("The Content-MD5 you specified did not match what we received.")
	}
	return apierr.BadDigest.New("The %s you specified did not match the calculated checksum.", strings.TrimPrefix(name, "X-Amz-Checksum-"))
}
