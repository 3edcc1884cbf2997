package wire

import "time"

// String returns a pointer to s, for optional members.
func String(s string) *string { return &s }

// Secret returns a pointer to s as a Sensitive, for optional members.
func Secret(s string) *Sensitive { return (*Sensitive)(&s) }

// Int32 returns a pointer to n, for optional members.
func Int32(n int32) *int32 { return &n }

// Int64 returns a pointer to n, for optional members.
func Int64(n int64) *int64 { return &n }

// Bool returns a pointer to b, for optional members.
func Bool(b bool) *bool { return &b }

// Time returns a pointer to t, for optional members.
func Time(t time.Time) *time.Time { return &t }
