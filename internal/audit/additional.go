package audit

import (
	"strconv"
	"time"
)

// omissions are the parts of an event that found no room in its line.
type omissions struct {
	parameters, response, additional bool
	resources, checks                int // how many
}

// appendAdditional writes additionalEventData: the fields that the service
// adds, the decision with the checks it rests on, and what was left out.
func appendAdditional(b []byte, ev *Event, left omissions) []byte {
	b, all := appendSection(append(b, '{'), ev.Additional, maxAdditional)
	left.additional = !all
	b = appendMember(b, "decision", ev.Decision.String(), maxName)
	b, left.checks = appendChecks(b, ev.Checks)
	if ev.ClockOffset != 0 {
		b = strconv.AppendInt(appendKey(b, "clockOffsetSeconds"), int64(ev.ClockOffset/time.Second), 10)
	}
	if left != (omissions{}) {
		b = left.append(appendKey(b, "omitted"))
	}
	return append(b, '}')
}

// appendChecks returns how many found no room.
func appendChecks(b []byte, checks []Check) (_ []byte, omitted int) {
	if len(checks) == 0 {
		return b, 0
	}
	b = append(appendKey(b, "checks"), '[')
	start := len(b)
	for i := range checks {
		before := len(b)
		b = checks[i].append(appendComma(b))
		if len(b)-start > maxChecks {
			return append(b[:before], ']'), len(checks) - i
		}
	}
	return append(b, ']'), 0
}

func (c *Check) append(b []byte) []byte {
	b = append(b, '{')
	b = appendMember(b, "action", c.Action, maxName)
	b = appendMember(b, "resource", c.Resource, maxName)
	b = appendMember(b, "decision", c.Decision.String(), maxName)
	b = appendMember(b, "policyType", c.PolicyType, maxName)
	return append(b, '}')
}

func (left omissions) append(b []byte) []byte {
	b = append(b, '{')
	b = appendTruth(b, "requestParameters", left.parameters)
	b = appendTruth(b, "responseElements", left.response)
	b = appendTruth(b, "additionalEventData", left.additional)
	b = appendCount(b, "resources", left.resources)
	b = appendCount(b, "checks", left.checks)
	return append(b, '}')
}

func appendTruth(b []byte, name string, value bool) []byte {
	if !value {
		return b
	}
	return strconv.AppendBool(appendKey(b, name), value)
}

func appendCount(b []byte, name string, n int) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(appendKey(b, name), int64(n), 10)
}
