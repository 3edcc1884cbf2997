package server

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"rolecall.dev/rolecall/sigv4"
)

const (
	crashBucket = "crash"
	policied    = "policied"
)

// writers each change names of their own, one change after the other. One ends
// with false when it gets no answer, or when a change is refused.
var writers = map[string]func(*writer) bool{
	"users": (*writer).users, "roles": (*writer).roles, "objects": (*writer).objects,
	"others": (*writer).objects, "uploads": (*writer).uploads, "buckets": (*writer).buckets,
}

type writer struct {
	*crash
	name     string
	round, n int
	random   *rand.Rand
}

// issued is a session and the role that it is of.
type issued struct {
	creds sigv4.Credentials
	role  string
}

// upload is one in parts: what is needed to go on with it.
type upload struct {
	key, id, version string
	etags            []string
}

// change asks for a change that makes a fact true, and notes what comes of it.
func (w *writer) change(event, name, value string, what call) (reply, bool) {
	w.mu.Lock()
	f := w.facts[name]
	if f == nil {
		f = &fact{}
		w.facts[name] = f
	}
	f.maybe, f.fresh = &change{event, value}, true
	w.mu.Unlock()

	r, err := w.process.do(what)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.unanswered++
		return r, false
	}
	f.maybe = nil
	if r.Status >= 300 {
		w.t.Errorf("%s of %s: %d %s", event, name, r.Status, r.Body)
		return r, false
	}
	f.value = value
	w.acknowledged++
	w.acks = append(w.acks, r.Header.Get("X-Amzn-Requestid")+r.Header.Get("X-Amz-Request-Id"))
	return r, true
}

func (w *writer) iam(event, name, value string, pairs ...string) bool {
	_, ok := w.change(event, name, value, call{service: "iam", body: iamForm(event, pairs...)})
	return ok
}

// known notes a fact that an answer told.
func (w *writer) known(name, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts[name] = &fact{value: value, fresh: true}
}

// label is a name that is used once.
func (w *writer) label() string { return fmt.Sprintf("%s-%d-%d", w.name, w.round, w.n) }

// keep says of one name in many that it is not deleted: quotas are AWS's.
func (w *writer) keep() bool { return w.n%16 == 0 }

func (w *writer) users() bool {
	u := w.label()
	if !w.iam("CreateUser", "user/"+u, "there", "UserName", u) ||
		!w.iam("PutUserPolicy", "userpolicy/"+u, "Sid1", "UserName", u, "PolicyName", "p", "PolicyDocument", withSid(allowAll, "Sid1")) ||
		!w.iam("PutUserPolicy", "userpolicy/"+u, "Sid2", "UserName", u, "PolicyName", "p", "PolicyDocument", withSid(allowAll, "Sid2")) {
		return false
	}
	r, ok := w.change("CreateAccessKey", "keyof/"+u, "there", call{service: "iam", body: iamForm("CreateAccessKey", "UserName", u)})
	if !ok {
		return false
	}
	id := between(r.Body, "<AccessKeyId>", "<")
	key := "key/" + id + "/" + between(r.Body, "<SecretAccessKey>", "<")
	w.known(key, "works")
	return w.keep() || w.forget("keyof/"+u) && w.iam("DeleteAccessKey", key, "", "UserName", u, "AccessKeyId", id) &&
		w.iam("DeleteUserPolicy", "userpolicy/"+u, "", "UserName", u, "PolicyName", "p") &&
		w.iam("DeleteUser", "user/"+u, "", "UserName", u)
}

// forget drops a fact that ended with another.
func (w *writer) forget(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.facts, name)
	return true
}

func (w *writer) roles() bool {
	r := w.label()
	trust := trusting("arn:aws:iam::" + account + ":root")
	return w.iam("CreateRole", "role/"+r, "Sid1", "RoleName", r, "AssumeRolePolicyDocument", withSid(trust, "Sid1")) &&
		w.assume(r) &&
		w.iam("PutRolePolicy", "rolepolicy/"+r, "Sid1", "RoleName", r, "PolicyName", "p", "PolicyDocument", withSid(allowAll, "Sid1")) &&
		w.iam("UpdateAssumeRolePolicy", "role/"+r, "Sid2", "RoleName", r, "PolicyDocument", withSid(trust, "Sid2")) &&
		w.assume(r) &&
		(w.keep() || w.iam("DeleteRolePolicy", "rolepolicy/"+r, "", "RoleName", r, "PolicyName", "p") && w.iam("DeleteRole", "role/"+r, "", "RoleName", r))
}

func (w *writer) assume(role string) bool {
	body := stsForm("AssumeRole", "RoleArn", "arn:aws:iam::"+account+":role/"+role, "RoleSessionName", "session")
	r, ok := w.change("AssumeRole", "assumed/"+role, "", call{body: body})
	if !ok || !w.forget("assumed/"+role) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions = append(w.sessions, issued{role: role, creds: sigv4.Credentials{
		AccessKeyID: between(r.Body, "<AccessKeyId>", "<"), SecretAccessKey: sigv4.Secret(between(r.Body, "<SecretAccessKey>", "<")),
		SessionToken: between(r.Body, "<SessionToken>", "<"),
	}})
	return true
}

