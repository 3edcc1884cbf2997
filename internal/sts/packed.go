package sts

import (
	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/iam"
	"rolecall.dev/rolecall/internal/wire"
)

// packedLimit is the space in a token for session policies and tags, in bytes.
// What is left of MaxToken is enough for everything else a session says.
const packedLimit = 3072

// packedSize is PackedPolicySize, the percentage of packedLimit that policies
// and tags use; nil for a session with neither.
func packedSize(s *iam.Session) (*int32, error) {
	if !s.Limited() && len(s.Tags) == 0 {
		return nil, nil
	}
	var space [1024]byte
	r := record{Session: iam.Session{Policy: s.Policy, PolicyARNs: s.PolicyARNs, Tags: s.Tags, TransitiveKeys: s.TransitiveKeys}}
	used := len(r.append(space[:0]))
	r.Session = iam.Session{}
	used -= len(r.append(space[:0]))
	percent := (used*100 + packedLimit - 1) / packedLimit
	switch {
	case percent <= 100:
		return wire.Int32(int32(percent)), nil
	case s.Limited():
		return nil, apierr.PackedPolicyTooLarge.New("Packed policy consumes %d%% of allotted space, please use smaller policy.", percent)
	}
	return nil, apierr.PackedPolicyTooLarge.New("Packed size of session tags consumes %d%% of allotted space.", percent)
}
