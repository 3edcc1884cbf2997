package iam

import (
	"strings"
	"testing"
	"time"

	"rolecall.dev/rolecall/policy"
)

// TestGlobalKeys holds each global key to what the table of "AWS global
// condition context keys" in the IAM User Guide says for each kind of caller.
// "-" means that the request does not have the key.
func TestGlobalKeys(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	issued := now.Add(-time.Minute)
	const account, other = "123456789012", "210987654321"
	user := &Caller{
		Principal: policy.Principal{Type: policy.User, ARN: "arn:aws:iam::123456789012:user/div/alice", Account: account, ID: "AIDA1"},
		UserID:    "AIDA1",
	}
	session := &Caller{
		Principal: policy.Principal{Type: policy.RoleSession, ARN: "arn:aws:sts::123456789012:assumed-role/app/s", Role: "arn:aws:iam::123456789012:role/app", Account: account, ID: "AROA1", Session: "s"},
		UserID:    "AROA1:s",
		Session:   &Session{Issued: issued, SourceIdentity: "alice", Context: []Tag{{Key: "ec2:roledelivery", Value: "2.0"}, {Key: "aws:federatedprovider", Value: "p"}}},
	}
	withMFA := &Caller{Principal: session.Principal, UserID: session.UserID, Session: &Session{Issued: issued, MFATime: issued}}
	root := &Caller{Principal: policy.Principal{Type: policy.Root, ARN: "arn:aws:iam::123456789012:root", Account: account}, UserID: account}
	callers := []*Caller{user, session, withMFA, root, Anonymous()}
	for _, row := range []string{
		// key                        user | session | session with MFA | root | anonymous
		"aws:currenttime               2026-03-04T12:00:00Z 2026-03-04T12:00:00Z 2026-03-04T12:00:00Z 2026-03-04T12:00:00Z 2026-03-04T12:00:00Z",
		"aws:epochtime                 1772625600 1772625600 1772625600 1772625600 1772625600",
		"aws:sourceip                  192.0.2.1 192.0.2.1 192.0.2.1 192.0.2.1 192.0.2.1",
		"aws:securetransport           true true true true true",
		"aws:useragent                 curl curl curl curl curl",
		"aws:referer                   - - - - -",
		"aws:requestedregion           eu-west-1 eu-west-1 eu-west-1 eu-west-1 eu-west-1",
		"aws:viaawsservice             false false false false false",
		"aws:principalisawsservice     false false false false -",
		"aws:principalarn              arn:aws:iam::123456789012:user/div/alice arn:aws:iam::123456789012:role/app arn:aws:iam::123456789012:role/app arn:aws:iam::123456789012:root -",
		"aws:principalaccount          123456789012 123456789012 123456789012 123456789012 -",
		"aws:principaltype             User AssumedRole AssumedRole Account Anonymous",
		"aws:principalorgid            o-1 o-1 o-1 o-1 -",
		"aws:principalorgpaths         o-1/r-1/ o-1/r-1/ o-1/r-1/ o-1/r-1/ -",
		"aws:userid                    AIDA1 AROA1:s AROA1:s 123456789012 anonymous",
		"aws:username                  alice - - - -",
		"aws:principaltag/team         blue blue blue blue blue",
		"aws:principaltag/other        - - - - -",
		"aws:tokenissuetime            - 2026-03-04T11:59:00Z 2026-03-04T11:59:00Z - -",
		"aws:multifactorauthpresent    - false true - -",
		"aws:multifactorauthage        - - 60 - -",
		"aws:sourceidentity            - alice - - -",
		"aws:federatedprovider         - p - - -",
		"aws:resourceaccount           210987654321 210987654321 210987654321 210987654321 210987654321",
		"aws:resourceorgid             o-1 o-1 o-1 o-1 o-1",
		"aws:resourceorgpaths          o-1/r-1/ o-1/r-1/ o-1/r-1/ o-1/r-1/ o-1/r-1/",
		"aws:resourcetag/stage         test test test test test",
		"aws:nosuchkey                 - - - - -",
		"s3:prefix                     a/ a/ a/ a/ a/",
	} {
		cells := strings.Fields(row)
		own := &policy.Values{}
		own.Set("s3:prefix", "a/")
		own.Set("aws:ResourceTag/stage", "test")
		own.Set("aws:PrincipalArn", "arn:aws:iam::123456789012:user/forged") // what a row says of the caller does not count
		for i, caller := range callers {
			env := Environment{
				Caller: caller, Now: now, SourceIP: "192.0.2.1", Secure: true, UserAgent: "curl", Region: "eu-west-1",
				PrincipalTags: []Tag{{Key: "Team", Value: "blue"}}, organization: &Organization{ID: "o-1", RootID: "r-1"},
			}
			c := checkContext{Environment: &env, check: &Check{Owner: other, Context: own}}
			got := "-"
			if values, ok := c.Lookup(cells[0]); ok {
				got = strings.Join(values, ",")
			}
			if got != cells[i+1] {
				t.Errorf("%s of %v = %s, want %s", cells[0], caller.Principal.Type, got, cells[i+1])
			}
		}
	}

	alone := Environment{Caller: user, Now: now}
	for _, key := range []string{"aws:principalorgid", "aws:principalorgpaths", "aws:resourceorgid", "aws:resourceorgpaths", "aws:resourceaccount", "aws:sourceip", "s3:prefix"} {
		c := checkContext{Environment: &alone, check: &Check{}}
		if values, ok := c.Lookup(key); ok {
			t.Errorf("without an organization, an owner and an address, %s = %v", key, values)
		}
	}
}
