package iam

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strconv"

	"rolecall.dev/rolecall/arn"
)

// Prefixes of unique ids and access key ids. See "Understanding unique ID
// prefixes" in the IAM User Guide.
const (
	userIDPrefix       = "AIDA"
	groupIDPrefix      = "AGPA"
	roleIDPrefix       = "AROA"
	policyIDPrefix     = "ANPA"
	profileIDPrefix    = "AIPA"
	longTermKeyPrefix  = "AKIA"
	temporaryKeyPrefix = "ASIA"
)

// newUniqueID returns prefix and 17 random base32 characters, 21 in all.
func newUniqueID(prefix string) string {
	var b [11]byte
	rand.Read(b[:])
	return prefix + base32.StdEncoding.EncodeToString(b[:])[:17]
}

// NewAccessKeyID returns an access key id of 20 characters that carries the
// account, the way AWS's do: of the 80 bits behind the prefix the first is set,
// the next 40 are the account number, and the last 39 are random. So few random
// bits do not identify anything: long-term ids are made by compare-and-swap.
func newAccessKeyID(prefix string, account arn.AccountID) string {
	n, _ := strconv.ParseUint(string(account), 10, 40)
	var b [10]byte
	rand.Read(b[:])
	head := 1<<47 | n<<7 | uint64(b[5]&0x7f)
	for i := 5; i >= 0; i-- {
		b[i] = byte(head)
		head >>= 8
	}
	var id [20]byte
	copy(id[:], prefix)
	base32.StdEncoding.Encode(id[len(prefix):], b[:])
	return string(id[:])
}

// NewTemporaryAccessKeyID returns an ASIA key id that carries the account.
func NewTemporaryAccessKeyID(account arn.AccountID) string {
	return newAccessKeyID(temporaryKeyPrefix, account)
}

// AccountOfAccessKeyID reads the account out of an access key id that
// newAccessKeyID or AWS made. It reports false for ids of another form; that
// an id has the form does not mean that the key exists.
func AccountOfAccessKeyID(id string) (arn.AccountID, bool) {
	if len(id) != 20 || id[:4] != longTermKeyPrefix && id[:4] != temporaryKeyPrefix {
		return "", false
	}
	b, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil || b[0]&0x80 == 0 {
		return "", false
	}
	var head uint64
	for _, c := range b[:6] {
		head = head<<8 | uint64(c)
	}
	s := strconv.FormatUint(head&(1<<47-1)>>7, 10)
	if len(s) > 12 {
		return "", false
	}
	return arn.AccountID("000000000000"[len(s):] + s), true
}

// newAccountID returns a random account number that does not begin with 0.
func newAccountID() arn.AccountID {
	var b [8]byte
	rand.Read(b[:])
	return arn.AccountID(strconv.FormatUint(binary.BigEndian.Uint64(b[:])%9e11+1e11, 10))
}

// newLowerID returns prefix and n random characters of a to z and 0 to 9, the
// form of the ids of Organizations.
func newLowerID(prefix string, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567" // 32, so no letter is likelier
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		b[i] = letters[b[i]%32]
	}
	return prefix + string(b)
}

// newSecretAccessKey returns 40 characters from 30 random bytes.
func newSecretAccessKey() string {
	var b [30]byte
	rand.Read(b[:])
	return base64.StdEncoding.EncodeToString(b[:])
}
