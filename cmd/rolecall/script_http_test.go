package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rolecall.dev/rolecall/internal/client"
	"rolecall.dev/rolecall/sigv4"
)

// httpClient trusts what AWS_CA_BUNDLE of the script names, and follows nothing.
func httpClient(ts *testscript.TestScript) *http.Client {
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	if file := ts.Getenv("AWS_CA_BUNDLE"); file != "" {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(ts.ReadFile(file)))
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	return &http.Client{
		Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func httpCommand(ts *testscript.TestScript, neg bool, args []string) {
	flags := flag.NewFlagSet("http", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	status := flags.Int("status", 0, "")
	service := flags.String("sign", "", "")
	file := flags.String("body", "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() < 2 {
		ts.Fatalf("usage: http [-status N] [-sign SERVICE] [-body FILE] METHOD PATH ['Name: value'...] (%v)", err)
	}
	var body []byte
	if *file != "" {
		body = []byte(ts.ReadFile(*file))
	}
	r := newRequest(ts, flags.Args(), body)
	if *service != "" {
		ts.Check(sigv4.Sign(r, fromVariables(ts), sigv4.Target{Region: "us-east-1", Service: *service}, sigv4.HashPayload(body), time.Now()))
	}
	response, err := httpClient(ts).Do(r)
	ts.Check(err)
	defer response.Body.Close()
	fmt.Fprintln(ts.Stderr(), response.Proto, response.Status)
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		fmt.Fprintf(ts.Stderr(), "%s: %s\n", name, strings.Join(response.Header[name], ", "))
	}
	_, err = io.Copy(ts.Stdout(), response.Body)
	ts.Check(err)
	good := response.StatusCode/100 == 2
	if *status != 0 {
		good = response.StatusCode == *status
	}
	if good == neg {
		ts.Fatalf("http answers %s", response.Status)
	}
}

func newRequest(ts *testscript.TestScript, args []string, body []byte) *http.Request {
	r, err := http.NewRequest(args[0], worldOf(ts).url+args[1], bytes.NewReader(body))
	ts.Check(err)
	for _, header := range args[2:] {
		name, value, ok := strings.Cut(header, ":")
		if !ok {
			ts.Fatalf("header %q is not Name: value", header)
		}
		if value = strings.TrimSpace(value); strings.EqualFold(name, "Host") {
			r.Host = value
		} else {
			r.Header.Add(name, value)
		}
	}
	return r
}

// queryVersions and jsonTargets are the services that call knows.
var (
	queryVersions = map[string]string{"iam": "2010-05-08", "sts": "2011-06-15"}
	jsonTargets   = map[string]string{"organizations": "AWSOrganizationsV20161128.", "rolecall": "Rolecall_20261101."}
)

func callCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: call SERVICE ACTION [NAME=VALUE...]")
	}
	caller := client.With(worldOf(ts).url, fromVariables(ts))
	answer, err := call(caller, args[0], args[1], args[2:])
	fmt.Fprintln(ts.Stdout(), answer)
	if err != nil {
		fmt.Fprintln(ts.Stderr(), err)
	}
	if (err != nil) != neg {
		ts.Fatalf("call %s %s: %v", args[0], args[1], err)
	}
}

func call(caller *client.Client, service, action string, parameters []string) (answer string, err error) {
	if target, ok := jsonTargets[service]; ok {
		in := map[string]json.RawMessage{}
		for _, p := range parameters {
			name, value, _ := strings.Cut(p, "=")
			raw, _ := json.Marshal(value)
			if literal, ok := strings.CutSuffix(name, ":"); ok {
				name, raw = literal, []byte(value)
			}
			in[name] = raw
		}
		var out json.RawMessage
		err = caller.JSON(context.Background(), service, target+action, in, &out)
		return string(out), err
	}
	version, ok := queryVersions[service]
	if !ok {
		return "", fmt.Errorf("unknown service %q", service)
	}
	form := url.Values{"Action": {action}, "Version": {version}}
	for _, p := range parameters {
		name, value, _ := strings.Cut(p, "=")
		form.Add(name, value)
	}
	var out struct {
		XML string `xml:",innerxml"`
	}
	err = caller.Query(context.Background(), service, form, &out)
	return out.XML, err
}

func captureCommand(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg, "capture NAME FILE [MEMBER...]", len(args) >= 2)
	text := ts.ReadFile(args[1])
	for _, member := range args[2:] {
		var object map[string]json.RawMessage
		ts.Check(json.Unmarshal([]byte(text), &object))
		raw, ok := object[member]
		if !ok {
			ts.Fatalf("no member %s in %s", member, text)
		}
		text = string(raw)
	}
	var word string
	if len(args) > 2 && json.Unmarshal([]byte(text), &word) == nil {
		text = word
	}
	ts.Setenv(args[0], strings.TrimSpace(text))
}

func certificateCommand(ts *testscript.TestScript, neg bool, args []string) {
	noNegation(ts, neg, "certificate CERT KEY", len(args) == 2)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: serial, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}