func (w *writer) s3(event, key, value, method, query, body string, header map[string]string) bool {
	_, ok := w.change(event, "object/"+key, value, call{service: "s3", method: method, path: "/" + crashBucket + "/" + key, query: query, body: body, header: header})
	return ok
}

func (w *writer) objects() bool {
	key := fmt.Sprintf("%s/%d", w.name, w.n%4)
	size := 64 + w.random.IntN(200_000)
	if w.n%3 == 0 {
		size = 64 + w.random.IntN(1000)
	}
	v := version(w.label(), size)
	tagged := `<Tagging><TagSet><Tag><Key>v</Key><Value>later</Value></Tag></TagSet></Tagging>`
	return w.s3("PutObject", key, v+"|"+v, "PUT", "", content(v, size), map[string]string{"x-amz-meta-version": v, "x-amz-tagging": "v=" + v}) &&
		w.s3("CopyObject", key+"-copy", v+"|"+v, "PUT", "", "", map[string]string{"x-amz-copy-source": crashBucket + "/" + key}) &&
		w.s3("PutObjectTagging", key, v+"|later", "PUT", "tagging=", tagged, nil) &&
		(w.n%5 != 0 || w.s3("DeleteObject", key, "", "DELETE", "", "", nil))
}

// uploads begins with those that a kill interrupted: they must go on.
func (w *writer) uploads() bool {
	for len(w.crash.uploads) > 0 {
		if !w.goOn(w.crash.uploads[0]) {
			return false
		}
		w.crash.uploads = w.crash.uploads[1:]
	}
	key := fmt.Sprintf("%s/%d", w.name, w.n%4)
	v := version(w.label(), firstPart+64+w.random.IntN(100_000))
	r, ok := w.change("CreateMultipartUpload", "uploading/"+key, "", call{
		service: "s3", method: "POST", path: "/" + crashBucket + "/" + key, query: "uploads=",
		header: map[string]string{"x-amz-meta-version": v, "x-amz-tagging": "v=" + v},
	})
	if !ok {
		return false
	}
	u := &upload{key: key, id: between(r.Body, "<UploadId>", "<"), version: v}
	w.crash.uploads = append(w.crash.uploads, u)
	return true
}

// firstPart is the least that a part may have which is not the last.
const firstPart = 5 << 20

// goOn sends what is missing of an upload and completes it.
func (w *writer) goOn(u *upload) bool {
	all := content(u.version, sizeOf(u.version))
	for n, part := range []string{all[:firstPart], all[firstPart:]} {
		if n < len(u.etags) {
			continue
		}
		r, ok := w.change("UploadPart", "uploading/"+u.key, "", call{
			service: "s3", method: "PUT", path: "/" + crashBucket + "/" + u.key, query: fmt.Sprintf("partNumber=%d&uploadId=%s", n+1, u.id), body: part,
		})
		if !ok {
			return false
		}
		u.etags = append(u.etags, r.Header.Get("Etag"))
	}
	parts := ""
	for n, etag := range u.etags {
		parts += fmt.Sprintf("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", n+1, etag)
	}
	return w.s3("CompleteMultipartUpload", u.key, u.version+"|"+u.version, "POST", "uploadId="+u.id,
		"<CompleteMultipartUpload>"+parts+"</CompleteMultipartUpload>", nil)
}

func (w *writer) buckets() bool {
	b := w.label()
	bucket := func(event, fact, value, method, path, query, body string) bool {
		_, ok := w.change(event, fact, value, call{service: "s3", method: method, path: path, query: query, body: body})
		return ok
	}
	for _, sid := range []string{"Sid1", "Sid2"} {
		policy := strings.Replace(withSid(allowAll, sid), `"Action":"*","Resource":"*"`,
			`"Principal":{"AWS":"`+account+`"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::`+b+`/*"`, 1)
		if sid == "Sid1" && !bucket("CreateBucket", "bucket/"+b, "there", "PUT", "/"+b, "", "") ||
			!bucket("PutBucketPolicy", "bucketpolicy/"+b, sid, "PUT", "/"+b, "policy=", policy) {
			return false
		}
	}
	return w.n%4 == 0 && w.round%8 == 0 || bucket("DeleteBucketPolicy", "bucketpolicy/"+b, "", "DELETE", "/"+b, "policy=", "") &&
		bucket("DeleteBucket", "bucket/"+b, "", "DELETE", "/"+b, "", "")
}

// withSid names the statement of a policy.
func withSid(policy, sid string) string {
	return strings.Replace(policy, `"Statement":{`, `"Statement":{"Sid":"`+sid+`",`, 1)
}

// version names one content of an object and its size.
func version(label string, size int) string { return fmt.Sprintf("%s.%d", label, size) }

func sizeOf(version string) int {
	size := 0
	_, _ = fmt.Sscan(version[strings.LastIndexByte(version, '.')+1:], &size)
	return size
}

// content is a body of which every part tells the version.
func content(version string, size int) string {
	return strings.Repeat(version+"\n", size/(len(version)+1)+1)[:size]
}

// between is what stands between two texts, "" if the first is missing.
func between(s, from, to string) string {
	_, s, ok := strings.Cut(s, from)
	if !ok {
		return ""
	}
	s, _, _ = strings.Cut(s, to)
	return s
}

// unescape decodes a policy as IAM answers it.
func unescape(s string) string {
	out, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return out
}
