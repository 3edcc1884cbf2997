package server

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

// selfSigned writes a certificate for 127.0.0.1 and its key, and returns the
// files and who trusts them.
func selfSigned(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, content := range map[string][]byte{certFile: certPEM, keyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(certPEM)
	return certFile, keyFile, roots
}

// Some SDKs speak HTTP/2 as soon as there is TLS: many requests then share one
// connection, and none of them may hold up or end another.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	certFile, keyFile, roots := selfSigned(t)
	w := start(t, func(c *Config) { c.TLSCert, c.TLSKey = certFile, keyFile })
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	do := func(r *http.Request) reply {
		t.Helper()
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.ProtoMajor != 2 {
			t.Fatalf("%s %s came over %s", r.Method, r.URL.Path, resp.Proto)
		}
		return readReply(t, resp)
	}
	role := "arn:aws:iam::" + account + ":role/r"
	for _, body := range []string{
		iamForm("CreateRole", "RoleName", "r", "AssumeRolePolicyDocument", trusting("arn:aws:iam::"+account+":root")),
		iamForm("PutRolePolicy", "RoleName", "r", "PolicyName", "p", "PolicyDocument", allowAll),
	} {
		if r := do(w.request(call{service: "iam", body: body})); r.Status != http.StatusOK {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	assumed := do(w.request(call{body: stsForm("AssumeRole", "RoleArn", role, "RoleSessionName", "session")}))
	if assumed.Status != http.StatusOK {
		t.Fatalf("%d %s", assumed.Status, assumed.Body)
	}
	session := w.credentials(assumed)
	if r := do(w.request(call{service: "s3", method: "PUT", path: "/h2-bucket", creds: &session})); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}

	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // 1 MiB
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			path := "/h2-bucket/" + strings.Repeat("k", i+1)
			if r := do(w.request(call{service: "s3", method: "PUT", path: path, creds: &session, body: string(content)})); r.Status != http.StatusOK {
				t.Errorf("PUT %s: %d %s", path, r.Status, r.Body)
			}
			if r := do(w.request(call{service: "s3", method: "GET", path: path, creds: &session})); r.Status != http.StatusOK || r.Body != string(content) {
				t.Errorf("GET %s: %d, %d bytes", path, r.Status, len(r.Body))
			}
			if r := do(w.request(call{service: "s3", method: "GET", path: path + "-absent", creds: &session})); r.Status != http.StatusNotFound {
				t.Errorf("GET %s-absent: %d", path, r.Status)
			}
		})
	}
	all.Wait()

	// A client that gives up an upload half way changes nothing, and its
	// connection goes on.
	broken := w.request(call{service: "s3", method: "PUT", path: "/h2-bucket/broken", creds: &session, body: string(content)})
	broken.Body = io.NopCloser(io.MultiReader(bytes.NewReader(content[:1<<19]), failing{}))
	if resp, err := client.Do(broken); err == nil {
		resp.Body.Close()
		t.Errorf("half an upload was answered with %s", resp.Status)
	}
	if r := do(w.request(call{service: "s3", method: "HEAD", path: "/h2-bucket/broken", creds: &session})); r.Status != http.StatusNotFound {
		t.Errorf("half an upload was kept: %d", r.Status)
	}
	if r := do(w.request(call{body: stsForm("GetCallerIdentity"), creds: &sigv4.Credentials{AccessKeyID: adminID, SecretAccessKey: "wrong"}})); r.Code != "SignatureDoesNotMatch" {
		t.Errorf("wrong secret: %d %s", r.Status, r.Body)
	}
}

// failing is a body that breaks off.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
