package iam

import "testing"

func TestAttachable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		of   Name
		want bool
	}{
		{"AWS's", Name{Account: awsAccount, Path: "/"}, true},
		{"AWS's for any role of a service", Name{Account: awsAccount, Path: "/service-role/"}, true},
		{"AWS's for the roles that services make", Name{Account: awsAccount, Path: "/aws-service-role/"}, false},
		{"our own on such a path", Name{Account: "123456789012", Path: "/aws-service-role/"}, true},
	} {
		p := ManagedPolicy{Name: tt.of}
		if got := p.attachable(); got != tt.want {
			t.Errorf("%s: attachable %v, want %v", tt.name, got, tt.want)
		}
	}
}
