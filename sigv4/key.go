package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
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

// sign returns the HMAC of message in hexadecimal, as a signature.
func (k *signingKey) sign(message []byte) string {
	var digest [sha256.Size]byte
	mac := hmac.New(sha256.New, k[:])
	mac.Write(message)
	return hex.EncodeToString(mac.Sum(digest[:0]))
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
