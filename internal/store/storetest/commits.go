package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rolecall.dev/rolecall/internal/store"
)

func testAbsent(t *testing.T, open Opener) {
	s := only(t, open)
	put(t, s, "there", "x")
	for _, key := range []string{"", "absent", "ther", "there/", "THERE"} {
		expect(t, s, key, "")
	}
	commit(t, s, new(store.Txn).Delete("there"))
	expect(t, s, "there", "")
	if _, err := s.Commit(t.Context(), new(store.Txn).Delete("there")); err != nil {
		t.Errorf("deleting an absent key: %v", err)
	}
}

func testKeysAndValues(t *testing.T, open Opener) {
	s := only(t, open)
	const binary = "k/\x00\xff\xfe\n/\x80"
	big := strings.Repeat("x", store.MaxBytes-len("big"))
	pairs := map[string]string{
		"role/Admin": "upper", "role/admin": "lower", "role/": "prefix",
		binary: binary, "\xff": "last", "ключ": "значение", "big": big,
	}
	revisions := map[string]int64{}
	for key, value := range pairs {
		revisions[key] = put(t, s, key, value)
	}
	for key, want := range pairs {
		expect(t, s, key, want)
		if kv, _, _ := s.Get(t.Context(), key); kv.Key != key || kv.ModRevision != revisions[key] {
			t.Errorf("Get(%q) is of key %q, revision %d; want revision %d", key, kv.Key, kv.ModRevision, revisions[key])
		}
	}
	put(t, s, "empty", "")
	if kv, ok, err := s.Get(t.Context(), "empty"); err != nil || !ok || len(kv.Value) != 0 {
		t.Errorf("Get of an empty value = %+v, %v, %v; want it there", kv, ok, err)
	}
}

func testConditions(t *testing.T, open Opener) {
	s := only(t, open)
	first := put(t, s, "a/1", "x")
	last := put(t, s, "a/1", "y")
	put(t, s, "gone", "x")
	commit(t, s, new(store.Txn).Delete("gone"))
	for _, c := range []struct {
		name string
		txn  *store.Txn
		hold bool
	}{
		{"unchanged", new(store.Txn).Unchanged("a/1", last), true},
		{"changed since", new(store.Txn).Unchanged("a/1", first), false},
		{"never that revision", new(store.Txn).Unchanged("a/1", last+1), false},
		{"unchanged at 0, present", new(store.Txn).Unchanged("a/1", 0), false},
		{"unchanged at 0, absent", new(store.Txn).Unchanged("absent", 0), true},
		{"deleted since", new(store.Txn).Unchanged("gone", last+1), false},
		{"absent", new(store.Txn).Absent("absent"), true},
		{"absent, deleted", new(store.Txn).Absent("gone"), true},
		{"absent, present", new(store.Txn).Absent("a/1"), false},
		{"absent differs by case", new(store.Txn).Absent("A/1"), true},
		{"present", new(store.Txn).Present("a/1"), true},
		{"present, absent", new(store.Txn).Present("absent"), false},
		{"present, deleted", new(store.Txn).Present("gone"), false},
		{"empty prefix", new(store.Txn).PrefixEmpty("a/2"), true},
		{"empty prefix, deleted", new(store.Txn).PrefixEmpty("gone"), true},
		{"full prefix", new(store.Txn).PrefixEmpty("a/"), false},
		{"full prefix, the key itself", new(store.Txn).PrefixEmpty("a/1"), false},
		{"the whole store is not empty", new(store.Txn).PrefixEmpty(""), false},
		{"all hold", new(store.Txn).Absent("b").Present("a/1").Unchanged("a/1", last), true},
		{"the last does not", new(store.Txn).Absent("b").Present("a/1").Unchanged("a/1", first), false},
		{"the first does not", new(store.Txn).Absent("a/1").Present("a/1"), false},
	} {
		_, err := s.Commit(t.Context(), c.txn)
		if c.hold && err != nil || !c.hold && !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: Commit = %v; want it to hold: %v", c.name, err, c.hold)
		}
	}
}

