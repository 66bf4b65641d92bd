package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"
)

// content is an immutable resource.
type content struct {
	mediaType  string
	plain      encoded
	compressed encoded
}

// encoded is content as it is sent. Each encoding has its own entity tag,
// because a strong one identifies the bytes.
type encoded struct {
	body []byte
	tag  string
}

func newContent(mediaType string, body []byte) content {
	return content{mediaType, newEncoded(body), newEncoded(compress(body))}
}

func newEncoded(body []byte) encoded {
	hash := sha256.Sum256(body)
	return encoded{body, `"` + base64.RawURLEncoding.EncodeToString(hash[:]) + `"`}
}

// ServeHTTP responds to a GET or HEAD, including conditional requests and ranges.
func (c content) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	chosen, compressed := c.plain, acceptsGzip(r.Header.Values("Accept-Encoding"))
	if compressed {
		chosen, w = c.compressed, gzipWriter{w}
	}
	header := w.Header()
	header.Add("Vary", "Accept-Encoding")
	header.Set("Content-Type", c.mediaType)
	header.Set("ETag", chosen.tag)
	header.Set("Cache-Control", "no-cache") // caches may store it, but must revalidate
	http.ServeContent(w, supported(r, compressed), "", time.Time{}, bytes.NewReader(chosen.body))
}

// gzipWriter announces the content coding of a body that is compressed already.
// Announced earlier, it would stay in errors, and [http.ServeContent] would not
// announce the length.
type gzipWriter struct{ http.ResponseWriter }

func (w gzipWriter) WriteHeader(status int) {
	if status == http.StatusOK || status == http.StatusPartialContent {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.ResponseWriter.WriteHeader(status)
}

// supported returns a copy of the request that [http.ServeContent] understands as
// RFC 9110 does. It would read only the first line of a list, apply ranges to
// HEAD, and reject units that it does not know. Of compressed content it would
// send several ranges as one compressed body, which they are not, so these are
// ignored, as a server may (section 14.2).
func supported(r *http.Request, compressed bool) *http.Request {
	r = r.Clone(r.Context())
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if values := r.Header.Values(name); len(values) > 1 {
			r.Header.Set(name, strings.Join(values, ", "))
		}
	}
	ranges := r.Header.Get("Range")
	if r.Method != http.MethodGet || !strings.HasPrefix(ranges, "bytes=") || compressed && strings.Contains(ranges, ",") {
		r.Header.Del("Range")
	}
	return r
}

// compress cannot fail: the level is valid, and writing to a buffer always
// succeeds.
func compress(body []byte) []byte {
	var compressed bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	_, _ = writer.Write(body)
	_ = writer.Close()
	return compressed.Bytes()
}

func decompress(compressed []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
