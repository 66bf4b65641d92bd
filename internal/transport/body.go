package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"sync"
)

// buffers are reused once the body in them is decoded.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Buffer returns an empty buffer for a body, which may be passed to Release.
func Buffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

// Release allows a buffer to be reused; its content is invalid then. Without Release,
// the garbage collector frees it. A nil buffer is ignored.
func Release(buffer *bytes.Buffer) {
	const maxKept = 1 << 20 // the size of the largest buffer that is reused
	if buffer != nil && buffer.Cap() <= maxKept {
		buffer.Reset()
		buffers.Put(buffer)
	}
}

// maxAnnounced limits the memory that is allocated for a body before it
// arrives: Content-Length can be wrong.
const maxAnnounced = 512 << 10

// ErrTooLarge is the cause of the error for a body over its limit.
var ErrTooLarge = errors.New("body too large")

// ReadBody reads a body into an empty buffer, up to the limit.
func ReadBody(buffer *bytes.Buffer, response *http.Response, limit int64) error {
	limit = min(limit, math.MaxInt64-1)
	if length := min(response.ContentLength, limit, maxAnnounced); length > 0 {
		buffer.Grow(int(length) + bytes.MinRead) // ReadFrom needs room to find the end
	}
	_, err := buffer.ReadFrom(io.LimitReader(response.Body, limit+1))
	if int64(buffer.Len()) > limit {
		buffer.Truncate(int(limit))
		return ErrTooLarge
	}
	return err
}

// IsCutShort reports whether the body is the beginning of a JSON document, where
// only the end of the connection marks its end: net/http takes an incomplete body
// for a complete one then.
func IsCutShort(response *http.Response, body []byte) bool {
	if !response.Close || response.ContentLength >= 0 || len(response.TransferEncoding) > 0 || response.Uncompressed {
		return false
	}
	err := json.NewDecoder(bytes.NewReader(body)).Decode(new(json.RawMessage))
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
