package sigv4

import (
	"testing"
	"time"
)

// TestParseStamp compares with time.Parse, which reads the same layout but also
// takes fractions of a second: the length rules them out.
func TestParseStamp(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"20150830T123600Z", "00000101T000000Z", "99991231T235959Z", "20240229T000000Z", "20230229T000000Z", "20150431T000000Z",
		"20151301T000000Z", "20150001T000000Z", "20150100T000000Z", "20150101T240000Z", "20150101T006000Z", "20150101T000060Z",
		"2015083 T123600Z", "20150830T12360:Z", "2015082:T123600Z", "201508/0T123600Z", "20150830t123600Z", "20150830T123600z",
		"20150830 123600Z", "20150830T123600", "", "20150830T123600Z0", "2015-8-3T1:36:0Z", "\xff0150830T123600Z", "20150830T1236.5Z",
		"-0150830T123600Z", "/0150830T123600Z", ":0150830T123600Z", "-1-20830T123600Z", "2015-830T123600Z",
	} {
		got, err := parseStamp(s)
		want, wantErr := time.Parse(stampLayout, s)
		if !got.Equal(want) || (err == nil) != (wantErr == nil) {
			t.Errorf("parseStamp(%q) = %v, %v; time.Parse says %v, %v", s, got, err, want, wantErr)
		}
	}
}

func TestFormatTime(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", -5*3600)
	for _, at := range []time.Time{
		time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC), time.Date(2024, 12, 31, 23, 59, 59, 999999999, zone), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, want := FormatTime(at), at.UTC().Format(stampLayout); got != want {
			t.Errorf("FormatTime(%v) = %s, want %s", at, got, want)
		}
	}
}
