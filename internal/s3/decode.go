package s3

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"rolecall.dev/rolecall/internal/apierr"
)

const (
	// maxDocument bounds a document of a request: 1,000 keys of 1,024 bytes, or
	// 10,000 parts with a checksum, fit.
	maxDocument = 2 << 20
	// maxDepth is more than any document of S3 nests.
	maxDepth = 8
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

// scanDocument checks the form of raw before any of it is believed.
func scanDocument(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	depth, roots := 0, 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			if depth++; depth > maxDepth || roots > 1 {
				return errors.New("nested too deep, or more than one root")
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("a document type is not allowed")
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text outside the root")
			}
		}
	}
	if depth != 0 || roots != 1 {
		return errors.New("not one complete element")
	}
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
