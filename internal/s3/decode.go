package s3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"

	"rolecall.dev/rolecall/internal/apierr"
)

const (
	// maxDocument bounds a document of a request: 1,000 keys of 1,024 bytes, or
	// 10,000 parts with a checksum, fit.
	maxDocument = 2 << 20
	// maxDepth is more than any document of S3 nests.
	maxDepth = 8
	// maxNames is more than any element of S3's has different ones in it.
	maxNames = 16
	// maxListing bounds what is read of an upstream's answer.
	maxListing = 32 << 20
)

// document is a request body that can say what is wrong with it beyond its form.
type document interface {
	// check returns the first fault; extra is what the decoder did not know.
	check() error
}

// extra collects elements that a document does not have. S3 validates against
// its schema, so they are an error, and never something that is skipped.
type extra []struct{ XMLName xml.Name }

func (e extra) check() error {
	if len(e) > 0 {
		return malformedXML(fmt.Errorf("unexpected element %.40q", e[0].XMLName.Local))
	}
	return nil
}

// decodeDocument reads a request body into v: at most maxDocument bytes, one
// root element with v's name and nothing after it, no document type, no
// entities beyond XML's five, nothing nested deeper than maxDepth. An empty
// body is a MalformedXML too.
func decodeDocument(body io.Reader, v document) error {
	raw, err := readDocument(body)
	if err != nil {
		return err
	}
	return parseDocument(raw, v)
}

// readDocument reads a body of at most maxDocument bytes to its end, where its
// signature is checked.
func readDocument(body io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(body, maxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxDocument {
		return nil, apierr.MaxMessageLengthExceeded.New("Your request was too large.")
	}
	return raw, nil
}

func parseDocument(raw []byte, v document) error {
	if err := scanDocument(raw); err != nil {
		return malformedXML(err)
	}
	if err := xml.Unmarshal(raw, v); err != nil {
		return malformedXML(err)
	}
	return v.check()
}

// holds reports whether an element of a request holds others. Every other holds
// text alone.
func holds(name string) bool {
	switch name {
	case "Delete", "Object", "CompleteMultipartUpload", "Part", "Tagging", "TagSet", "Tag", "CreateBucketConfiguration", "Tags":
		return true
	}
	return false
}

// repeats reports whether an element may stand in another more than once.
func repeats(name string) bool { return name == "Object" || name == "Part" || name == "Tag" }

// opened is an element that has begun, with the names in it that may not come again.
type opened struct {
	name string
	seen []string
}

// scanner checks the form of a document before any of it is believed. What
// encoding/xml reads of an element that is none of the schema's (text of
// <Key>a<b>c</b></Key>, the last of two keys) is not what others read.
type scanner struct {
	open  []opened
	roots int
}

func scanDocument(raw []byte) error {
	d, s := xml.NewDecoder(bytes.NewReader(raw)), scanner{}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = s.take(token)
		}
		if err != nil {
			return err
		}
	}
	if len(s.open) != 0 || s.roots != 1 {
		return errors.New("not one complete element")
	}
	return nil
}

func (s *scanner) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return s.begin(t.Name.Local)
	case xml.EndElement:
		if len(s.open) == 0 {
			return errors.New("the end of nothing")
		}
		s.open = s.open[:len(s.open)-1]
	case xml.Directive:
		return errors.New("a document type is not allowed")
	case xml.CharData:
		if (len(s.open) == 0 || holds(s.open[len(s.open)-1].name)) && len(bytes.TrimSpace(t)) > 0 {
			return errors.New("text outside of the elements that have it")
		}
	}
	return nil
}

func (s *scanner) begin(name string) error {
	if len(s.open) == 0 {
		s.roots++
	} else if err := s.open[len(s.open)-1].begin(name); err != nil {
		return err
	}
	s.open = append(s.open, opened{name: name})
	if len(s.open) > maxDepth {
		return errors.New("nested too deep")
	}
	return nil
}

func (o *opened) begin(name string) error {
	switch {
	case !holds(o.name):
		return fmt.Errorf("an element within %.40q, which holds text", o.name)
	case repeats(name):
		return nil
	case slices.Contains(o.seen, name) || len(o.seen) == maxNames:
		return fmt.Errorf("%.40q stands more than once, or there is too much beside it", name)
	}
	o.seen = append(o.seen, name)
	return nil
}

func malformedXML(cause error) error {
	return apierr.MalformedXML.Wrap(cause, "The XML you provided was not well-formed or did not validate against our published schema")
}

// decodeAnswer reads an upstream's listing or result into v.
func decodeAnswer(a *Answer, v any) error {
	defer a.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(a.Body, maxListing))
	if err == nil {
		err = xml.Unmarshal(raw, v)
	}
	if err != nil {
		return apierr.UpstreamFailure.Wrap(fmt.Errorf("the object store's answer cannot be read: %w", err), "We encountered an internal error. Please try again.")
	}
	return nil
}
