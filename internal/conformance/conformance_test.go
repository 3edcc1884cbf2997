package conformance_test

import (
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/conformance"
)

const (
	decision = `{"id":"a","group":"g","request":{"principal":{"type":"user","arn":"arn:aws:iam::111122223333:user/alice","account":"111122223333"},` +
		`"action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resourceAccount":"111122223333","context":{}},` +
		`"policies":{"identity":[{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}]},"want":"WANT","source":"docs"}`
	validation = `{"id":"b","group":"validate","kind":"identity","text":"{","want":"WANT"}`
)

func TestRead(t *testing.T) {
	t.Parallel()
	text := strings.Replace(decision, "WANT", "allow", 1) + "\n\n" + strings.Replace(validation, "WANT", "valid", 1)
	cases, err := conformance.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var failures []string
	passed, failed := conformance.RunAll(cases, func(r conformance.Result) {
		if !r.Passed() {
			failures = append(failures, r.String())
		}
	})
	if passed != 1 || failed != 1 || len(failures) != 1 || !strings.HasPrefix(failures[0], "b: got invalid, want valid") {
		t.Errorf("RunAll: %d passed, %d failed: %q", passed, failed, failures)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"unknown key":             strings.Replace(decision, `"want":"WANT"`, `"want":"allow","wants":"allow"`, 1),
		"unknown key of requests": strings.Replace(strings.Replace(decision, "WANT", "allow", 1), `"context"`, `"contexts"`, 1),
		"unknown answer":          strings.Replace(decision, "WANT", "deny", 1),
		"unknown principal":       strings.Replace(strings.Replace(decision, "WANT", "allow", 1), `"type":"user"`, `"type":"group"`, 1),
		"unknown kind":            strings.Replace(strings.Replace(validation, "WANT", "valid", 1), `"identity"`, `"idp"`, 1),
		"validation with request": strings.Replace(strings.Replace(decision, "WANT", "valid", 1), `"group":"g"`, `"group":"validate","kind":"identity"`, 1),
		"repeated id":             strings.Repeat(strings.Replace(decision, "WANT", "allow", 1)+"\n", 2),
		"no id":                   strings.Replace(strings.Replace(decision, "WANT", "allow", 1), `"id":"a",`, "", 1),
		"two cases on one line":   strings.Repeat(strings.Replace(decision, "WANT", "allow", 1), 2),
		"not JSON":                "{",
	} {
		if cases, err := conformance.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s: Read accepts %+v", name, cases)
		}
	}
}

func TestReadQuestion(t *testing.T) {
	t.Parallel()
	open := strings.NewReplacer(`,"want":"WANT"`, "", `"id":"a",`, "").Replace(decision)
	for name, row := range map[string]struct {
		text string
		ok   bool
	}{
		"without id and want":  {strings.ReplaceAll(open, ",", ",\n"), true},
		"with both":            {strings.Replace(decision, "WANT", "allow", 1), true},
		"unknown answer":       {decision, false},
		"unknown key":          {strings.Replace(open, `"group"`, `"groups"`, 1), false},
		"no request":           {`{"policies":{}}`, false},
		"a question of form":   {strings.Replace(validation, "WANT", "valid", 1), false},
		"text after the case":  {open + open, false},
		"longer than any case": {open + strings.Repeat(" ", 4<<20), false},
	} {
		if c, err := conformance.ReadQuestion(strings.NewReader(row.text)); (err == nil) != row.ok {
			t.Errorf("%s: ReadQuestion = %+v, %v", name, c, err)
		}
	}
}
