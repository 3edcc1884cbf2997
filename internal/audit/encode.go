package audit

import (
	"strconv"
	"time"
)

// MaxLine is the length in bytes that no line exceeds. It leaves room for the
// largest request there is, DeleteObjects with 1,000 keys of 1,024 bytes each
// escaped to twice their length.
const MaxLine = 4 << 20

// Room for the parts of a line. The first three are CloudTrail's own limits.
// What does not fit is left out, and additionalEventData names it in omitted.
const (
	maxParameters = 100 << 10
	maxResponse   = 100 << 10
	maxAdditional = 28 << 10
	maxResources  = 256 << 10
	maxChecks     = 3 << 20
)

const (
	callType       = "AwsApiCall"
	intentType     = "RolecallIntent"
	unfinishedType = "RolecallUnfinished"
	failuresType   = "RolecallAuthenticationFailures"
)

// A line begins with opening, the id, betweenIDAndType and its type, so that a
// start can find open intents without parsing every line.
const (
	opening          = `{"eventVersion":"1.11","eventID":"`
	betweenIDAndType = `","eventType":"`
)

func appendOpening(b []byte, id ID, eventType string) []byte {
	b = append(b, opening...)
	b = id.append(b)
	b = append(b, betweenIDAndType...)
	b = append(b, eventType...)
	return append(b, '"')
}

// appendEvent writes the line of a request, newline included.
func appendEvent(b []byte, ev *Event) []byte {
	b = appendOpening(b, ev.ID, callType)
	b = appendCall(b, ev.Time, ev.Source, ev.Name, ev.Region, ev.SourceIPAddress)
	b = appendMember(b, "userAgent", ev.UserAgent, maxText)
	b = ev.Identity.append(appendKey(b, "userIdentity"))
	b = appendMember(b, "errorCode", ev.ErrorCode, maxText)
	b = appendMember(b, "errorMessage", ev.ErrorMessage, maxText)

	var left omissions
	var all bool
	b, all = appendFields(b, "requestParameters", ev.RequestParameters, maxParameters)
	left.parameters = !all
	b, all = appendFields(b, "responseElements", ev.ResponseElements, maxResponse)
	left.response = !all
	b, left.resources = appendResources(b, ev.Resources)
	b = appendAdditional(appendKey(b, "additionalEventData"), ev, left)

	b = appendMember(b, "requestID", ev.RequestID, maxName)
	b = strconv.AppendBool(appendKey(b, "readOnly"), ev.ReadOnly)
	b = strconv.AppendBool(appendKey(b, "managementEvent"), !ev.DataEvent)
	b = appendMember(b, "recipientAccountId", ev.RecipientAccountID, maxName)
	category := "Management"
	if ev.DataEvent {
		category = "Data"
	}
	b = appendMember(b, "eventCategory", category, maxName)
	if ev.TLS != (TLS{}) {
		b = ev.TLS.append(appendKey(b, "tlsDetails"))
	}
	return append(b, '}', '\n')
}

func appendCall(b []byte, at time.Time, source, name, region, address string) []byte {
	b = appendTime(appendKey(b, "eventTime"), at)
	b = appendMember(b, "eventSource", source, maxName)
	b = appendMember(b, "eventName", name, maxName)
	b = appendMember(b, "awsRegion", region, maxName)
	return appendMember(b, "sourceIPAddress", address, maxName)
}

func (t *TLS) append(b []byte) []byte {
	b = append(b, '{')
	b = appendMember(b, "tlsVersion", t.Version, maxName)
	b = appendMember(b, "cipherSuite", t.CipherSuite, maxName)
	b = appendMember(b, "clientProvidedHostHeader", t.Host, maxName)
	return append(b, '}')
}

// appendFields writes a member that is null when there are no fields. It
// reports whether all found room.
func appendFields(b []byte, name string, fields []Field, limit int) (_ []byte, all bool) {
	b = appendKey(b, name)
	if fields == nil {
		return append(b, "null"...), true
	}
	b, all = appendSection(append(b, '{'), fields, limit)
	return append(b, '}'), all
}

// appendResources returns how many found no room.
func appendResources(b []byte, resources []Resource) (_ []byte, omitted int) {
	if len(resources) == 0 {
		return b, 0
	}
	b = append(appendKey(b, "resources"), '[')
	start := len(b)
	for i := range resources {
		before := len(b)
		b = resources[i].append(appendComma(b))
		if len(b)-start > maxResources {
			return append(b[:before], ']'), len(resources) - i
		}
	}
	return append(b, ']'), 0
}

func (r *Resource) append(b []byte) []byte {
	b = append(b, '{')
	b = appendMember(b, "accountId", r.AccountID, maxName)
	b = appendMember(b, "type", r.Type, maxName)
	b = appendMember(b, "ARN", r.ARN, maxName)
	return append(b, '}')
}
