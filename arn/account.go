package arn

import "fmt"

// AccountID is the number of an account: twelve digits.
type AccountID string

// ParseAccountID accepts exactly twelve ASCII digits. The error wraps ErrInvalid.
func ParseAccountID(s string) (AccountID, error) {
	if !IsAccountID(s) {
		return "", fmt.Errorf("account id %q: %w", s, ErrInvalid)
	}
	return AccountID(s), nil
}

// IsAccountID reports whether s is twelve ASCII digits.
func IsAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// String returns the twelve digits.
func (id AccountID) String() string { return string(id) }
