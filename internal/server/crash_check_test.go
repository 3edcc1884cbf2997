package server

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rolecall.dev/rolecall/sigv4"
)

// touched are the names that changed since the last check, and may have.
func (c *crash) touched() []string {
	var names []string
	for name, f := range c.facts {
		if f.fresh {
			names = append(names, name)
			f.fresh = false
		}
	}
	slices.Sort(names)
	return names
}

// check compares names with what is known of them. Where an answer is missing,
// the change was made or not, and from here on that is known as well.
func (c *crash) check(names []string) {
	c.t.Helper()
	for _, name := range names {
		f := c.facts[name]
		if strings.HasPrefix(name, "uploading/") || strings.HasPrefix(name, "assumed/") {
			delete(c.facts, name) // nothing that can be looked at
			continue
		}
		got := c.look(name)
		switch {
		case got == f.value:
		case f.maybe != nil && got == f.maybe.value:
			c.adopted++
			f.value = got
		default:
			c.t.Errorf("%s is %q after a kill; acknowledged is %q, asked for %+v", name, got, f.value, f.maybe)
		}
		f.maybe = nil
	}
	c.checkListing()
	c.checkSessions(c.sessions[max(0, len(c.sessions)-20):])
}

// checkAll looks at everything that is there, and at all sessions.
func (c *crash) checkAll() {
	c.t.Helper()
	for _, f := range c.facts {
		f.fresh = f.value != ""
	}
	c.check(c.touched())
	c.checkSessions(c.sessions)
}

// look returns the value that a name has, "" if it is absent.
func (c *crash) look(name string) string {
	c.t.Helper()
	kind, name, _ := strings.Cut(name, "/")
	switch kind {
	case "user":
		return c.ofIAM("there", "GetUser", "UserName", name)
	case "userpolicy":
		return c.ofIAM("", "GetUserPolicy", "UserName", name, "PolicyName", "p")
	case "keyof":
		if r := c.ask(call{service: "iam", body: iamForm("ListAccessKeys", "UserName", name)}); !strings.Contains(r.Body, "<AccessKeyId>") {
			return ""
		}
		return "there"
	case "key":
		id, secret, _ := strings.Cut(name, "/")
		if c.works(sigv4.Credentials{AccessKeyID: id, SecretAccessKey: sigv4.Secret(secret)}) {
			return "works"
		}
		return ""
	case "role":
		return c.ofIAM("", "GetRole", "RoleName", name)
	case "rolepolicy":
		return c.ofIAM("", "GetRolePolicy", "RoleName", name, "PolicyName", "p")
	case "bucket":
		return c.present(c.ask(call{service: "s3", method: "HEAD", path: "/" + name}), "there")
	case "bucketpolicy":
		return c.present(c.ask(call{service: "s3", method: "GET", path: "/" + name, query: "policy="}), "")
	case "object":
		return c.object(name)
	}
	c.t.Fatalf("no way to look at %s/%s", kind, name)
	return ""
}

func (c *crash) ofIAM(value, action string, pairs ...string) string {
	c.t.Helper()
	return c.present(c.ask(call{service: "iam", body: iamForm(action, pairs...)}), value)
}

// present is value, or the Sid of a policy, if the answer says that something is there.
func (c *crash) present(r reply, value string) string {
	c.t.Helper()
	switch {
	case r.Status == 404:
		return ""
	case r.Status != 200:
		return r.Body
	case value != "":
		return value
	}
	return or(between(unescape(r.Body), `"Sid":"`, `"`), "no policy")
}

// object is the version and the tag of an object, which must be of one piece.
func (c *crash) object(key string) string {
	c.t.Helper()
	r := c.ask(call{service: "s3", method: "GET", path: "/" + crashBucket + "/" + key})
	if r.Status == 404 {
		return ""
	}
	v, _, _ := strings.Cut(r.Body, "\n")
	switch {
	case r.Status != 200:
		return r.Body
	case r.Header.Get("X-Amz-Meta-Version") != v:
		c.t.Errorf("%s has the body of %s and the metadata of %s", key, v, r.Header.Get("X-Amz-Meta-Version"))
	case r.Body != content(v, sizeOf(v)):
		c.t.Errorf("%s has %d bytes of %s that are not what was put", key, len(r.Body), v)
	}
	tags := c.demand(call{service: "s3", method: "GET", path: "/" + crashBucket + "/" + key, query: "tagging="})
	return v + "|" + between(tags.Body, "<Value>", "<")
}

