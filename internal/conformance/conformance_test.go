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
	cases, err := conformance.Read("cases", strings.NewReader(text))
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
		"no case":                 "\n \n",
		"a longer line":           strings.Replace(decision, "WANT", "allow", 1) + strings.Repeat(" ", 4<<20),
	} {
		if cases, err := conformance.Read("cases", strings.NewReader(text)); err == nil {
			t.Errorf("%s: Read accepts %+v", name, cases)
		}
	}
}

// TestRunRefusesTwoSpellings holds that a case whose context has one key twice
// fails alone, and does not keep the others of its file from being decided.
func TestRunRefusesTwoSpellings(t *testing.T) {
	t.Parallel()
	text := strings.Replace(strings.Replace(decision, "WANT", "allow", 1), `"context":{}`, `"context":{"aws:PrincipalTag/team":["a"],"aws:principaltag/Team":["b"]}`, 1)
	cases, err := conformance.Read("cases", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if r := conformance.Run(&cases[0]); r.Got != `context key "aws:principaltag/team" comes twice` {
		t.Errorf("Run: got %q", r.Got)
	}
}

// TestReadTellsPlace holds the beginning of errors: who edits a file of cases
// finds the place by it.
func TestReadTellsPlace(t *testing.T) {
	t.Parallel()
	good := strings.Replace(decision, "WANT", "allow", 1)
	for text, want := range map[string]string{
		"":                              "cases: no case in it",
		good + "\n{\"id\":\"b\",}":      `cases:2:11: invalid character '}'`,
		good + "\r\n" + good[:40]:       "cases:2: the case breaks off",
		good + "\n" + good:              `cases:2: id "a" repeats`,
		`{"id":7}`:                      "cases:1:7: json: cannot unmarshal number",
		good[:len(good)-1] + `,"x":1}`:  `cases:1: json: unknown field "x"`,
		strings.Repeat(" ", 4<<20) + "": "cases:1: longer than",
	} {
		if _, err := conformance.Read("cases", strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
	if _, err := conformance.ReadQuestion("case", strings.NewReader("{\n  \"id\": x\n}")); err == nil || !strings.HasPrefix(err.Error(), "case:2:9: invalid character 'x'") {
		t.Errorf("a question over several lines: %v", err)
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
		if c, err := conformance.ReadQuestion("case", strings.NewReader(row.text)); (err == nil) != row.ok {
			t.Errorf("%s: ReadQuestion = %+v, %v", name, c, err)
		}
	}
}
