package gate

import (
	"io"
	"net/http"
	"strings"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/wire"
	"rolecall.dev/rolecall/sigv4"
)

// name finds the operation and decodes the input, once: what is authorized and
// what runs is this value. An operation without a row is not built.
func (s *Server) name(w http.ResponseWriter, req *Request) error {
	if req.Service.Model == nil {
		return s.nameS3(w, req)
	}
	operation, err := s.operationName(req)
	if err != nil {
		return err
	}
	req.Operation = clip(operation)
	op, ok := req.Service.Model.Operation(operation)
	if !ok {
		return noSuchOperation(req, operation)
	}
	req.model = op
	if err := s.findRow(req); err != nil {
		return err
	}
	in := op.New()
	if req.Service.Model.Protocol == wire.JSON11 {
		err = wire.DecodeJSON(req.body, in)
	} else {
		err = req.form.Decode(in)
	}
	if err != nil {
		return err
	}
	req.Input = in
	return nil
}

func (s *Server) findRow(req *Request) error {
	req.row = s.rows[rowKey{req.Service.Name, req.Operation}]
	if req.row == nil {
		return apierr.NotImplemented.New("The operation %s is not implemented.", req.Operation)
	}
	return nil
}

// operationName reads which operation a query or JSON request is for. The form
// is kept for decoding.
func (s *Server) operationName(req *Request) (string, error) {
	r, m := req.HTTP, req.Service.Model
	if m.Protocol == wire.JSON11 {
		target, operation, ok := wire.SplitTarget(r.Header.Get("X-Amz-Target"))
		if !ok || target != m.Target || r.Method != http.MethodPost {
			return "", apierr.UnknownOperationException.New("")
		}
		return operation, nil
	}
	if req.form == nil {
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			return "", apierr.InvalidAction.New("The method %s is not valid for this endpoint.", clip(r.Method))
		}
		if strings.Trim(r.URL.Path, "/") != "" {
			return "", apierr.InvalidAction.New("The path is not valid for this endpoint.")
		}
		form, err := wire.ParseForm(r.URL.RawQuery, string(req.body))
		if err != nil {
			return "", err
		}
		req.form = form
	}
	action, ok := req.form.Get("Action")
	if !ok || action == "" {
		return "", apierr.MissingAction.New("The request is missing an action or a required parameter.")
	}
	if version, _ := req.form.Get("Version"); version != m.Version {
		return "", noSuchOperation(req, action)
	}
	return action, nil
}

func noSuchOperation(req *Request, name string) error {
	if req.Service.Model.Protocol == wire.JSON11 {
		return apierr.UnknownOperationException.New("")
	}
	version, ok := req.form.Get("Version")
	if !ok {
		version = "NO_VERSION_SPECIFIED"
	}
	return apierr.InvalidAction.New("Could not find operation %s for version %s", clip(name), clip(version))
}

// nameS3 lets the service name the request, and puts the reader that checks
// the body against its signature in front of it. The body itself is not read.
func (s *Server) nameS3(w http.ResponseWriter, req *Request) error {
	operation, in, err := req.Service.Namer.Name(req.HTTP)
	req.Operation, req.Input = operation, in
	if err != nil {
		return err
	}
	if err := s.findRow(req); err != nil {
		return err
	}
	body, err := s.bodyOf(w, req)
	if err != nil {
		return s.authError(req, err)
	}
	req.Body = body
	return nil
}

func (s *Server) bodyOf(w http.ResponseWriter, req *Request) (*sigv4.Body, error) {
	var src io.Reader = http.NoBody
	if req.HTTP.Body != http.NoBody {
		src = newStreamed(w, req)
	}
	if req.Signature != nil {
		return req.Signature.Body(src)
	}
	if strings.HasPrefix(req.HTTP.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return nil, apierr.InvalidRequest.New("A chunked body needs a signature.")
	}
	return sigv4.UnsignedBody(req.HTTP, src)
}