// checkListing holds that the bucket lists the objects that are there and
// nothing else, and that no staged body was left behind.
func (c *crash) checkListing() {
	c.t.Helper()
	var want, got []string
	for name, f := range c.facts {
		if key, ok := strings.CutPrefix(name, "object/"); ok && f.value != "" {
			want = append(want, key)
		}
	}
	list := c.demand(call{service: "s3", method: "GET", path: "/" + crashBucket, query: "list-type=2"})
	for _, entry := range strings.Split(list.Body, "<Contents>")[1:] {
		got = append(got, between(entry, "<Key>", "<"))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		c.t.Errorf("the bucket lists %q, want %q", got, want)
	}
	staged, err := filepath.Glob(filepath.Join(c.dir, "objects", "objects", "*", ".sgwtmp", "*"))
	for _, name := range staged {
		if fi, statErr := os.Stat(name); statErr == nil && fi.Mode().IsRegular() {
			c.t.Errorf("%s was left behind", name)
		}
	}
	if err != nil {
		c.t.Error(err)
	}
}

func (c *crash) works(creds sigv4.Credentials) bool {
	c.t.Helper()
	r := c.ask(call{creds: &creds, body: stsForm("GetCallerIdentity")})
	if r.Status != 200 && r.Code != "InvalidClientTokenId" {
		c.t.Errorf("GetCallerIdentity: %d %s", r.Status, r.Body)
	}
	return r.Status == 200
}

// checkSessions holds that a session lives as long as its role.
func (c *crash) checkSessions(sessions []issued) {
	c.t.Helper()
	for _, s := range sessions {
		if got, want := c.works(s.creds), c.facts["role/"+s.role].value != ""; got != want {
			c.t.Errorf("a session of %s works: %v; the role is there: %v", s.role, got, want)
		}
	}
}

// recordLine is what is looked at in a line of the record.
type recordLine struct {
	EventID, EventType, EventName, RequestID string
	text                                     string
}

// readRecord holds that each change since the last start that was answered, or
// was made, has its line, and that a start closed every intent and said so.
func (c *crash) readRecord() {
	c.t.Helper()
	lines := c.newLines()
	outcomes, open, unfinished := map[string]bool{}, map[string]bool{}, 0
	for _, l := range lines {
		switch l.EventType {
		case "RolecallIntent":
			open[l.EventID] = true
			continue
		case "RolecallUnfinished":
			unfinished++
		default:
			outcomes[l.RequestID] = true
		}
		delete(open, l.EventID)
	}
	for _, id := range c.acks {
		if !outcomes[id] {
			c.t.Errorf("request %q was answered and has no line", id)
		}
	}
	if len(open) > 0 {
		c.t.Errorf("%d intents were not closed at the start", len(open))
	}
	if c.warned < unfinished || !c.partial && c.warned != unfinished {
		c.t.Errorf("the start told of %d unfinished operations, the record of %d", c.warned, unfinished)
	}
	c.unfinished += unfinished
	c.acks = nil
	c.checkMade(lines)
}

// checkMade holds that what was made without an answer is in the record.
func (c *crash) checkMade(lines []recordLine) {
	c.t.Helper()
	for name, f := range c.facts {
		if f.maybe == nil || strings.HasPrefix(name, "uploading/") || strings.HasPrefix(name, "assumed/") || c.look(name) != f.maybe.value || f.value == f.maybe.value {
			continue
		}
		_, resource, _ := strings.Cut(name, "/")
		if strings.HasPrefix(name, "key/") {
			resource = "user" // a key's is its user's
		}
		if !slices.ContainsFunc(lines, func(l recordLine) bool { return l.EventName == f.maybe.event && strings.Contains(l.text, resource) }) {
			c.t.Errorf("%s of %s was made and is not in the record", f.maybe.event, name)
		}
	}
}

// newLines reads what was added to the record since the last call: whole lines
// of JSON and nothing else.
func (c *crash) newLines() []recordLine {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.dir, "audit", "audit-*.jsonl"))
	if err != nil {
		c.t.Fatal(err)
	}
	var added []byte
	skip := c.read
	for _, name := range append(files, filepath.Join(c.dir, "audit", "audit.jsonl")) {
		f, err := os.Open(name)
		if err != nil {
			c.t.Fatal(err)
		}
		size, err := f.Seek(0, io.SeekEnd)
		from := min(skip, size)
		skip -= from
		part := make([]byte, size-from)
		if _, readErr := f.ReadAt(part, from); err != nil || readErr != nil && len(part) > 0 {
			c.t.Fatal(err, readErr)
		}
		_ = f.Close()
		added = append(added, part...)
	}
	c.read += int64(len(added))
	var lines []recordLine
	for text := range strings.Lines(string(added)) {
		l := recordLine{text: text}
		if err := json.Unmarshal([]byte(text), &l); err != nil || !strings.HasSuffix(text, "}\n") {
			c.t.Fatalf("a line of the record that is not whole: %v in %q", err, text)
		}
		lines = append(lines, l)
	}
	return lines
}
