package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"time"
)

// content is something that is served and never changes.
type content struct {
	mediaType  string
	plain      encoded
	compressed encoded
}

// encoded is content as it is sent. Each encoding has an entity tag of its
// own, since a strong one stands for the bytes.
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

// ServeHTTP answers one GET or HEAD, conditional requests and ranges included.
func (c content) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header, chosen := w.Header(), c.plain
	header.Add("Vary", "Accept-Encoding")
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		chosen = c.compressed
		header.Set("Content-Encoding", "gzip")
		// http.ServeContent does not know that the length is that of what is
		// sent, and leaves it out.
		header.Set("Content-Length", strconv.Itoa(len(chosen.body)))
	}
	header.Set("Content-Type", c.mediaType)
	header.Set("ETag", chosen.tag)
	header.Set("Cache-Control", "no-cache") // keep it, but ask whether it is still good
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(chosen.body))
}

// compress cannot fail: neither writing to memory nor the level of compression
// can.
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
