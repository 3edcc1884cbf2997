package iam

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rolecall.dev/rolecall/arn"
)

// awsAccount stands in the account part of the ARNs of AWS's own policies.
const awsAccount arn.AccountID = "aws"

//go:embed awsmanaged/policies.json
var awsManagedJSON []byte

// awsManaged is AWS's own managed policies, by ARN. It never changes.
type awsManaged struct {
	byARN  map[string]*ManagedPolicy
	sorted []*ManagedPolicy
}

func (m *awsManaged) get(policyARN string) *ManagedPolicy { return m.byARN[policyARN] }

// loadAWSManaged reads the data set; see awsmanaged/ORIGIN.md.
func loadAWSManaged() (*awsManaged, error) {
	var data map[string]struct {
		CreateDate, UpdateDate time.Time
		DefaultVersionID       string `json:"DefaultVersionId"`
		Path                   string
		Document               json.RawMessage
	}
	if err := json.Unmarshal(awsManagedJSON, &data); err != nil {
		return nil, fmt.Errorf("read AWS managed policies: %w", err)
	}
	m := &awsManaged{byARN: make(map[string]*ManagedPolicy, len(data))}
	for name, d := range data {
		var text bytes.Buffer
		if err := json.Compact(&text, d.Document); err != nil {
			return nil, fmt.Errorf("read AWS managed policy %s: %w", name, err)
		}
		p := &ManagedPolicy{
			Name:     Name{Account: awsAccount, Name: name, Path: d.Path, Created: d.CreateDate},
			Updated:  d.UpdateDate,
			Default:  d.DefaultVersionID,
			Versions: []*PolicyVersion{{ID: d.DefaultVersionID, Document: NewDocument(text.String()), Created: d.UpdateDate}},
		}
		p.ID = fixedID(policyIDPrefix, p.ARN())
		m.byARN[p.ARN()] = p
		m.sorted = append(m.sorted, p)
	}
	slices.SortFunc(m.sorted, func(a, b *ManagedPolicy) int { return cmp.Compare(a.Name.Name, b.Name.Name) })
	return m, nil
}

// fixedID returns a unique id that is always the same for a name.
func fixedID(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}
