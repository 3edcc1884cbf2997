package s3

import (
	"bytes"
	"context"
	"encoding/xml"
	"net/http"

	"rolecall.dev/rolecall/internal/gate"
)

// uploadOperations are those of uploads in parts. Permissions are those of
// "Multipart upload API and permissions" in the S3 User Guide.
func (s *Service) uploadOperations() []operation {
	return []operation{
		{name: "CreateMultipartUpload", checks: s.checkWrite, run: s.createUpload, access: changes},
		{name: "UploadPart", action: "s3:PutObject", run: s.uploadPart, takesBody: true, access: changes},
		{name: "UploadPartCopy", checks: s.checkCopy, run: s.copyObject, access: changes},
		{name: "CompleteMultipartUpload", action: "s3:PutObject", run: s.completeUpload, takesBody: true, access: changes},
		{name: "AbortMultipartUpload", action: "s3:AbortMultipartUpload", run: s.abortUpload, access: frees},
		{name: "ListParts", action: "s3:ListMultipartUploadParts", run: s.listParts},
		{name: "ListMultipartUploads", action: "s3:ListBucketMultipartUploads", run: s.listUploads},
	}
}

func (s *Service) createUpload(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	if err := s.Upstream.Keys.CheckPut(in.Key, 1); err != nil {
		return nil, err
	}
	if err := in.checkHeaders(); err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Header: in.Header})
	if err != nil {
		return nil, err
	}
	var result initiateResult
	if err := decodeAnswer(a, &result); err != nil {
		return nil, err
	}
	result.Bucket, result.Key = in.Bucket, in.Key
	return documentAnswer(result, a.Header)
}

func (s *Service) uploadPart(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	size, err := sizeOf(r)
	if err != nil {
		return nil, err
	}
	if err := in.checkMD5(); err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Header: in.Header, Body: r.Body, Length: size, Trailer: in.trailer(r.Body), Last: s.stillThere(in)})
	if err != nil {
		return nil, err
	}
	return headersOf(a), nil
}

// completeUpload sends on the list of parts as it was understood.
func (s *Service) completeUpload(ctx context.Context, r *gate.Request, in *Input) (*gate.Stream, error) {
	var parts completeBody
	if err := decodeDocument(r.Body, &parts); err != nil {
		return nil, err
	}
	body, err := xml.Marshal(parts.request())
	if err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target, Header: in.Header, Body: bytes.NewReader(body), Length: int64(len(body))})
	if err != nil {
		return nil, err
	}
	var result completeResult
	if err := decodeAnswer(a, &result); err != nil {
		return nil, err
	}
	result.Bucket, result.Key, result.Location = in.Bucket, in.Key, location(r)
	return documentAnswer(result, a.Header)
}

// location is the URL of the object that a request names, as this client
// reached it.
func location(r *gate.Request) string {
	scheme := "http://"
	if r.Secure {
		scheme = "https://"
	}
	return scheme + r.HTTP.Host + escapePath(r.HTTP.URL.Path)
}

func (s *Service) abortUpload(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target})
	if err != nil {
		return nil, err
	}
	return empty(http.StatusNoContent, nil), a.Body.Close()
}

func (s *Service) listParts(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	for _, name := range []string{"max-parts", "part-number-marker"} {
		if _, err := in.Query.number(name, 0, maxKeys); err != nil {
			return nil, err
		}
	}
	a, err := s.Upstream.Do(ctx, Call{Target: in.Target})
	if err != nil {
		return nil, err
	}
	var result listPartsResult
	if err := decodeAnswer(a, &result); err != nil {
		return nil, err
	}
	result.Bucket, result.Key, result.UploadID, result.EncodingType = in.Bucket, in.Key, in.Query.Get("uploadId"), ""
	result.Owner = ownerOf(in.bucket.Owner)
	result.Initiator = result.Owner
	if in.Query.isZero("max-parts") {
		result.Parts, result.NextPartNumberMarker, result.IsTruncated = nil, 0, false
	}
	return documentAnswer(result, nil)
}

func (s *Service) listUploads(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	query, err := in.listQuery("max-uploads")
	if err != nil {
		return nil, err
	}
	a, err := s.Upstream.Do(ctx, Call{Target: Target{Operation: in.Operation, Bucket: in.Bucket, Query: query}})
	if err != nil {
		return nil, err
	}
	var l listUploadsResult
	if err := decodeAnswer(a, &l); err != nil {
		return nil, err
	}
	if l.EncodingType == "url" {
		if err := l.eachKey(decodeKey); err != nil {
			return nil, err
		}
	}
	l.Bucket, l.Prefix, l.Delimiter = in.Bucket, in.Query.Get("prefix"), in.Query.Get("delimiter")
	l.KeyMarker, l.UploadIDMarker = in.Query.Get("key-marker"), in.Query.Get("upload-id-marker")
	if in.Query.isZero("max-uploads") {
		l.Uploads, l.CommonPrefixes, l.NextKeyMarker, l.NextUploadIDMarker, l.IsTruncated = nil, nil, "", "", false
	}
	l.setOwner(ownerOf(in.bucket.Owner))
	if l.EncodingType = in.Query.Get("encoding-type"); l.EncodingType == "url" {
		if err := l.eachKey(encodeKey); err != nil {
			return nil, err
		}
	}
	return documentAnswer(l, nil)
}

// eachKey applies f to all that encoding-type is about.
func (r *listUploadsResult) eachKey(f func(*string) error) error {
	keys := []*string{&r.KeyMarker, &r.NextKeyMarker, &r.Prefix, &r.Delimiter}
	for i := range r.Uploads {
		keys = append(keys, &r.Uploads[i].Key)
	}
	for i := range r.CommonPrefixes {
		keys = append(keys, &r.CommonPrefixes[i].Prefix)
	}
	return each(keys, f)
}
