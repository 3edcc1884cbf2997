package sigv4

import (
	"fmt"
	"net/http"
	"time"
)

// MaxSkew is how far a request's date may lie from the server's clock.
const MaxSkew = 15 * time.Minute

// MaxPresign is the longest life of a presigned S3 URL.
const MaxPresign = 604800 * time.Second

const stampLayout = "20060102T150405Z"

// FormatTime returns t as X-Amz-Date carries it: 20150830T123600Z.
func FormatTime(t time.Time) string {
	var space [len(stampLayout)]byte
	return string(appendStamp(space[:0], t))
}

// appendStamp appends what FormatTime returns. A request's date is written half
// a dozen times on its road: this takes a quarter of the time of AppendFormat.
func appendStamp(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = appendDigits(appendDigits(dst, year/100), year)
	dst = appendDigits(appendDigits(dst, int(month)), day)
	dst = appendDigits(append(dst, 'T'), hour)
	dst = appendDigits(appendDigits(dst, minute), second)
	return append(dst, 'Z')
}

// appendDigits appends two digits, whatever n is: nothing else may come out, or
// parseStamp would take it for what came in.
func appendDigits(dst []byte, n int) []byte {
	n = (n%100 + 100) % 100
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

// parseStamp reads what FormatTime writes. Digits at fixed places take a fifth
// of the time of time.Parse; a day or an hour that does not exist comes out as
// another one, and is refused for that.
func parseStamp(s string) (time.Time, error) {
	if len(s) != len(stampLayout) || s[8] != 'T' || s[15] != 'Z' {
		return time.Time{}, ErrMalformedDate
	}
	t := time.Date(100*digits(s[0:])+digits(s[2:]), time.Month(digits(s[4:])), digits(s[6:]),
		digits(s[9:]), digits(s[11:]), digits(s[13:]), 0, time.UTC)
	var space [len(stampLayout)]byte
	if string(appendStamp(space[:0], t)) != s {
		return time.Time{}, ErrMalformedDate
	}
	return t, nil
}

// digits is the number that two digits stand for, and nonsense for anything else.
func digits(s string) int { return 10*(int(s[0])-'0') + int(s[1]) - '0' }

// parseDateHeader reads a Date header, which may also be in X-Amz-Date's form.
func parseDateHeader(s string) (time.Time, error) {
	if t, err := parseStamp(s); err == nil {
		return t, nil
	}
	t, err := http.ParseTime(s)
	if err != nil {
		return time.Time{}, ErrMalformedDate
	}
	return t.UTC(), nil
}

// TimeError says that a request came at the wrong time. Kind is one of
// ErrExpired, ErrNotYetCurrent, ErrTimeTooSkewed, ErrPresignExpired and
// ErrPresignNotYetValid, which errors.Is finds. Error returns AWS's message.
type TimeError struct {
	Kind      error
	Time      time.Time     // the request's date; zero for Signature Version 2
	Now       time.Time     // the server's clock
	Expires   time.Duration // X-Amz-Expires, for presigned S3 requests of version 4
	ExpiresAt time.Time     // the end of a presigned S3 request
}

// Unwrap returns Kind.
func (e *TimeError) Unwrap() error { return e.Kind }

func (e *TimeError) Error() string {
	switch e.Kind {
	case ErrExpired:
		return fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - 15 min.)",
			FormatTime(e.Time), FormatTime(e.Now.Add(-MaxSkew)), FormatTime(e.Now))
	case ErrNotYetCurrent:
		return fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 15 min.)",
			FormatTime(e.Time), FormatTime(e.Now.Add(MaxSkew)), FormatTime(e.Now))
	case ErrTimeTooSkewed:
		return "The difference between the request time and the current time is too large."
	case ErrPresignExpired:
		return "Request has expired"
	default:
		return "Request is not valid yet"
	}
}

// CheckTime judges the request's date against now, by the rule of its service.
// General services allow MaxSkew either way, presigned or not: X-Amz-Expires
// means nothing to them. S3 allows the same for signed headers; its presigned
// URLs hold from MaxSkew before their date until their expiry. The error is a
// *TimeError. Verify calls CheckTime itself.
func (s *Signature) CheckTime(now time.Time) error {
	now = now.UTC()
	fail := func(kind error) error {
		return &TimeError{Kind: kind, Time: s.Time, Now: now, Expires: s.Expires, ExpiresAt: s.ExpiresAt}
	}
	early := s.Time.After(now.Add(MaxSkew))
	late := s.Time.Before(now.Add(-MaxSkew))
	switch {
	case !s.S3() && late:
		return fail(ErrExpired)
	case !s.S3() && early:
		return fail(ErrNotYetCurrent)
	case !s.S3():
		return nil
	case s.Presigned && early:
		return fail(ErrPresignNotYetValid)
	case s.Presigned && now.After(s.ExpiresAt):
		return fail(ErrPresignExpired)
	case !s.Presigned && (early || late):
		return fail(ErrTimeTooSkewed)
	}
	return nil
}
