package s3

import (
	"net/netip"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
)

// CheckBucket refuses what cannot be the name of a bucket, with
// InvalidBucketName. The rules are those of general purpose buckets:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func CheckBucket(name string) error {
	if validBucket(name) {
		return nil
	}
	err := apierr.InvalidBucketName.New("The specified bucket is not valid.")
	if len(name) <= maxSegment && printable(name) {
		err = err.With("BucketName", name)
	}
	return err
}

// CheckNewBucket is CheckBucket for a bucket that is to be made: names that
// this server answers itself are refused too.
func CheckNewBucket(name string) error {
	if name == "readyz" || name == "healthz" {
		return apierr.InvalidBucketName.New("The name %s is taken by this server.", name).With("BucketName", name)
	}
	return CheckBucket(name)
}

func validBucket(name string) bool {
	if len(name) < 3 || len(name) > 63 || !alphanumeric(name[0]) || !alphanumeric(name[len(name)-1]) {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !alphanumeric(c) && c != '-' && c != '.' {
			return false
		}
	}
	if strings.Contains(name, "..") {
		return false
	}
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	_, err := netip.ParseAddr(name)
	return err != nil
}

func alphanumeric(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
