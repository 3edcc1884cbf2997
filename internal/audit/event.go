package audit

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"time"
)

// ID names an event. It is printed as a UUID and ties an [Intent] to the
// [Event] that closes it.
type ID [16]byte

// NewID returns a random (version 4) id. It names and proves nothing, so the
// runtime's own generator (ChaCha8, with a seed of the operating system's) will
// do, without a system call.
func NewID() ID {
	var id ID
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

const idLength = 36 // 32 digits and 4 hyphens

// String returns the id as a UUID in lower case.
func (id ID) String() string {
	var space [idLength]byte
	return string(id.append(space[:0]))
}

func (id ID) append(b []byte) []byte {
	b = append(hex.AppendEncode(b, id[0:4]), '-')
	b = append(hex.AppendEncode(b, id[4:6]), '-')
	b = append(hex.AppendEncode(b, id[6:8]), '-')
	b = append(hex.AppendEncode(b, id[8:10]), '-')
	return hex.AppendEncode(b, id[10:16])
}

// parseID reads what append writes.
func parseID(text []byte) (ID, error) {
	var id ID
	if len(text) != idLength {
		return id, errors.New("event id has the wrong length")
	}
	digits := make([]byte, 0, 2*len(id))
	for i, c := range text {
		if hyphen := i == 8 || i == 13 || i == 18 || i == 23; hyphen != (c == '-') {
			return id, errors.New("event id has a hyphen in the wrong place")
		} else if !hyphen {
			digits = append(digits, c)
		}
	}
	_, err := hex.Decode(id[:], digits)
	return id, err
}

// Decision is what the policies said. The zero value says that the request
// ended before they were asked.
type Decision uint8

// The decisions.
const (
	NotEvaluated Decision = iota
	Allow
	ExplicitDeny
	ImplicitDeny
)

// String returns the decision as it stands in the record.
func (d Decision) String() string {
	switch d {
	case Allow:
		return "allow"
	case ExplicitDeny:
		return "explicit_deny"
	case ImplicitDeny:
		return "implicit_deny"
	default:
		return "not_evaluated"
	}
}

func parseDecision(s string) Decision {
	for _, d := range [...]Decision{Allow, ExplicitDeny, ImplicitDeny} {
		if d.String() == s {
			return d
		}
	}
	return NotEvaluated
}

// Check is one question put to the policies, with its answer.
type Check struct {
	Action   string // "s3:GetObject"
	Resource string // the ARN
	Decision Decision
	// PolicyType says which kind of policy decided: "identity", "resource",
	// "boundary", "session" …; empty when none spoke.
	PolicyType string
}

// Resource is something that the request touched.
type Resource struct {
	ARN       string
	AccountID string // of the owner
	Type      string // "AWS::S3::Object"
}

// TLS describes the connection; the zero value means plain HTTP.
type TLS struct {
	Version     string // "TLSv1.3"
	CipherSuite string
	Host        string // as the client named it
}

// Event is the record of one request and its outcome. Empty members are left
// out of the line, except those that CloudTrail always writes.
type Event struct {
	ID              ID        // a zero id is replaced by a new one
	Time            time.Time // of completion, by the real clock; written in whole seconds
	RequestID       string
	Source          string // "sts.amazonaws.com"
	Name            string // "AssumeRole"
	Region          string
	SourceIPAddress string
	UserAgent       string
	Identity        Identity
	ErrorCode       string // empty when the request succeeded
	ErrorMessage    string

	// What was asked and answered, fit to be kept: no secret, token or
	// signature. Nil is written as null, as CloudTrail does.
	RequestParameters []Field
	ResponseElements  []Field
	// Additional goes into additionalEventData beside the decision.
	Additional []Field

	Decision    Decision
	Checks      []Check
	ClockOffset time.Duration // by which the moved clock runs ahead

	Resources          []Resource
	ReadOnly           bool
	DataEvent          bool   // objects rather than configuration: eventCategory Data
	RecipientAccountID string // whose record this is
	TLS                TLS
}
