package audit

import (
	"encoding/json"
	"time"
)

// Intent announces a change of state before it runs. The [Event] with the same
// ID closes it, whatever the outcome.
type Intent struct {
	ID              ID // a zero id is replaced by a new one
	Time            time.Time
	RequestID       string
	Source          string
	Name            string
	Region          string
	SourceIPAddress string
	Identity        Identity
	Resources       []Resource
	Decision        Decision
	// FreesSpace marks a deletion, which is let through while only the reserve
	// is left; see [Log.Intent]. It is not written.
	FreesSpace bool
}

func appendIntent(b []byte, in *Intent, eventType string) []byte {
	b = appendOpening(b, in.ID, eventType)
	b = appendCall(b, in.Time, in.Source, in.Name, in.Region, in.SourceIPAddress)
	b = in.Identity.append(appendKey(b, "userIdentity"))
	b, omitted := appendResources(b, in.Resources)
	b = append(appendKey(b, "additionalEventData"), '{')
	b = appendMember(b, "decision", in.Decision.String(), maxName)
	if omitted > 0 {
		b = omissions{resources: omitted}.append(appendKey(b, "omitted"))
	}
	b = append(b, '}')
	b = appendMember(b, "requestID", in.RequestID, maxName)
	return append(b, '}', '\n')
}

// intentLine is what parseIntent takes from a line.
type intentLine struct {
	EventTime       time.Time `json:"eventTime"`
	EventSource     string    `json:"eventSource"`
	EventName       string    `json:"eventName"`
	AWSRegion       string    `json:"awsRegion"`
	SourceIPAddress string    `json:"sourceIPAddress"`
	RequestID       string    `json:"requestID"`
	UserIdentity    struct {
		Type        string `json:"type"`
		PrincipalID string `json:"principalId"`
		ARN         string `json:"arn"`
		AccountID   string `json:"accountId"`
		AccessKeyID string `json:"accessKeyId"`
		UserName    string `json:"userName"`
	} `json:"userIdentity"`
	Resources []struct {
		ARN       string `json:"ARN"`
		AccountID string `json:"accountId"`
		Type      string `json:"type"`
	} `json:"resources"`
	AdditionalEventData struct {
		Decision string `json:"decision"`
	} `json:"additionalEventData"`
}

// parseIntent reads an intent back. Of the identity it takes who it was, not
// the session's details.
func parseIntent(id ID, line []byte) (Intent, error) {
	var l intentLine
	if err := json.Unmarshal(line, &l); err != nil {
		return Intent{}, err
	}
	who := l.UserIdentity
	in := Intent{
		ID: id, Time: l.EventTime, RequestID: l.RequestID,
		Source: l.EventSource, Name: l.EventName, Region: l.AWSRegion, SourceIPAddress: l.SourceIPAddress,
		Identity: Identity{
			Type: who.Type, PrincipalID: who.PrincipalID, ARN: who.ARN,
			AccountID: who.AccountID, AccessKeyID: who.AccessKeyID, UserName: who.UserName,
		},
		Decision: parseDecision(l.AdditionalEventData.Decision),
	}
	for _, r := range l.Resources {
		in.Resources = append(in.Resources, Resource{ARN: r.ARN, AccountID: r.AccountID, Type: r.Type})
	}
	return in, nil
}
