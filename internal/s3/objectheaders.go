package s3

import (
	"encoding/base64"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
)

// maxMetadata is the size of all names and values of a user's metadata together,
// and again that of the headers which are kept with an object:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
const maxMetadata = 2 << 10

// checkHeaders checks the headers of an object that is to be written.
func (in *Input) checkHeaders() error {
	user, system := 0, 0
	for name, values := range in.Header {
		meta, ok := strings.CutPrefix(name, "X-Amz-Meta-")
		for _, v := range values {
			switch {
			case ok:
				user += len(meta) + len(v)
			case keptWith(name):
				system += len(name) + len(v)
			}
		}
	}
	if user > maxMetadata || system > maxMetadata {
		return apierr.MetadataTooLarge.New("Your metadata headers exceed the maximum allowed metadata size")
	}
	if !storageClass(in.Header.Get("X-Amz-Storage-Class")) {
		return apierr.InvalidStorageClass.New("The storage class you specified is not valid")
	}
	if to := in.Header.Get("X-Amz-Website-Redirect-Location"); to != "" && !redirects(to) {
		return apierr.InvalidRedirectLocation.New("The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
	}
	return in.checkMD5()
}

// storageClass reports whether an object can ask for a class; "" is the default.
func storageClass(name string) bool {
	switch name {
	case "", "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR", "DEEP_ARCHIVE":
		return true
	}
	return false
}

func redirects(to string) bool {
	return strings.HasPrefix(to, "/") || strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://")
}

// keptWith reports whether a header is kept with an object and given back.
func keptWith(name string) bool {
	switch name {
	case "Content-Type", "Content-Encoding", "Content-Disposition", "Content-Language", "Cache-Control", "Expires",
		"X-Amz-Website-Redirect-Location":
		return true
	}
	return false
}

func (in *Input) checkMD5() error {
	values, ok := in.Header["Content-Md5"]
	if !ok {
		return nil
	}
	if sum, err := base64.StdEncoding.DecodeString(values[0]); err != nil || len(sum) != 16 {
		return apierr.InvalidDigest.New("The Content-MD5 you specified was invalid.")
	}
	return nil
}
