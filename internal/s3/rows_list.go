package s3

import (
	"context"
	"net/url"
	"strconv"

	"rolecall.dev/rolecall/internal/apierr"
	"rolecall.dev/rolecall/internal/gate"
)

func (s *Service) listOperations() []operation {
	return []operation{
		{name: "ListObjects", action: "s3:ListBucket", run: s.listObjects},
		{name: "ListObjectsV2", action: "s3:ListBucket", run: s.listObjects},
	}
}

const maxKeys = 1000

// listQuery is the query that is sent upstream: limited, and asking for
// url-encoded keys, since XML cannot carry every key that a store may hold.
func (in *Input) listQuery(limitName string) (Query, error) {
	limit, err := in.Query.number(limitName, maxKeys, maxKeys)
	if err != nil {
		return nil, err
	}
	switch in.Query.Get("encoding-type") {
	case "", "url":
	default:
		return nil, invalidParam("encoding-type", "Invalid Encoding Method specified in Request")
	}
	q := Query{{"encoding-type", "url"}, {limitName, strconv.Itoa(limit)}}
	for _, p := range in.Query {
		if p.Name != "encoding-type" && p.Name != limitName {
			q = append(q, p)
		}
	}
	return q, nil
}

// listObjects serves both versions of the listing. What the client asked for is
// repeated from the request, not from the upstream's answer.
func (s *Service) listObjects(ctx context.Context, _ *gate.Request, in *Input) (*gate.Stream, error) {
	query, err := in.listQuery("max-keys")
	if err != nil {
		return nil, err
	}
	if query.Has("continuation-token") && query.Get("continuation-token") == "" {
		return nil, invalidParam("continuation-token", "The continuation token provided is incorrect")
	}
	l := listObjectsResult{}
	if s.Upstream.Keys.hides(in.Query.Get("prefix")) {
		l.MaxKeys, _ = strconv.Atoi(query.Get("max-keys")) // listQuery wrote it
	} else if err := s.list(ctx, Target{Operation: in.Operation, Bucket: in.Bucket, Query: query}, &l); err != nil {
		return nil, err
	}
	l.Name, l.Prefix, l.Delimiter = in.Bucket, in.Query.Get("prefix"), in.Query.Get("delimiter")
	if in.Operation == "ListObjectsV2" {
		l.version2(in)
	} else {
		l.version1(in)
	}
	if l.EncodingType = in.Query.Get("encoding-type"); l.EncodingType == "url" {
		if err := l.eachKey(encodeKey); err != nil {
			return nil, err
		}
	}
	return documentAnswer(l, nil)
}

// list fills l with the upstream's answer, its keys decoded.
func (s *Service) list(ctx context.Context, t Target, l *listObjectsResult) error {
	a, err := s.Upstream.Do(ctx, Call{Target: t})
	if err != nil {
		return err
	}
	if err := decodeAnswer(a, l); err != nil {
		return err
	}
	return l.decodeKeys()
}

func (l *listObjectsResult) version2(in *Input) {
	count := len(l.Contents) + len(l.CommonPrefixes)
	l.KeyCount, l.Marker, l.NextMarker = &count, nil, ""
	l.StartAfter, l.Continuation = in.Query.Get("start-after"), in.Query.Get("continuation-token")
	if in.Query.Get("fetch-owner") == "true" {
		l.setOwner(ownerOf(in.bucket.Owner))
	} else {
		l.setOwner(nil)
	}
}

func (l *listObjectsResult) version1(in *Input) {
	marker := in.Query.Get("marker")
	l.KeyCount, l.Marker, l.StartAfter, l.Continuation, l.Next = nil, &marker, "", "", ""
	if l.Delimiter == "" {
		l.NextMarker = "" // the last key serves: API_ListObjects
	}
	l.setOwner(ownerOf(in.bucket.Owner))
}

// decodeKeys undoes the upstream's url encoding, if it did as it was asked.
func (l *listObjectsResult) decodeKeys() error {
	if l.EncodingType != "url" {
		return nil
	}
	return l.eachKey(decodeKey)
}

func decodeKey(key *string) error {
	decoded, err := url.QueryUnescape(*key)
	if err != nil {
		return apierr.UpstreamFailure.Wrap(err, "We encountered an internal error. Please try again.")
	}
	*key = decoded
	return nil
}

func encodeKey(key *string) error {
	*key = escapePath(*key)
	return nil
}

// eachKey applies f to all that encoding-type is about.
func (l *listObjectsResult) eachKey(f func(*string) error) error {
	keys := []*string{&l.Prefix, &l.Delimiter, &l.StartAfter, &l.NextMarker}
	if l.Marker != nil {
		keys = append(keys, l.Marker)
	}
	for i := range l.Contents {
		keys = append(keys, &l.Contents[i].Key)
	}
	for i := range l.CommonPrefixes {
		keys = append(keys, &l.CommonPrefixes[i].Prefix)
	}
	return each(keys, f)
}

func each(keys []*string, f func(*string) error) error {
	for _, key := range keys {
		if err := f(key); err != nil {
			return err
		}
	}
	return nil
}
