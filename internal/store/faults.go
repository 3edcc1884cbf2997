package store

// Faults lets a test make an open store fail on purpose; storetest.Faults is
// the implementation to use. The methods may be called concurrently. What an
// error of theirs becomes, the caller of the store sees as ErrUnavailable.
type Faults interface {
	// BeforeCommit is called before a transaction is sent. On an error nothing
	// is written.
	BeforeCommit() error
	// AfterCommit is called when a transaction has been written. On an error
	// the caller does not learn of it.
	AfterCommit() error
	// BeforeRead is called before Get, Load and the read of a Revision.
	BeforeRead() error
}

type noFaults struct{}

func (noFaults) BeforeCommit() error { return nil }
func (noFaults) AfterCommit() error  { return nil }
func (noFaults) BeforeRead() error   { return nil }
