package server

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rolecall.dev/rolecall/sigv4"
)

// A story with every kind of secret, and then a search for each of them in what
// the server logged and wrote: only the administrator's own file has any.
func TestNoSecretsAnywhere(t *testing.T) {
	t.Parallel()
	w := start(t)
	secrets := map[string]string{"the administrator's secret": adminSecret}
	keep := func(what string, c sigv4.Credentials) sigv4.Credentials {
		secrets["the secret of "+what] = string(c.SecretAccessKey)
		if c.SessionToken != "" {
			secrets["the token of "+what] = c.SessionToken
		}
		return c
	}
	signed := func(what string, c call) reply {
		r := w.request(c)
		_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
		secrets["the signature of "+what] = signature
		return w.send(r)
	}
	eve := keep("a user", w.user("eve", allowAll))
	session := keep("a session", w.session(eve, w.role("r"), "Tags.member.1.Key", "k", "Tags.member.1.Value", "v"))
	signed("an allowed request", call{creds: &session, body: stsForm("GetCallerIdentity")})
	signed("a refused one", call{service: "iam", creds: &eve, body: iamForm("GetUser", "UserName", "none")})
	signed("an unreadable one", call{creds: &session, body: stsForm("GetCallerIdentity"), mangle: set("X-Amz-Extra", "1")})
	signed("an S3 request", call{service: "s3", method: "PUT", path: "/bucket-of-secrets", creds: &session})
	signed("an S3 object", call{service: "s3", method: "PUT", path: "/bucket-of-secrets/k", creds: &session, body: "data"})
	signed("a request with an odd parameter", call{creds: &session, body: stsForm("GetCallerIdentity", "x-amz-security-token", session.SessionToken)})
	signed("a TokenCode", call{body: stsForm("AssumeRole", "RoleArn", "arn:aws:iam::"+account+":role/r", "RoleSessionName", "session", "SerialNumber", "arn:aws:iam::"+account+":mfa/m", "TokenCode", "918273")})
	secrets["a one-time password"] = "918273"
	forged := session
	forged.SessionToken = flip(session.SessionToken)
	w.whoami(keep("a forger", forged))

	r, _ := http.NewRequest(http.MethodGet, w.URL()+"/?"+stsForm("GetCallerIdentity"), nil)
	presigned, err := sigv4.Presign(r, session, sigv4.Target{Region: "us-east-1", Service: "sts"}, sigv4.EmptySHA256, 60e9, w.config.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, secrets["a presigned URL's signature"], _ = strings.Cut(presigned, "X-Amz-Signature=")
	if r, err = http.NewRequest(http.MethodGet, presigned, nil); err != nil {
		t.Fatal(err)
	}
	if got := w.send(r); got.Status != 200 {
		t.Fatalf("presigned: %d %s", got.Status, got.Body)
	}
	master, err := os.ReadFile(filepath.Join(w.dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Stop(); err != nil {
		t.Fatal(err)
	}

	search := func(where string, content []byte) {
		for what, secret := range secrets {
			if len(secret) < 6 {
				t.Fatalf("%s is %q: nothing to look for", what, secret)
			}
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s stands in %s", what, where)
			}
		}
		if !strings.HasSuffix(where, "master.key") && bytes.Contains(content, bytes.TrimSpace(master)) {
			t.Errorf("the master key stands in %s", where)
		}
	}
	search("the log", []byte(w.logs.String()))
	files := 0
	err = filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == "credentials" {
			return err
		}
		b, err := os.ReadFile(path)
		if len(b) > 0 {
			files++
		}
		search(path, b)
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("searched %d files: %v", files, err)
	}
	credentials, err := os.ReadFile(filepath.Join(w.dir, "credentials"))
	if err != nil || !strings.Contains(string(credentials), adminSecret) {
		t.Errorf("the search cannot find what is there: %v", err)
	}
}
