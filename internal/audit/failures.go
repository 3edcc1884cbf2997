package audit

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// Bounds on what counting failures can cost: a flood from many addresses, or
// one that lasts while the disk is full, ends in the row "other" or in a row
// that covers more than its minute.
const (
	maxFailureAddresses = 1024 // for one minute
	maxFailureCodes     = 16   // for one address
	maxFailureMinutes   = 4    // waiting to be written
	maxFailureName      = 64   // bytes of an address or a code
	otherFailures       = "other"
)

// failureCounts counts failed authentications by minute, address and code.
type failureCounts struct {
	mu      sync.Mutex       // guards minutes
	minutes []*failureMinute // the last one is being counted
}

type failureMinute struct {
	start, last time.Time
	addresses   map[string]*failureRow
}

type failureRow struct {
	codes []failureCode
}

type failureCode struct {
	name  string
	count int64
}

// CountFailure counts a request that could not be authenticated, for the
// summary that is written for each source address and minute. now is the real
// clock. It never waits for the disk.
func (l *Log) CountFailure(now time.Time, sourceAddress, code string) {
	l.failures.count(now, sourceAddress, code)
}

func (c *failureCounts) count(now time.Time, address, code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.minute(now)
	m.last = now
	m.row(address).add(code, 1)
}

// minute returns the minute that now belongs to. While too many wait to be
// written, the last one goes on.
func (c *failureCounts) minute(now time.Time) *failureMinute {
	start := now.Truncate(time.Minute)
	if n := len(c.minutes); n > 0 && (c.minutes[n-1].start.Equal(start) || n >= maxFailureMinutes) {
		return c.minutes[n-1]
	}
	m := &failureMinute{start: start, addresses: map[string]*failureRow{}}
	c.minutes = append(c.minutes, m)
	return m
}

func (m *failureMinute) row(address string) *failureRow {
	if row := m.addresses[address]; row != nil {
		return row
	}
	if len(address) > maxFailureName || len(m.addresses) >= maxFailureAddresses {
		address = otherFailures
	}
	row := m.addresses[address]
	if row == nil {
		row = &failureRow{}
		m.addresses[address] = row
	}
	return row
}

func (r *failureRow) add(code string, n int64) {
	if len(code) > maxFailureName {
		code = otherFailures
	}
	for i := range r.codes {
		if r.codes[i].name == code {
			r.codes[i].count += n
			return
		}
	}
	if len(r.codes) >= maxFailureCodes && code != otherFailures {
		r.add(otherFailures, n)
		return
	}
	r.codes = append(r.codes, failureCode{code, n})
}

// take removes the minutes that are over at now, or all of them.
func (c *failureCounts) take(now time.Time, all bool) []*failureMinute {
	c.mu.Lock()
	defer c.mu.Unlock()
	over := slices.IndexFunc(c.minutes, func(m *failureMinute) bool {
		return !all && m.start.Equal(now.Truncate(time.Minute))
	})
	if over < 0 {
		over = len(c.minutes)
	}
	taken := c.minutes[:over:over]
	c.minutes = c.minutes[over:]
	return taken
}

// putBack returns minutes that could not be written.
func (c *failureCounts) putBack(taken []*failureMinute) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.minutes = append(taken, c.minutes...)
}

// flushFailures writes the summaries of the minutes that are over, or of all.
func (l *Log) flushFailures(all bool) error {
	taken := l.failures.take(l.opts.Now(), all)
	for i, m := range taken {
		lines := m.appendLines(nil)
		if err := l.submit(lines, ID{}, plainEntry); err != nil {
			l.failures.putBack(taken[i:])
			return err
		}
	}
	return nil
}

// appendLines writes a line for each address, in the order of addresses.
func (m *failureMinute) appendLines(b []byte) []byte {
	addresses := make([]string, 0, len(m.addresses))
	for address := range m.addresses {
		addresses = append(addresses, address)
	}
	slices.Sort(addresses)
	for _, address := range addresses {
		b = m.appendLine(b, NewID(), address, m.addresses[address])
	}
	return b
}

func (m *failureMinute) appendLine(b []byte, id ID, address string, row *failureRow) []byte {
	b = appendOpening(b, id, failuresType)
	b = appendTime(appendKey(b, "eventTime"), m.start)
	b = appendMember(b, "sourceIPAddress", address, maxFailureName)
	b = append(appendKey(b, "additionalEventData"), '{')
	var total int64
	b = append(appendKey(b, "codes"), '{')
	for _, code := range row.codes {
		b = strconv.AppendInt(appendKeyText(b, code.name), code.count, 10)
		total += code.count
	}
	b = append(b, '}')
	b = strconv.AppendInt(appendKey(b, "count"), total, 10)
	b = appendTime(appendKey(b, "until"), m.last)
	return append(b, "}}\n"...)
}
