package sigv4_test

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"rolecall.dev/rolecall/sigv4"
)

func Example() {
	creds := sigv4.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

	r, _ := http.NewRequest("GET", "http://127.0.0.1:8420/?Action=GetCallerIdentity&Version=2011-06-15", nil)
	if err := sigv4.Sign(r, creds, sigv4.Target{Region: "us-east-1", Service: "sts"}, sigv4.EmptySHA256, now); err != nil {
		fmt.Println(err)
		return
	}

	sig, err := sigv4.Parse(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	keys := sigv4.NewKeyCache(1024)
	fmt.Println(sig, sig.Verify(creds.SecretAccessKey, keys, sigv4.VerifyOptions{Now: now}))

	err = sig.Verify(creds.SecretAccessKey, keys, sigv4.VerifyOptions{Now: now.Add(time.Hour)})
	fmt.Println(errors.Is(err, sigv4.ErrExpired), err)
	// Output:
	// v4 AKIAIOSFODNN7EXAMPLE 20260304/us-east-1/sts/aws4_request <nil>
	// true Signature expired: 20260304T050607Z is now earlier than 20260304T055107Z (20260304T060607Z - 15 min.)
}
