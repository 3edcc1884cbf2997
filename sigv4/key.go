package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"sync/atomic"
)

// signingKey is the key of one secret for one scope.
type signingKey [sha256.Size]byte

// deriveKey returns HMAC(HMAC(HMAC(HMAC("AWS4"+secret, date), region), service), "aws4_request").
func deriveKey(secret Secret, scope Scope) signingKey {
	key := sum([]byte("AWS4"+string(secret)), scope.Date)
	key = sum(key[:], scope.Region)
	key = sum(key[:], scope.Service)
	return sum(key[:], terminator)
}

func sum(key []byte, message string) (out signingKey) {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(message))
	mac.Sum(out[:0])
	return out
}

// hexSum is a SHA-256 sum in hexadecimal, which is what a signature is.
type hexSum [2 * sha256.Size]byte

// is compares with what was sent, in constant time.
func (h *hexSum) is(given string) bool {
	var other hexSum
	return copy(other[:], given) == len(given) && len(given) == len(h) && subtle.ConstantTimeCompare(h[:], other[:]) == 1
}

// sign returns the HMAC (RFC 2104) of message. crypto/hmac would allocate two
// hashes for it, a sixth of all that verifying takes: here the key is never longer
// than a block, and the messages fit on the stack.
func (k *signingKey) sign(message []byte) (out hexSum) {
	var innerSpace [sha256.BlockSize + 512]byte
	var outer [sha256.BlockSize + sha256.Size]byte
	inner := append(k.pad(innerSpace[:0], 0x36), message...)
	digest := sha256.Sum256(inner)
	digest = sha256.Sum256(append(k.pad(outer[:0], 0x5c), digest[:]...))
	hex.Encode(out[:], digest[:])
	return out
}

// pad appends the key, filled up with zeros to a block and combined with b.
func (k *signingKey) pad(dst []byte, b byte) []byte {
	var block [sha256.BlockSize]byte
	copy(block[:], k[:])
	for i := range block {
		block[i] ^= b
	}
	return append(dst, block[:]...)
}

// cacheWays is how many entries share a set of the cache.
const cacheWays = 4

// KeyCache remembers derived signing keys. It holds a fixed number of entries,
// needs no lock, and is safe for concurrent use. Entries are found by a digest of
// secret and scope, so a changed secret never meets an old key; and only keys
// that have verified a signature enter, so that whoever merely knows an access key
// id cannot push others out. A nil *KeyCache remembers nothing.
type KeyCache struct {
	sets []cacheSet
}

type cacheSet struct {
	ways [cacheWays]atomic.Pointer[cacheEntry]
	next atomic.Uint32 // the way that is replaced next
}

type cacheEntry struct {
	digest cacheDigest
	key    signingKey
}

type cacheDigest [sha256.Size]byte

// NewKeyCache returns a cache of at least n entries (rounded up to a power of
// two), at about 100 bytes each when full.
func NewKeyCache(n int) *KeyCache {
	sets := 1
	for sets*cacheWays < n {
		sets *= 2
	}
	return &KeyCache{sets: make([]cacheSet, sets)}
}

func digest(secret Secret, scope Scope) cacheDigest {
	var space [256]byte
	b := scope.append(space[:0])
	b = append(b, 0)
	b = append(b, secret...)
	return sha256.Sum256(b)
}

func (c *KeyCache) set(d cacheDigest) *cacheSet {
	i := uint(d[0]) | uint(d[1])<<8 | uint(d[2])<<16 | uint(d[3])<<24
	return &c.sets[i&uint(len(c.sets)-1)]
}

func (c *KeyCache) get(d cacheDigest) (signingKey, bool) {
	set := c.set(d)
	for i := range set.ways {
		if e := set.ways[i].Load(); e != nil && e.digest == d {
			return e.key, true
		}
	}
	return signingKey{}, false
}

// add stores a key. Two callers may store the same key at once, which costs one
// entry and harms nothing.
func (c *KeyCache) add(d cacheDigest, key signingKey) {
	set := c.set(d)
	way := (set.next.Add(1) - 1) % cacheWays
	set.ways[way].Store(&cacheEntry{digest: d, key: key})
}
