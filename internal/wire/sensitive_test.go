package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/internal/wire/iamwire"
	"rolecall.dev/rolecall/internal/wire/stswire"
)

func TestSensitiveMembersAreNotPrinted(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	device := iamwire.VirtualMFADevice{Base32StringSeed: []byte(secret)}
	values := []any{
		wire.Sensitive(secret), wire.Secret(secret), device, &device, device.Base32StringSeed,
		stswire.Credentials{SecretAccessKey: secret, SessionToken: secret},
		&stswire.AssumeRoleWithWebIdentityRequest{WebIdentityToken: secret},
	}
	for _, v := range values {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", v)
		fmt.Fprintf(&log, "%v %+v %#v %s %q %x %d", v, v, v, v, v, v, v)
		if err := json.NewEncoder(&log).Encode(v); err != nil {
			t.Errorf("%T: %v", v, err)
		}
		for _, shape := range []string{secret, fmt.Sprintf("%x", secret), strings.Trim(fmt.Sprint([]byte(secret)), "[]"), "aHVudGVyMi1odW50ZXIy"} {
			if strings.Contains(log.String(), shape) {
				t.Errorf("%T prints its secret: %s", v, log.String())
			}
		}
	}
}
