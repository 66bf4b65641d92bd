package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"strconv"
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
	header, chosen := w.Header(), c.plain
	header.Add("Vary", "Accept-Encoding")
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		chosen = c.compressed
		header.Set("Content-Encoding", "gzip")
		// http.ServeContent leaves the length out when there is a content
		// encoding, because it cannot know that the body is already encoded.
		header.Set("Content-Length", strconv.Itoa(len(chosen.body)))
	}
	header.Set("Content-Type", c.mediaType)
	header.Set("ETag", chosen.tag)
	header.Set("Cache-Control", "no-cache") // caches may store it, but must revalidate
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(chosen.body))
}

// acceptsGzip reports whether the values of an Accept-Encoding header ask for
// compression.
func acceptsGzip(values []string) bool {
	accepted := parseQualities(values)
	quality, named := accepted["gzip"]
	if !named {
		quality = accepted["*"]
	}
	return quality > 0 && quality >= accepted["identity"]
}

// parseQualities parses the values of an Accept or Accept-Encoding header into
// the quality of each element, from 0 to 1. Malformed elements are ignored.
func parseQualities(values []string) map[string]float64 {
	qualities := make(map[string]float64)
	for element := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, parameters, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		quality := 1.0
		if text, given := parameters["q"]; given {
			if quality, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		qualities[name] = quality
	}
	return qualities
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