func testInvalid(t *testing.T, open Opener) {
	s := only(t, open)
	var writes, conditions, most store.Txn
	for i := range store.MaxOps + 1 {
		writes.Put(fmt.Sprint("w", i), nil)
		conditions.Absent(fmt.Sprint("c", i))
	}
	for i := range store.MaxOps {
		most.Put(fmt.Sprint("m", i), nil).Absent(fmt.Sprint("m", i))
	}
	for name, txn := range map[string]*store.Txn{
		"empty key":              new(store.Txn).Put("", nil),
		"empty key deleted":      new(store.Txn).Delete(""),
		"empty key asked for":    new(store.Txn).Absent(""),
		"a key twice":            new(store.Txn).Put("k", nil).Put("k", nil),
		"put and deleted":        new(store.Txn).Put("k", nil).Delete("k"),
		"time to live of 0":      new(store.Txn).PutTTL("k", nil, 0),
		"time to live below 0":   new(store.Txn).PutTTL("k", nil, -time.Second),
		"too many writes":        &writes,
		"too many conditions":    &conditions,
		"too big a value":        new(store.Txn).Put("k", make([]byte, store.MaxBytes)),
		"too big in all":         new(store.Txn).Put("k", make([]byte, store.MaxBytes/2)).Put("l", make([]byte, store.MaxBytes/2)),
		"one bad among the good": new(store.Txn).Put("k", nil).Put("", nil),
	} {
		if _, err := s.Commit(t.Context(), txn); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: Commit = %v; want ErrInvalid", name, err)
		}
	}
	if keys, _ := load(t, s, ""); len(keys) != 0 {
		t.Errorf("invalid transactions wrote %q", keys)
	}
	commit(t, s, &most)
	if _, err := s.Commit(t.Context(), new(store.Txn)); err != nil {
		t.Errorf("the empty transaction: %v", err)
	}
}

func testConflict(t *testing.T, open Opener) {
	s := only(t, open)
	put(t, s, "a", "old")
	before, err := s.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	txn := new(store.Txn).Absent("a").Put("a", []byte("new")).Put("b", []byte("new")).
		PutTTL("c", []byte("new"), time.Minute).Delete("a/old")
	for range 2 { // a transaction may be tried again
		if revision, err := s.Commit(t.Context(), txn); !errors.Is(err, store.ErrConflict) {
			t.Fatalf("Commit = %d, %v; want ErrConflict", revision, err)
		}
	}
	expect(t, s, "a", "old")
	expect(t, s, "b", "")
	expect(t, s, "c", "")
	if after, err := s.Revision(t.Context()); err != nil || after != before {
		t.Errorf("the revision went from %d to %d, %v; want no change", before, after, err)
	}
	commit(t, s, new(store.Txn).Delete("a"))
	commit(t, s, txn)
	expect(t, s, "c", "new")
}

// testCounters adds to one number from many goroutines by compare and swap.
func testCounters(t *testing.T, open Opener) {
	s := only(t, open)
	const workers, each = 8, 15
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for done := 0; done < each && !t.Failed(); {
				kv, _, err := s.Get(t.Context(), "n")
				if err != nil {
					t.Errorf("Get: %v", err)
					return
				}
				n, _ := strconv.Atoi(string(kv.Value)) // absent is 0
				_, err = s.Commit(t.Context(), new(store.Txn).
					Unchanged("n", kv.ModRevision).Put("n", []byte(strconv.Itoa(n+1))))
				switch {
				case err == nil:
					done++
				case !errors.Is(err, store.ErrConflict):
					t.Errorf("Commit: %v", err)
				}
			}
		})
	}
	group.Wait()
	expect(t, s, "n", strconv.Itoa(workers*each))
}

func testRevision(t *testing.T, open Opener) {
	s := only(t, open)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 10 {
				written, err := s.Commit(t.Context(), new(store.Txn).Put(fmt.Sprintf("%d/%d", i, j), nil))
				if err != nil {
					t.Errorf("Commit: %v", err)
					return
				}
				if read, err := s.Revision(t.Context()); err != nil || read < written {
					t.Errorf("Revision = %d, %v after a commit at %d", read, err, written)
				}
			}
		})
	}
	group.Wait()
}

func testClosed(t *testing.T, open Opener) {
	s := only(t, open)
	put(t, s, "k", "v")
	for range 2 {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	_, err := s.Commit(t.Context(), new(store.Txn).Put("k", nil))
	_, _, getErr := s.Get(t.Context(), "k")
	_, loadErr := s.Load(t.Context(), "", func(store.KV) error { return nil })
	_, revisionErr := s.Revision(t.Context())
	watchErr := s.Watch(t.Context(), "", 0, func(store.Change) error { return nil })
	for op, err := range map[string]error{"Commit": err, "Get": getErr, "Load": loadErr, "Revision": revisionErr, "Watch": watchErr} {
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s after Close = %v; want ErrUnavailable", op, err)
		}
	}
}
