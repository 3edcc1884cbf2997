package policy

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// instant is a point in time.
type instant struct {
	seconds int64 // since 1970-01-01T00:00:00Z
	nanos   int32
}

func (t instant) compare(u instant) int {
	return cmp.Or(cmp.Compare(t.seconds, u.seconds), cmp.Compare(t.nanos, u.nanos))
}

// parseInstant reads one of the forms of ISO 8601 that
// https://www.w3.org/TR/NOTE-datetime lists, or seconds since 1970:
//
//	2024  2024-04  2024-04-01  2024-04-01T00:00Z  2024-04-01T00:00:00.5+02:00
//	1711929600
//
// Four digits are a year. A time of day without a zone is UTC.
func parseInstant(s string) (instant, bool) {
	if len(s) > 40 {
		return instant{}, false
	}
	if len(s) != 4 && isSeconds(s) {
		n, err := strconv.ParseInt(s, 10, 64)
		return instant{seconds: n}, err == nil
	}
	date, clock, timed := strings.Cut(s, "T")
	year, month, day, ok := parseDay(date)
	if !ok || timed && len(date) != len("2006-01-02") {
		return instant{}, false
	}
	t := instant{seconds: time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()}
	if timed {
		ok = t.addClock(clock)
	}
	return t, ok
}

func isSeconds(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return allDigits(digits)
}

// parseDay reads YYYY, YYYY-MM or YYYY-MM-DD.
func parseDay(s string) (year, month, day int, ok bool) {
	month, day = 1, 1
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return 0, 0, 0, false
	}
	year, ok = number(s[:4], 0, 9999)
	if ok && len(s) >= 7 {
		month, ok = number(s[5:7], 1, 12)
		ok = ok && s[4] == '-'
	}
	if ok && len(s) == 10 {
		last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
		day, ok = number(s[8:], 1, last)
		ok = ok && s[7] == '-'
	}
	return year, month, day, ok
}

// addClock reads hh:mm[:ss[.fraction]][zone] and adds it to midnight.
func (t *instant) addClock(s string) bool {
	s, offset, ok := cutZone(s)
	if !ok || len(s) < 5 || s[2] != ':' {
		return false
	}
	hour, ok1 := number(s[:2], 0, 23)
	minute, ok2 := number(s[3:5], 0, 59)
	second, ok3 := 0, true
	if rest := s[5:]; rest != "" {
		if len(rest) < 3 || rest[0] != ':' {
			return false
		}
		second, ok3 = number(rest[1:3], 0, 60)
		ok3 = ok3 && t.addFraction(rest[3:])
	}
	t.seconds += int64(hour*3600 + minute*60 + second - offset)
	return ok1 && ok2 && ok3
}

func (t *instant) addFraction(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != '.' || !allDigits(s[1:]) {
		return false
	}
	scale := int32(100_000_000)
	for i := 1; i < len(s) && scale > 0; i++ {
		t.nanos += int32(s[i]-'0') * scale
		scale /= 10
	}
	return true
}

// cutZone takes Z, +hh:mm, -hh:mm or +hhmm from the end of s and returns its
// offset in seconds.
func cutZone(s string) (rest string, offset int, ok bool) {
	if rest, found := strings.CutSuffix(s, "Z"); found {
		return rest, 0, true
	}
	sign := strings.LastIndexAny(s, "+-")
	if sign < 0 {
		return s, 0, true
	}
	zone := s[sign+1:]
	if len(zone) == 5 && zone[2] == ':' {
		zone = s[sign+1:sign+3] + s[sign+4:]
	}
	if len(zone) != 4 {
		return "", 0, false
	}
	hours, ok1 := number(zone[:2], 0, 23)
	minutes, ok2 := number(zone[2:], 0, 59)
	offset = hours*3600 + minutes*60
	if s[sign] == '-' {
		offset = -offset
	}
	return s[:sign], offset, ok1 && ok2
}

func number(s string, low, high int) (int, bool) {
	if !allDigits(s) {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n, n >= low && n <= high
}
